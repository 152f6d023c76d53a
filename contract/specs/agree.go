package specs

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// place is a value in a reply or an event.
type place struct {
	in interface {
		At(pointer string) any
		Value(pointer string, derived ...any) engine.Subject
	}
	at string
}

// agree asserts that several places show the same values, at each of these pointers below them. The place that differs
// from most others is at fault. Of as many on both sides, the earlier places are.
func agree(sentence string, pointers []string, places ...place) {
	for _, pointer := range pointers {
		below := make([]place, len(places))
		for i, p := range places {
			below[i] = place{p.in, p.at + pointer}
		}
		agreeAt(sentence, below)
	}
}

// agreeAt compares places down to the members and items that differ.
func agreeAt(sentence string, places []place) {
	values := make([]any, len(places))
	for i, p := range places {
		values[i] = p.in.At(p.at)
	}
	if pointers, same := partsOf(values); same {
		agree(sentence, pointers, places...)
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
	for _, p := range places {
		p.in.Value(p.at).Equal(want, sentence)
	}
}

// partsOf returns the pointers of the members or items of values, and whether all values have the same ones.
func partsOf(values []any) (pointers []string, same bool) {
	for i, value := range values {
		var parts []string
		switch value := value.(type) {
		case map[string]any:
			for name := range value {
				parts = append(parts, "/"+name)
			}
			slices.Sort(parts)
		case []any:
			for n := range value {
				parts = append(parts, "/"+strconv.Itoa(n))
			}
		default:
			return nil, false
		}
		if i > 0 && !slices.Equal(parts, pointers) || reflect.TypeOf(value) != reflect.TypeOf(values[0]) {
			return nil, false
		}
		pointers = parts
	}
	return pointers, true
}
