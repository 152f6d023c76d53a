package document

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// isPair reports whether a parameter is a name and a value, joined by a dot.
func isPair(p *openapi3.Parameter) bool {
	pairs, _ := p.Extensions[extPairs].(bool)
	return pairs
}

// memberName returns the name of a pair sent as a member of an object: full_name of sort[full_name].
func memberName(p *openapi3.Parameter, name string) (string, bool) {
	key, opened := strings.CutPrefix(name, p.Name+"[")
	key, closed := strings.CutSuffix(key, "]")
	return key, opened && closed && isPair(p)
}

// pairValues returns the values of a parameter, sent under a name, as its schema has them. Pairs become name.value,
// whether they came so, as members of an object, or as its JSON.
func pairValues(p *openapi3.Parameter, name string, values []string) []string {
	if !isPair(p) {
		return values
	}
	key, isMember := memberName(p, name)
	var pairs []string
	for _, value := range values {
		switch {
		case isMember:
			pairs = append(pairs, key+"."+value)
		case strings.HasPrefix(strings.TrimSpace(value), "{"):
			pairs = append(pairs, pairMembers(value)...)
		default:
			pairs = append(pairs, value)
		}
	}
	return pairs
}

// pairMembers returns the members of a JSON object of texts as pairs, in their order, repeated names included. Anything
// else is returned unchanged: no schema of pairs accepts it.
func pairMembers(text string) []string {
	v, err := jsonscan.Parse([]byte(text), 1, jsonscan.Loose)
	if err != nil || len(v.Members) == 0 {
		return []string{text}
	}
	var pairs []string
	for _, m := range v.Members {
		if m.Value.Kind != jsonscan.String && m.Value.Kind != jsonscan.Null {
			return []string{text}
		}
		pairs = append(pairs, m.Name+"."+m.Value.Text)
	}
	return pairs
}
