package document

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Query returns the declared parameters of a raw query, its undeclared names, and all its violations of the document.
// An array parameter has all its values, in whichever form they came: as a list with commas, as name[]=, or by
// repeating the name. A pair, such as sort=full_name.asc, may have come as an object.
func (o *Operation) Query(raw string) (url.Values, []*Unknown, Violations) {
	if raw == "" && !o.needsQuery {
		return nil, nil, nil
	}
	query := url.Values{}
	sent, err := url.ParseQuery(raw)
	if err != nil && len(o.query) > 0 {
		return query, nil, Violations{{Field: "the query", Rule: "is not well encoded: write % as %25 and ; as %3B"}}
	}
	var unknown []*Unknown
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if p, ok := o.findParameter(name); ok {
			query[p.Name] = append(query[p.Name], pairValues(p, name, sent[name])...)
		} else {
			unknown = append(unknown, o.newUnknown(name, len(unknown) < maxExplained))
		}
	}
	var broken Violations
	for _, p := range o.query {
		if v := o.checkParameter(p, query); v != nil {
			broken = append(broken, v)
		}
	}
	return query, unknown, broken
}

// arrayElement is how clients write a value of an array: type[] or type[0].
var arrayElement = regexp.MustCompile(`\[[0-9]{0,4}\]$`)

// findParameter returns the parameter for a name of a query.
func (o *Operation) findParameter(name string) (*openapi3.Parameter, bool) {
	within := arrayElement.ReplaceAllString(name, "")
	for _, p := range o.query {
		if p.Name == name || p.Name == within && p.Schema.Value.Type.Is(openapi3.TypeArray) {
			return p, true
		}
		if _, ok := memberName(p, name); ok {
			return p, true
		}
	}
	return nil, false
}

// maxExplained is how many unknown parameters of a query are compared with the declared ones.
const maxExplained = 100

// newUnknown returns an undeclared parameter of a query. Only an operation with a closed query may refuse it: there a
// mistyped filter would find every user.
func (o *Operation) newUnknown(name string, explained bool) *Unknown {
	u := &Unknown{Name: name, Open: !o.closed, Refused: &Violation{Field: name,
		Rule: "is not a parameter of this request"}}
	if !LooksLikeName(name) { // it may be a value without its name
		u.Refused = &Violation{Field: "the query", Rule: "has a parameter with an invalid name"}
	}
	if explained {
		o.explain(u)
	}
	return u
}

// explain completes an unknown parameter with the nearest declared one, if it is probably a typo. For an array form
// of a declared parameter the guess is certain.
func (o *Operation) explain(u *Unknown) {
	known, within := make([]string, 0, len(o.query)), arrayElement.ReplaceAllString(u.Name, "")
	for _, p := range o.query {
		if p.Name == within {
			u.Near, u.Typo = within, true
			u.Refused = &Violation{Field: within, Rule: "must be one value, not a list"}
			return
		}
		known = append(known, p.Name)
	}
	u.suggestName(known, known, o.names)
}

// checkParameter validates a parameter's values against the document, one by one for an array.
func (o *Operation) checkParameter(p *openapi3.Parameter, query url.Values) *Violation {
	values, sent := query[p.Name]
	if !sent {
		if p.Required {
			return &Violation{Field: p.Name, Rule: ruleRequired}
		}
		return nil
	}
	schema := p.Schema.Value
	if schema.Type.Is(openapi3.TypeArray) {
		values = splitLists(values)
		if most := schema.MaxItems; most != nil && uint64(len(values)) > *most {
			return &Violation{Field: p.Name, Rule: fmt.Sprintf("must have at most %d values", *most)}
		}
		query[p.Name], schema = values, schema.Items.Value
	} else if len(values) > 1 {
		if isPair(p) {
			return &Violation{Field: p.Name, Rule: "must be one name and one value, and has more"}
		}
		return &Violation{Field: p.Name, Rule: "is sent more than once"}
	}
	for _, value := range values {
		if v := o.checkText(schema, p.Name, value); v != nil {
			return v
		}
	}
	return nil
}

// splitLists takes lists with commas apart.
func splitLists(lists []string) []string {
	var values []string
	for _, list := range lists {
		for value := range strings.SplitSeq(list, ",") {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// checkText validates a value in text form against a schema.
func (o *Operation) checkText(schema *openapi3.Schema, name, said string) *Violation {
	if !utf8.ValidString(said) {
		return &Violation{Field: name, Rule: "is not valid UTF-8"}
	}
	if o.fast[schema].Text(said) {
		return nil
	}
	var value any = said
	if schema.Type.Is(openapi3.TypeInteger) {
		n, err := strconv.ParseInt(said, 10, 32)
		if err != nil {
			return &Violation{Field: name, Rule: cmp.Or(apispec.Text(schema.Extensions, extRule), "must be a whole number")}
		}
		value = float64(n)
	}
	if o.fast[schema].Value(value) {
		return nil
	}
	if err := schema.VisitJSON(value, formats()...); err != nil {
		return newViolation(err, name)
	}
	return nil
}
