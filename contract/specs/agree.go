package specs

import (
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// place is a value in a reply or an event.
type place struct {
	in interface {
		Declares(pointer string) bool
		Value(pointer string, derived ...any) engine.Subject
		At(pointer string) any
	}
	at    string
	lacks []string                            // the pointers of declared fields that the message does not show
	form  func(pointer string, value any) any // the value in the form for a comparison; nil for the same
}

// value returns the value at a place, in the form for a comparison.
func (p place) value() any {
	value := p.in.At(p.at)
	if p.form != nil {
		return p.form(p.at, value)
	}
	return value
}

// agree asserts that several places show the same values, at each of these pointers below them. A place takes part
// where openapi.yaml declares its field. The place that differs from most others is at fault. Of as many on both sides,
// the earlier places are.
func agree(sentence string, pointers []string, places ...place) {
	for _, pointer := range pointers {
		var below []place
		for _, p := range places {
			if p.at += pointer; !slices.Contains(p.lacks, p.at) && p.in.Declares(p.at) {
				below = append(below, p)
			}
		}
		if len(below) > 1 {
			agreeAt(sentence, below)
		}
	}
}

// agreeAt compares places down to the members and items that differ. A value that most places have is missing from the
// others.
func agreeAt(sentence string, places []place) {
	values := make([]any, len(places))
	for i, p := range places {
		values[i] = p.value()
	}
	having := slices.DeleteFunc(slices.Clone(places), func(p place) bool { return p.value() == nil })
	if lacking := len(places) - len(having); lacking > 0 && lacking < len(having) {
		for i, p := range places {
			if values[i] == nil {
				p.in.Value(p.at).Equal(having[0].value(), sentence)
			}
		}
		agreeAt(sentence, having)
		return
	}
	if pointers, inside := partsOf(values); inside {
		agree(sentence, pointers, places...)
		return
	}
	if len(places) == 2 {
		places[0].in.Value(places[0].at, values[0]).Same(places[1].in.Value(places[1].at, values[1]), sentence)
		return
	}
	count := func(value any) (n int) {
		for _, other := range values {
			if reflect.DeepEqual(value, other) {
				n++
			}
		}
		return n
	}
	want := values[len(values)-1]
	for _, value := range slices.Backward(values) {
		if count(value) > count(want) {
			want = value
		}
	}
	for i, p := range places {
		p.in.Value(p.at, values[i]).Equal(want, sentence)
	}
}

// partsOf returns the pointers of the members of objects, or of the items of lists with the same length.
func partsOf(values []any) (pointers []string, inside bool) {
	names, length := map[string]bool{}, -1
	for i, value := range values {
		switch value := value.(type) {
		case map[string]any:
			for name := range value {
				names[name] = true
			}
		case []any:
			if i > 0 && len(value) != length {
				return nil, false
			}
			length = len(value)
		default:
			return nil, false
		}
		if reflect.TypeOf(value) != reflect.TypeOf(values[0]) {
			return nil, false
		}
	}
	for name := range maps.Keys(names) {
		pointers = append(pointers, "/"+name)
	}
	slices.Sort(pointers)
	for n := range max(length, 0) {
		pointers = append(pointers, "/"+strconv.Itoa(n))
	}
	return pointers, true
}
