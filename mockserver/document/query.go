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
)

// Query returns the declared parameters of a query as it was sent, or how they break the document. One that is an array
// has all its values, however they came: as a list with commas, as name[]=, or by the name again and again. One that is a
// pair, such as sort=full_name.asc, may have come as an object. A parameter that is not declared is left alone, unless
// the operation closes its query: there a mistyped filter would find everybody.
func (o *Operation) Query(raw string) (url.Values, error) {
	sent, err := url.ParseQuery(raw)
	if len(o.query) == 0 {
		return url.Values{}, nil
	}
	if err != nil {
		return nil, &Violation{Field: "the query", Rule: "is not well encoded"}
	}
	query := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		p, ok := o.parameter(name)
		if !ok {
			if o.closed {
				return nil, o.unknown(name)
			}
			continue
		}
		query[p.Name] = append(query[p.Name], paired(p, name, sent[name])...)
	}
	for _, p := range o.query {
		if err := take(p, query); err != nil {
			return nil, err
		}
	}
	return query, nil
}

// element is how clients write a value of an array: type[] or type[0].
var element = regexp.MustCompile(`\[[0-9]{0,4}\]$`)

// parameter returns the parameter that goes by a name of a query.
func (o *Operation) parameter(name string) (*openapi3.Parameter, bool) {
	within := element.ReplaceAllString(name, "")
	for _, p := range o.query {
		if p.Name == name || p.Name == within && p.Schema.Value.Type.Is(openapi3.TypeArray) {
			return p, true
		}
		if _, ok := member(p, name); ok {
			return p, true
		}
	}
	return nil, false
}

// unknown says that a query has a parameter that the operation does not know.
func (o *Operation) unknown(name string) error {
	if len(name) > maxName || !fieldName.MatchString(name) { // it may be a value whose name is missing
		return &Violation{Field: "the query", Rule: "has a parameter that has not the name of one"}
	}
	rule := "is not a parameter of this request"
	known := make([]string, 0, len(o.query))
	for _, p := range o.query {
		known = append(known, p.Name)
	}
	if near := nearest(name, known); near != "" {
		rule += fmt.Sprintf("; did you mean %s?", near)
	}
	return &Violation{Field: name, Rule: rule}
}

// take holds a parameter's values to the document, those of an array one by one.
func take(p *openapi3.Parameter, query url.Values) error {
	values, sent := query[p.Name]
	if !sent {
		if p.Required {
			return &Violation{Field: p.Name, Rule: "is required"}
		}
		return nil
	}
	schema := p.Schema.Value
	if schema.Type.Is(openapi3.TypeArray) {
		values = split(values)
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
		if err := checkText(schema, p.Name, value); err != nil {
			return err
		}
	}
	return nil
}

// split takes lists with commas apart.
func split(lists []string) []string {
	var values []string
	for _, list := range lists {
		for value := range strings.SplitSeq(list, ",") {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// checkText holds a value that came as text to a schema.
func checkText(schema *openapi3.Schema, name, said string) error {
	if !utf8.ValidString(said) {
		return &Violation{Field: name, Rule: "is not valid UTF-8"}
	}
	var value any = said
	if schema.Type.Is(openapi3.TypeInteger) {
		n, err := strconv.ParseInt(said, 10, 32)
		if err != nil {
			return &Violation{Field: name, Rule: cmp.Or(text(schema.Extensions, extRule), "must be a whole number")}
		}
		value = float64(n)
	}
	if err := schema.VisitJSON(value, formats()...); err != nil {
		return violation(err, name)
	}
	return nil
}
