package apispec

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// extAccepts lists the spellings that a value may have beside its schema's own type. The document explains them.
const extAccepts = "x-accepts"

// Canonical returns a JSON value in the types of its schema: it replaces each spelling of x-accepts, at any depth, and
// leaves out a field with a spelling for no value. It leaves everything else as it is, whether the schema allows it or
// not, and does not change the value that it gets.
func Canonical(schema *openapi3.Schema, value any) any {
	if spelled, ok := respelled(schema, value); ok {
		value = spelled
	}
	switch value := value.(type) {
	case map[string]any:
		return canonicalObject(schema, value)
	case []any:
		if schema.Items == nil {
			return value
		}
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = Canonical(schema.Items.Value, item)
		}
		return items
	}
	return value
}

func canonicalObject(schema *openapi3.Schema, value map[string]any) map[string]any {
	object, declared := maps.Clone(value), Properties(schema)
	for name, member := range value {
		property := declared[name]
		if property == nil {
			continue
		}
		if spelled, ok := respelled(property.Value, member); ok && spelled == nil {
			delete(object, name)
			continue
		}
		object[name] = Canonical(property.Value, member)
	}
	return object
}

// respelled returns a value spelled as x-accepts allows in the schema's type, nil for no value; false for any other.
func respelled(schema *openapi3.Schema, value any) (any, bool) {
	for _, part := range withParts(schema) {
		accepts, _ := part.Extensions[extAccepts].([]any)
		for _, entry := range accepts {
			words, _ := entry.(map[string]any)
			text, isText := value.(string)
			if plain, known := words[text]; known && isText {
				if number, is := numberOf(plain); is {
					plain = json.Number(strconv.FormatFloat(number, 'f', -1, 64))
				}
				return plain, true
			}
			if plain, ok := converted(fmt.Sprint(entry), part, value); ok {
				return plain, true
			}
		}
	}
	return nil, false
}

// wholeText is a whole number as text. Forms of claims write 1.0.
var wholeText = regexp.MustCompile(`^([0-9]{1,15})(\.0{1,2})?$`)

// converted turns a value of a kind of x-accepts into the type of a schema.
func converted(kind string, schema *openapi3.Schema, value any) (any, bool) {
	text, isText := value.(string)
	number, isNumber := numberOf(value)
	object, isObject := value.(map[string]any)
	switch {
	case kind == "null":
		return nil, value == nil
	case kind == "object" && isObject:
		id, _ := object["id"].(string)
		return id, true
	case kind == "comma list" && isText:
		return commaList(text), true
	case kind == "text" && isText && schema.Type.Is(openapi3.TypeBoolean):
		plain, known := map[string]bool{"0": false, "false": false, "1": true, "true": true}[text]
		return plain, known
	case kind == "text" && isText && wholeText.MatchString(text):
		n, err := strconv.ParseInt(wholeText.FindStringSubmatch(text)[1], 10, 64)
		return json.Number(strconv.FormatInt(n, 10)), err == nil
	case kind == "number" && isNumber && schema.Type.Is(openapi3.TypeBoolean):
		return number == 1, number == 0 || number == 1
	case kind == "number" && isNumber:
		return strconv.FormatFloat(number, 'f', -1, 64), true
	}
	return nil, false
}

// commaList returns the texts between the commas, without blanks around them and without empty ones. It reads a JSON
// list, too, for forms have one as text.
func commaList(text string) []any {
	items := []any{}
	if err := json.Unmarshal([]byte(text), &items); err == nil && items != nil {
		return items
	}
	items = []any{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func numberOf(value any) (float64, bool) {
	switch value := value.(type) {
	case json.Number:
		f, err := value.Float64()
		return f, err == nil && !math.IsInf(f, 0)
	case float64:
		return value, true
	}
	return 0, false
}
