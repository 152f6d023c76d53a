// Package rule tests a struct by rows. A row is written once: the test in Go, the equivalent JSON Schema, and the
// sentence and the hint for people all come from it. The keys of a struct are the names in its yaml tags.
package rule

import (
	"cmp"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// Schema is a JSON Schema; nil for a test without an equivalent in JSON Schema.
type Schema = map[string]any

// Rule is one row. It has Must, Value or Each.
type Rule struct {
	Key      string // the name of the key at fault; empty for the struct as a whole
	If       Cond   // the condition for the rule to apply; the zero value means always
	Must     Cond   // a condition on the struct
	Value    Form   // of the key's value, if the key is set
	Each     Form   // of each item of the key's list, or of the text in place of the list
	Required bool   // the key must be set: Value has its form
	Says     string // "%s must be %s" of Key and the form when it is empty
	Hint     string // the remedy; empty where Known has it already
}

// Broken is a rule broken by a struct.
type Broken struct {
	Place string   // such as .card or .remarks[1]; empty for the struct as a whole
	Says  string   // such as "card must be primary or secondary"
	Hint  string   // may be empty
	Got   string   // the text at the place
	Known []string // the texts allowed at the place; nil when it allows others
}

// Rows are rules, in the order of testing.
type Rows []Rule

// Set is the rules of a struct.
type Set struct {
	Rows Rows
	keys keys
}

// NewSet returns the rules of a struct.
func NewSet[T any](rows Rows) Set {
	for i, row := range rows {
		if form := row.form(); row.Says == "" {
			rows[i].Says = row.Key + " must be " + form.String()
		}
	}
	return Set{rows, keysOf(reflect.TypeFor[T]())}
}

// form returns the form of the key's value or of its items.
func (r Rule) form() Form {
	if r.Each.fits != nil {
		return r.Each
	}
	return r.Value
}

// Broken returns the rules broken by a struct, in the order of the rows.
func (s Set) Broken(of any) iter.Seq[Broken] {
	o := object{reflect.ValueOf(of), s.keys}
	return func(yield func(Broken) bool) {
		for _, row := range s.Rows {
			if row.If.holds != nil && !row.If.holds(o) {
				continue
			}
			if broken, ok := row.broken(o); ok && !yield(broken) {
				return
			}
		}
	}
}

// Unknown stands for any key, among the unknown ones.
const Unknown = "*"

// All returns the rules broken by a struct, without those that follow from another fault: a rule about several keys is
// left out when one of them is unknown, or has a wrong value already. unknown are the keys without a known value.
func (s Set) All(of any, unknown ...string) []Broken {
	o, all := object{reflect.ValueOf(of), s.keys}, []Broken(nil)
	isUnknown := func(key string) bool { return slices.Contains(unknown, key) }
	for _, isWhole := range []bool{false, true} {
		for _, row := range s.Rows {
			isOfAny := row.Must.holds != nil || row.Required && !isSet(o.get(row.Key))
			if (row.Must.holds != nil) != isWhole || row.If.holds != nil && !row.If.holds(o) ||
				isOfAny && isUnknown(Unknown) || slices.ContainsFunc(row.about(), isUnknown) {
				continue
			}
			if broken, ok := row.broken(o); ok {
				all = append(all, broken)
				unknown = append(unknown, cmp.Or(row.Key, Unknown))
			}
		}
	}
	return all
}

// about returns the keys in a row.
func (r Rule) about() []string {
	return append(keysIn(r.If.Schema, keysIn(r.Must.Schema, nil)), r.Key)
}

// keysIn adds the keys named by a schema.
func keysIn(schema any, to []string) []string {
	switch is := schema.(type) {
	case Schema:
		for name, part := range is {
			switch name {
			case "required":
				to = append(to, part.([]string)...)
			case "properties": // each of them is required, too
			default:
				to = keysIn(part, to)
			}
		}
	case []Schema:
		for _, part := range is {
			to = keysIn(part, to)
		}
	}
	return to
}

func (r Rule) broken(o object) (Broken, bool) {
	b := Broken{Says: r.Says, Hint: r.Hint, Known: r.form().known}
	if r.Key != "" {
		b.Place = "." + r.Key
	}
	if r.Must.holds != nil {
		return b, !r.Must.holds(o)
	}
	value := reflect.Indirect(o.get(r.Key))
	if r.Each.fits != nil {
		for i := range value.Len() {
			item := value.Index(i)
			if r.Each.fits(item) {
				continue
			}
			b.Got = item.String()
			if value.Type().Name() == "" { // a named list type may be written as one text
				b.Place += fmt.Sprintf("[%d]", i)
			}
			return b, true
		}
		return b, false
	}
	if b.Got = value.String(); r.Required && value.Kind() == reflect.String && b.Got == "" {
		b.Says = r.Key + " is missing"
	}
	return b, (isSet(o.get(r.Key)) || r.Required) && !r.Value.fits(value)
}

// object is a struct with its keys.
type object struct {
	value reflect.Value
	keys  keys
}

// keys are the fields of a struct by their keys.
type keys map[string]int

func keysOf(t reflect.Type) keys {
	index := keys{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		index[name] = i
	}
	return index
}

// get returns the value of a key. It panics for a key missing from the struct, because the row is wrong then.
func (o object) get(key string) reflect.Value {
	i, ok := o.keys[key]
	if !ok {
		panic(fmt.Sprintf("%s has no key %q", o.value.Type(), key))
	}
	return o.value.Field(i)
}

// isSet reports whether a key is in the file, as far as its value shows: false, 0 and an empty list count as missing.
func isSet(v reflect.Value) bool {
	if own, ok := v.Interface().(interface{ IsZero() bool }); ok && v.Kind() != reflect.Pointer {
		return !own.IsZero()
	}
	return !v.IsZero() && (v.Kind() != reflect.Slice || v.Len() > 0)
}
