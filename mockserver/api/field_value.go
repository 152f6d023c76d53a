package api

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// places returns the places of the fields that were sent.
func (f *fields) places() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range f.quick {
			if !yield(f.quick[i].place) {
				return
			}
		}
		for place := range f.values {
			if !yield(place) {
				return
			}
		}
	}
}

// quickAt returns a field of a body decoded in one pass, nil for none.
func (f *fields) quickAt(place string) *quickField {
	for i := range f.quick {
		if f.quick[i].place == place {
			return &f.quick[i]
		}
	}
	return nil
}

// has reports whether a field was sent.
func (f *fields) has(place string) bool {
	_, sent := f.values[place]
	return sent || f.quickAt(place) != nil
}

// value returns the value of a field, nil when it was not sent.
func (f *fields) value(place string) any {
	if q := f.quickAt(place); q != nil {
		return cmp.Or(q.value, any(q.text))
	}
	return f.values[place]
}

// sentAs returns the name of a field in the request, "" when it was not sent.
func (f *fields) sentAs(place string) string {
	if q := f.quickAt(place); q != nil {
		return q.name
	}
	return f.sent[place]
}

// text returns a field as text, "" when it was not sent.
func (f *fields) text(place string) string {
	if q := f.quickAt(place); q != nil {
		return q.asText()
	}
	return asText(f.values[place])
}

func (q *quickField) asText() string {
	if q.value == nil {
		return q.text
	}
	return asText(q.value)
}

// asText returns the value of a field as text.
func asText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}

// patch returns the fields, the two card images and the caller's own fields as a change of a user. It skips the fields
// at the given places.
func (f *fields) patch(except ...string) clinic.Patch {
	p := clinic.Patch{
		Fields: make([]clinic.Field, 0, len(f.quick)+len(f.values)),
		Front:  f.upload(clinic.FrontImage), Back: f.upload(clinic.BackImage),
	}
	for i := range f.quick { // none is in extra
		if q := &f.quick[i]; !slices.Contains(except, q.place) {
			p.Fields = append(p.Fields, clinic.Field{q.place, q.asText()})
		}
	}
	for place := range f.values {
		if path, own := strings.CutPrefix(place, "extra."); own {
			if p.Extra == nil {
				p.Extra = map[string]any{}
			}
			put(p.Extra, strings.Split(path, "."), f.value(place))
		} else if !slices.Contains(except, place) {
			p.Fields = append(p.Fields, clinic.Field{place, f.text(place)})
		}
	}
	return p
}
