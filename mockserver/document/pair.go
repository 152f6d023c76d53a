package document

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// isPair reports whether a parameter is a name and a value, joined by a dot.
func isPair(p *openapi3.Parameter) bool {
	pairs, _ := p.Extensions[extPairs].(bool)
	return pairs
}

// member returns the name of a pair that is sent as a member of an object: full_name of sort[full_name].
func member(p *openapi3.Parameter, name string) (string, bool) {
	key, opened := strings.CutPrefix(name, p.Name+"[")
	key, closed := strings.CutSuffix(key, "]")
	return key, opened && closed && isPair(p)
}

// paired returns the values of a parameter, sent under a name, as its schema has them. Pairs become name.value, whether
// they came so, as members of an object, or as its JSON.
func paired(p *openapi3.Parameter, name string, values []string) []string {
	if !isPair(p) {
		return values
	}
	key, isMember := member(p, name)
	var pairs []string
	for _, value := range values {
		switch {
		case isMember:
			pairs = append(pairs, key+"."+value)
		case strings.HasPrefix(strings.TrimSpace(value), "{"):
			pairs = append(pairs, pairsOf(value)...)
		default:
			pairs = append(pairs, value)
		}
	}
	return pairs
}

// pairsOf returns the members of a JSON object of texts as pairs, in their order, repeated names included. Anything else
// is returned unchanged: no schema of pairs accepts it.
func pairsOf(text string) []string {
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		return []string{text}
	}
	var pairs []string
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return []string{text}
		}
		var value string
		if d.Decode(&value) != nil {
			return []string{text}
		}
		key, _ := name.(string)
		pairs = append(pairs, key+"."+value)
	}
	if _, err := d.Token(); err != nil || len(pairs) == 0 || strings.TrimSpace(text[d.InputOffset():]) != "" {
		return []string{text}
	}
	return pairs
}
