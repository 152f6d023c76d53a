// Package fastcheck compiles schemas of an OpenAPI document into checkers. A checker either finds a value certainly
// valid, or it asks for kin-openapi. For every value of the second kind kin-openapi has the verdict and the words, so a
// checker needs to know only the keywords of our document: it asks at everything else.
package fastcheck

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/getkin/kin-openapi/openapi3"
)

// Checker is a compiled schema, safe for concurrent use. The zero value always asks. It accepts a value only if
// kin-openapi accepts it in the types that x-accepts leads to, and if the schema declares all of its fields.
type Checker struct {
	kind     kind
	nullable bool

	members  []member        // of an object, by name
	next     []atomic.Uint32 // the index of the member that last came after each member; the first one's comes first
	required uint64          // the members that must be sent, by their index
	needs    []string        // the names of the required fields
	other    *Checker        // of the fields without a member; nil: ask
	closed   bool            // the schema says that it has no other fields
	items    *Checker        // of a list
	least    int             // items of a list, or characters of a text
	most     int             // likewise
	words    []string        // the values of a text or of a boolean; nil for any
	matches  []matcher       // of a text
	low      float64         // limit of a number
	high     float64         // likewise
	numbers  []float64       // the values of a number; nil for any
}

type member struct {
	name    string
	written string // in JSON, with its colon
	check   *Checker
	unset   bool // null counts as not sent
}

// matcher reports whether a text certainly fits a pattern or a format.
type matcher func(string) bool

// kind is the kind of value that a checker accepts.
type kind uint8

const (
	asks    kind = iota // none: kin-openapi has the verdict
	free                // any
	present             // any but null
	object
	list
	text
	whole // a number without a fraction
	number
	boolean
)

// maxMembers is the number of bits for the members of an object.
const maxMembers = 64

// maxDepth is how deep values may be nested: deeper than any message of the document.
const maxDepth = 64

// Compiler compiles the schemas of one document for one direction.
type Compiler struct {
	Request bool                         // readOnly fields are refused; otherwise writeOnly ones are
	Formats map[string]func(string) bool // the formats that the caller defines for kin-openapi

	done     map[*openapi3.Schema]*Checker
	patterns map[string]matcher
}

// Compile returns the checker of a schema. It asks where the schema has a keyword out of its knowledge.
func (c *Compiler) Compile(schema *openapi3.Schema) *Checker {
	if known, ok := c.done[schema]; ok {
		return known
	}
	if c.done == nil {
		c.done = map[*openapi3.Schema]*Checker{}
	}
	made := &Checker{} // a schema within itself sees one that asks, or the finished one
	c.done[schema] = made
	if schema.Always != nil || schema.Not != nil || len(schema.OneOf)+len(schema.AnyOf)+len(schema.PrefixItems) > 0 ||
		schema.Discriminator != nil || schema.MultipleOf != nil || schema.ExclusiveMin.IsSet() ||
		schema.ExclusiveMax.IsSet() || schema.UniqueItems || schema.MinProps != 0 || schema.MaxProps != nil {
		return made
	}
	var one Checker
	if len(schema.AllOf) > 0 {
		one = c.all(schema)
	} else {
		one = c.single(schema)
	}
	if respelledKinds(schema).of(one.kind) {
		one = Checker{}
	}
	*made = one
	return made
}

// single compiles a schema without allOf.
func (c *Compiler) single(schema *openapi3.Schema) Checker {
	one := Checker{nullable: schema.Nullable, most: math.MaxInt, low: math.Inf(-1), high: math.Inf(1)}
	switch types := schema.Type; {
	case types.Is(openapi3.TypeObject), types == nil && len(schema.Properties)+len(schema.Required) > 0:
		c.object(&one, schema)
	case types.Is(openapi3.TypeArray):
		c.list(&one, schema)
	case types.Is(openapi3.TypeString):
		c.text(&one, schema)
	case types.Is(openapi3.TypeInteger), types.Is(openapi3.TypeNumber):
		c.number(&one, schema)
	case types.Is(openapi3.TypeBoolean):
		one.kind = boolean
		for _, value := range schema.Enum {
			one.words = append(one.words, fmt.Sprint(value))
		}
	case types == nil && schema.IsEmpty():
		one.kind = present
	}
	return one
}

