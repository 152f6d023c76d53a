package control

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// fieldPath is the path to a value of a body: field names, and list positions such as [0].
type fieldPath []string

// maxNameShown is the maximum number of characters repeated from a name in a request.
const maxNameShown = 64

// child returns the place of an element inside this one.
func (p fieldPath) child(names ...string) fieldPath { return append(slices.Clip(p), names...) }

// String returns the place as an error message writes it: webhook.schedule[0]. An unprintable name is left out.
func (p fieldPath) String() string {
	var text strings.Builder
	for _, name := range p {
		if text.Len() > 0 && !strings.HasPrefix(name, "[") {
			text.WriteByte('.')
		}
		text.WriteString(safeName(name))
	}
	if text.Len() == 0 {
		return "the body"
	}
	return text.String()
}

// safeName returns a name as an error message may repeat it: its first characters, or a substitute for an unprintable
// one.
func safeName(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name,
		func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "(a name that cannot be shown)"
	}
	if runes := []rune(name); len(runes) > maxNameShown {
		return string(runes[:maxNameShown]) + "…"
	}
	return name
}

// checkValue refuses a value that does not fit the Go type of a body. The error has the place and the rule.
func checkValue(v jsonscan.Value, t reflect.Type, at fieldPath) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Interface {
		return nil
	}
	if v.Kind == jsonscan.Null {
		return badRequest("%s must not be null: leave it out instead", at.String())
	}
	if t == reflect.TypeFor[time.Time]() {
		return checkTime(v, at)
	}
	if own, ok := reflect.New(t).Interface().(json.Unmarshaler); ok {
		if err := own.UnmarshalJSON(v.Raw); err != nil {
			return badRequest("%s %s", at.String(), ruleOf(err))
		}
		return nil
	}
	switch t.Kind() { //nolint:exhaustive // only the kinds in the bodies
	case reflect.Struct:
		return checkStruct(v, t, at)
	case reflect.Map:
		return checkMembers(v, at, func(m jsonscan.Member) error { return checkValue(m.Value, t.Elem(), at.child(m.Name)) })
	case reflect.Slice:
		if v.Kind != jsonscan.List {
			return badRequest("%s must be a list", at.String())
		}
		for i, item := range v.Items {
			if err := checkValue(item, t.Elem(), at.child(jsonscan.IndexName(i))); err != nil {
				return err
			}
		}
		return nil
	}
	return checkScalar(v, t, at)
}

func checkStruct(v jsonscan.Value, t reflect.Type, at fieldPath) error {
	fields := fieldsOf(t)
	return checkMembers(v, at, func(m jsonscan.Member) error {
		field, ok := fields[m.Name]
		if !ok {
			return unknownField(at.child(m.Name), fields)
		}
		return checkValue(m.Value, field, at.child(m.Name))
	})
}

func checkMembers(v jsonscan.Value, at fieldPath, check func(jsonscan.Member) error) error {
	if v.Kind != jsonscan.Object {
		return badRequest("%s must be an object", at.String())
	}
	for _, m := range v.Members {
		if err := check(m); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf returns the fields of a struct by their JSON names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	return fields
}

// fieldsBelow is fieldsOf for a field that may be no struct, and then has none.
func fieldsBelow(t reflect.Type) map[string]reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return fieldsOf(t)
}

// unknownField refuses an unknown field, and suggests the name probably meant.
func unknownField(at fieldPath, fields map[string]reflect.Type) error {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	if meant := suggest.Name(at[len(at)-1], names); meant != "" {
		return badRequest("unknown field %q; did you mean %q?", at.String(), meant)
	}
	for _, name := range names {
		inner, ok := strings.CutPrefix(at[len(at)-1], name+"_")
		if ok && fieldsBelow(fields[name])[inner] != nil {
			return badRequest(`unknown field %q; did you mean {"%s": {"%s": …}}?`, at.String(), name, inner)
		}
	}
	return badRequest("unknown field %q: GET /_mock/openapi.yaml lists them", at.String())
}

// didYouMean returns the end of a refusal with the value that a caller probably meant; empty for none.
func didYouMean(sent string, known []string) string {
	if meant := suggest.Name(sent, known); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

func checkTime(v jsonscan.Value, at fieldPath) error {
	if err := new(time.Time).UnmarshalJSON(v.Raw); err != nil {
		return badRequest("%s must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z", at.String())
	}
	return nil
}

// ruleOf returns the rule in a decoding error of a type, without the error's subject.
func ruleOf(err error) string {
	_, rule, ok := strings.Cut(err.Error(), " must ")
	if !ok {
		return "has the wrong type: see GET /_mock/openapi.yaml"
	}
	return "must " + rule
}

func checkScalar(v jsonscan.Value, t reflect.Type, at fieldPath) error {
	var fits bool
	var rule string
	switch t.Kind() {
	case reflect.Bool:
		fits, rule = v.Kind == jsonscan.Bool, "true or false"
	case reflect.String:
		fits, rule = v.Kind == jsonscan.String, "text"
	case reflect.Float64:
		fits, rule = v.Kind == jsonscan.Number, "a number"
	case reflect.Int, reflect.Int64:
		_, err := strconv.ParseInt(string(v.Raw), 10, t.Bits()) // the domain checks the range
		fits, rule = err == nil, "a whole number that is not negative"
	case reflect.Uint64:
		_, err := strconv.ParseUint(string(v.Raw), 10, t.Bits())
		fits, rule = err == nil, "a whole number that is not negative"
	default:
		return fmt.Errorf("a body has a field of the unchecked type %s", t)
	}
	if !fits {
		return badRequest("%s must be %s", at.String(), rule)
	}
	return nil
}
