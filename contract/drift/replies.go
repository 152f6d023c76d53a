package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// Reply is a recorded reply of a target.
type Reply struct {
	Operation string // operationId, or any other name of the request; "" for none
	Status    int    // 0 for none
	Body      []byte
}

// Values are the enumerations of a document, by the name of the field.
type Values map[string][]string

// Replies compares the replies of a target before and now. The places in them are compared, each with its JSON types:
// all items of a list are one place. A place counts only if the place around it was seen both times. Of the values,
// only those of a field with an enumeration are compared.
func Replies(before, now []Reply, values Values) []Line {
	was, is := recorded(before, values), recorded(now, values)
	var lines []Line
	moved := map[result.Part]bool{}
	for _, p := range was.places() {
		if _, there := is[p]; there || !was.compares(p, is) {
			continue
		}
		text := placeOf(p) + " is gone"
		if fields := was.moved(p, is); len(fields) > 0 {
			text += ", and its fields are beside it"
			for _, field := range fields {
				moved[field] = true
			}
		}
		lines = append(lines, Line{Verdict: Removed, Class: result.Breaking, Text: text})
	}
	for _, p := range is.places() {
		old, there := was[p]
		switch {
		case !there && is.compares(p, was) && !moved[p]:
			lines = append(lines, Line{Verdict: Added, Class: result.Additive, Text: placeOf(p) + " is new"})
		case there:
			lines = append(lines, old.compare(is[p], p, values)...)
		}
	}
	return sorted(lines)
}

// fact describes a place. Its sets have names of JSON types, and values of fields with an enumeration.
type fact struct{ types, values map[string]bool }

// recording has the places of some replies.
type recording map[result.Part]fact

func recorded(replies []Reply, values Values) recording {
	r := recording{}
	for _, reply := range replies {
		at := result.Part{Operation: reply.Operation, Status: reply.Status}
		decoder := json.NewDecoder(bytes.NewReader(reply.Body))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			r.at(at).types["no JSON"] = true
			continue
		}
		r.add(at, value, values)
	}
	return r
}

func (r recording) at(p result.Part) fact {
	if _, ok := r[p]; !ok {
		r[p] = fact{map[string]bool{}, map[string]bool{}}
	}
	return r[p]
}

func (r recording) add(p result.Part, value any, values Values) {
	f := r.at(p)
	f.types[typeOf(value)] = true
	below := func(name string) result.Part {
		p := p
		p.Pointer += "/" + strict.Escape(name)
		return p
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			r.add(below(strict.Name(name)), member, values)
		}
	case []any:
		for _, item := range value {
			r.add(below("*"), item, values)
		}
	default:
		if text, ok := value.(string); ok && values[nameOf(p)] != nil {
			f.values[strict.Shown(text)] = true
		}
	}
}

func nameOf(p result.Part) string { return p.Pointer[strings.LastIndex(p.Pointer, "/")+1:] }

// typeOf returns the JSON type of a value; 28, 28.0 and 2.8e1 are integers.
func typeOf(value any) string {
	if number, ok := value.(json.Number); ok {
		if f, err := number.Float64(); err == nil && f == math.Trunc(f) {
			return "integer"
		}
		return "number"
	}
	return strict.TypeOf(value)
}

// places returns the places in a fixed order.
func (r recording) places() []result.Part {
	return slices.SortedFunc(maps.Keys(r), result.Part.Compare)
}

// compares reports whether a place that another recording lacks is a difference. A list without items says nothing
// about its items, and neither does a map with values for keys.
func (r recording) compares(p result.Part, other recording) bool {
	if p.Pointer == "" {
		return slices.ContainsFunc(other.places(), func(q result.Part) bool { return q.Operation == p.Operation })
	}
	around, _ := p.Parent()
	return nameOf(p) != "*" && r[around].types["object"] && other[around].types["object"]
}

// moved returns the places to which the fields of an object have moved, when all of them are beside it now and were
// not.
func (r recording) moved(p result.Part, now recording) []result.Part {
	around, _ := p.Parent()
	var to []result.Part
	for field, f := range r {
		if parent, ok := field.Parent(); !ok || parent != p {
			continue
		}
		beside := around
		beside.Pointer += "/" + nameOf(field)
		_, before := r[beside]
		if after, there := now[beside]; before || !there || !maps.Equal(f.types, after.types) {
			return nil
		}
		to = append(to, beside)
	}
	return to
}

// compare returns the differences of one place.
func (f fact) compare(now fact, p result.Part, values Values) []Line {
	var lines []Line
	for _, t := range slices.Sorted(maps.Keys(now.types)) {
		old := strings.Join(slices.Sorted(maps.Keys(f.types)), " or ")
		switch {
		case f.types[t] || t == "integer" && f.types["number"]:
		case old == "null":
			lines = append(lines, Line{Verdict: Added, Class: result.Additive, Text: placeOf(p) + " is no longer null alone"})
		default:
			lines = append(
				lines, Line{Verdict: Changed, Class: result.Breaking, Text: fmt.Sprintf("%s: %s -> %s", placeOf(p), old, t)},
			)
		}
	}
	for _, value := range slices.Sorted(maps.Keys(now.values)) {
		if !f.values[value] && !slices.Contains(values[nameOf(p)], value) {
			lines = append(
				lines,
				Line{
					Verdict: UnknownValue, Class: result.Unclear,
					Text: fmt.Sprintf("%s has the unknown value %q", placeOf(p), value),
				},
			)
		}
	}
	return lines
}

// placeOf returns a place as text: getMe 200 /data/id.
func placeOf(p result.Part) string {
	texts := []string{p.Operation, "", p.Pointer}
	if p.Status != 0 {
		texts[1] = strconv.Itoa(p.Status)
	}
	if p.Pointer == "" && p.Status == 0 {
		texts[2] = "the body"
	}
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), " ")
}