func (c *Compiler) object(one *Checker, schema *openapi3.Schema) {
	if schema.Enum != nil || len(schema.Properties) > maxMembers {
		return
	}
	one.kind, one.needs = object, schema.Required
	for name, property := range schema.Properties {
		m := member{name: name, written: written(name), check: &Checker{}}
		if c.forbids(property.Value) {
			one.needs = slices.DeleteFunc(slices.Clone(one.needs), func(need string) bool { return need == name })
		} else {
			m.check, m.unset = c.Compile(property.Value), respelledKinds(property.Value).null
		}
		one.members = append(one.members, m)
	}
	slices.SortFunc(one.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	switch more := schema.AdditionalProperties; {
	case more.Has != nil && *more.Has:
		one.other = anything
	case more.Has != nil:
		one.closed = true
	case more.Schema != nil:
		one.other = c.Compile(more.Schema.Value)
	}
	one.seal()
}

// written returns a name as encoding/json writes it before a value; for a name with escapes, a text without any match.
func written(name string) string {
	if strings.ContainsFunc(name, func(char rune) bool { return char < ' ' || char == '"' || char == '\\' }) {
		return "\x00"
	}
	return `"` + name + `":`
}

// forbids reports whether messages of this direction cannot have a field.
func (c *Compiler) forbids(property *openapi3.Schema) bool {
	return c.Request && property.ReadOnly || !c.Request && property.WriteOnly
}

// seal completes an object that has its members. An object with a required field outside of them asks.
func (one *Checker) seal() {
	one.next = make([]atomic.Uint32, len(one.members)+1)
	for _, need := range one.needs {
		at := one.find(need)
		if at < 0 {
			one.kind = asks
			return
		}
		one.required |= 1 << at
	}
}

func (c *Compiler) list(one *Checker, schema *openapi3.Schema) {
	if schema.Enum != nil {
		return
	}
	one.kind, one.items, one.least = list, anything, length(schema.MinItems)
	if schema.Items != nil {
		one.items = c.Compile(schema.Items.Value)
	}
	if schema.MaxItems != nil {
		one.most = length(*schema.MaxItems)
	}
}

// length returns a length of the document as an int.
func length(n uint64) int { return int(min(n, math.MaxInt)) }

func (c *Compiler) text(one *Checker, schema *openapi3.Schema) {
	one.least = length(schema.MinLength)
	if schema.MaxLength != nil {
		one.most = length(*schema.MaxLength)
	}
	if schema.Pattern != "" {
		one.matches = append(one.matches, c.pattern(schema.Pattern))
	}
	match, ours := c.Formats[schema.Format]
	if _, theirs := openapi3.SchemaStringFormats[schema.Format]; ours {
		one.matches = append(one.matches, match)
	} else if theirs {
		return
	}
	one.kind = text
	for _, value := range schema.Enum {
		if word, ok := value.(string); ok {
			one.words = append(one.words, word)
		}
	}
	if len(schema.Enum) > len(one.words) { // only a text equals a text, but such an enum is a mistake
		one.kind = asks
	}
}

func (c *Compiler) number(one *Checker, schema *openapi3.Schema) {
	formats := map[string]bool{"": true, "int32": true, "int64": true}
	if _, theirs := openapi3.SchemaNumberFormats[schema.Format]; theirs || !formats[schema.Format] {
		return
	}
	one.kind = number
	if schema.Type.Is(openapi3.TypeInteger) {
		one.kind = whole
		if schema.Format == "int32" {
			one.low, one.high = math.MinInt32, math.MaxInt32
		}
	}
	if schema.Min != nil {
		one.low = max(one.low, *schema.Min)
	}
	if schema.Max != nil {
		one.high = min(one.high, *schema.Max)
	}
	for _, value := range schema.Enum {
		switch value := value.(type) {
		case float64:
			one.numbers = append(one.numbers, value)
		case int:
			one.numbers = append(one.numbers, float64(value))
		default:
			one.kind = asks
		}
	}
}
