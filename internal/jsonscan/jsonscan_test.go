package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// plain returns a value as decoded by encoding/json.
func plain(t testing.TB, v jsonscan.Value) any {
	t.Helper()
	switch v.Kind {
	case jsonscan.Bool:
		return string(v.Raw) == "true"
	case jsonscan.Number:
		n, err := strconv.ParseFloat(string(v.Raw), 64)
		if err != nil {
			t.Errorf("%s is no number: %s", v.Raw, err)
		}
		return n
	case jsonscan.String:
		return v.Text
	case jsonscan.List:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, plain(t, item))
		}
		return list
	case jsonscan.Object:
		object := map[string]any{}
		for _, m := range v.Members {
			object[m.Name] = plain(t, m.Value)
		}
		return object
	default:
		return nil
	}
}

// well are valid JSON texts.
var well = []string{
	`{}`, `[]`, `null`, `true`, `false`, `0`, `-0`, `-12.50e+3`, `1E9`, `""`, ` {"b" : 1 , "a":[ null,{"c":[]} ]} `,
	`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 é \ufffd"`, "[1,\r\n\t2]", `{"a":{"a":1},"A":2}`,
}

// ill are invalid ones.
var ill = []string{
	``, ` `, `{`, `}`, `[`, `[1`, `[1,]`, `[,1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{a:1}`, `{'a':1}`,
	`{"a":1 "b":2}`,
	`01`, `1.`, `.5`, `+1`, `-`, `1e`, `1e+`, `0x1`, `NaN`, `tru`, `nulll`, `"`, `"\x"`, `"\u12"`, `"\u12g4"`, `"\`,
	"\"a\nb\"", `1 2`,
	`"a" x`, `//`, `[1] // why`,
}

func TestWellFormedJSONIsReadAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	for _, text := range well {
		got, err := jsonscan.Parse([]byte(text), 32, 0)
		if err != nil {
			t.Errorf("%s: %s", text, err)
			continue
		}
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, plain(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if string(got.Raw) != strings.TrimSpace(text) {
			t.Errorf("%s: Raw is %s", text, got.Raw)
		}
	}
}

func TestMalformedJSONIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range ill {
		if json.Valid([]byte(text)) {
			t.Fatalf("%s is well-formed", text)
		}
		if v, err := jsonscan.Parse([]byte(text), 32, 0); err == nil {
			t.Errorf("%q is read as %v", text, plain(t, v))
		}
	}
}

// Each breach of a rule unknown to encoding/json is reported with its place.
func TestWhatTheStandardLibraryLetsPassIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]jsonscan.Error{
		`{"a": 1, "b": {"c": [0, {"d": 1, "d": 2}]}}`: {Rule: jsonscan.Twice, Path: []string{"b", "c", "[1]", "d"},
			Offset: 33},
		`{"a": 1, "\u0061": 2}`: {Rule: jsonscan.Twice, Path: []string{"a"}, Offset: 9},
		"{\"a\": \"\xff\"}":     {Rule: jsonscan.Encoding, Offset: 7},
		"\"\xed\xa0\x80\"":      {Rule: jsonscan.Encoding, Offset: 1},
		`{"a": "\ud800"}`:       {Rule: jsonscan.Encoding, Path: []string{"a"}, Offset: 7},
		`["\udc00\ud800"]`:      {Rule: jsonscan.Encoding, Path: []string{"[0]"}, Offset: 2},
		`["\ud800\u0041"]`:      {Rule: jsonscan.Encoding, Path: []string{"[0]"}, Offset: 2},
		`[[[1]]]`:               {Rule: jsonscan.Depth, Path: []string{"[0]", "[0]", "[0]"}, Offset: 3},
		`{"a": 1e999}`:          {Rule: jsonscan.Range, Path: []string{"a"}, Offset: 6},
		`{} {}`:                 {Rule: jsonscan.Trailing, Offset: 3},
		`{"a": nope}`:           {Rule: jsonscan.Syntax, Path: []string{"a"}, Offset: 6},
	} {
		deepest := 32
		if want.Rule == jsonscan.Depth {
			deepest = 2
		}
		_, err := jsonscan.Parse([]byte(text), deepest, 0)
		var got *jsonscan.Error
		if !errors.As(err, &got) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestAByteOrderMarkIsSkipped(t *testing.T) {
	t.Parallel()
	v, err := jsonscan.Parse([]byte("\ufeff {\"a\": 1}"), 32, jsonscan.Mark)
	if err != nil || v.Kind != jsonscan.Object || len(v.Members) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Endless nesting costs no memory and no stack.
func TestDeepNestingEndsAtTheBound(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"[", `{"a":`} {
		_, err := jsonscan.Parse([]byte(strings.Repeat(open, 1_000_000)), 32, 0)
		var got *jsonscan.Error
		if !errors.As(err, &got) || got.Rule != jsonscan.Depth || len(got.Path) != 33 {
			t.Errorf("%s…: %v", open, err)
		}
	}
}

// FuzzParse compares the reader with encoding/json: it accepts only JSON, and reads the same values from it.
func FuzzParse(f *testing.F) {
	for _, text := range append(append([]string{}, well...), ill...) {
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := jsonscan.Parse(data, 32, jsonscan.Mark)
		data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
		var want any
		if err != nil {
			var told *jsonscan.Error
			if !errors.As(err, &told) || told.Offset < 0 {
				t.Fatalf("the error is %v", err)
			}
			if told.Rule == jsonscan.Syntax && json.Valid(data) {
				t.Fatalf("%q is well-formed", data)
			}
			return
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("%q is read, and is not JSON: %s", data, err)
		}
		if got := plain(t, v); !reflect.DeepEqual(want, got) {
			t.Fatalf("%q is read as %v, want %v", data, got, want)
		}
	})
}

// FuzzLoose compares the loose reader with encoding/json in both directions: both accept the same texts, and read the
// same values.
func FuzzLoose(f *testing.F) {
	for _, text := range append(append([]string{}, well...), ill...) {
		f.Add([]byte(text))
	}
	for _, text := range []string{`{"a":1,"a":{"b":1,"b":[]}}`, "\"\xff\xfe\"", `"\ud800"`, `"\ud800\u0041"`,
		`"\ud800\ud83d\ude00"`, "{\"\xff\":1}", "1e999", "\ufeff1"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := jsonscan.Parse(data, jsonscan.MaxDepth, jsonscan.Loose)
		if err != nil {
			if jsonscan.Broken(err) != jsonscan.Depth && json.Valid(data) {
				t.Fatalf("%q is well-formed, and refused: %s", data, err)
			}
			return
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q is read, and is not JSON: %s", data, err)
		}
		if got, _ := jsonscan.Decoded(v, true); !reflect.DeepEqual(want, got) {
			t.Fatalf("%q is read as %v, want %v", data, got, want)
		}
	})
}

func TestOfARepeatedNameTheFirstOrTheLastValueIsKept(t *testing.T) {
	t.Parallel()
	v, err := jsonscan.Parse([]byte(`{"a": 1, "b": [{}, {"c": 1, "c": 2}], "a": {"d": 1, "d": 1}}`), 32, jsonscan.Loose)
	if err != nil {
		t.Fatal(err)
	}
	paths := [][]string{{"b", "1", "c"}, {"a"}, {"a", "d"}}
	first, again := jsonscan.Decoded(v, false)
	want := map[string]any{"a": json.Number("1"), "b": []any{map[string]any{}, map[string]any{"c": json.Number("1")}}}
	if diff := cmp.Diff([]any{want, paths}, []any{first, again}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	last, again := jsonscan.Decoded(v, true)
	want = map[string]any{"a": map[string]any{"d": json.Number("1")},
		"b": []any{map[string]any{}, map[string]any{"c": json.Number("2")}}}
	if diff := cmp.Diff([]any{want, paths}, []any{last, again}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Reading an object takes time linear in the number of its members, and repeated names are found.
func TestRepeatedNamesAreFoundAmongMany(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&text, `,"%d":0`, i%50_000)
	}
	v, err := jsonscan.Parse([]byte("{"+text.String()[1:]+"}"), 32, jsonscan.Loose)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range v.Members {
		if m.Again != (i >= 50_000) {
			t.Fatalf("member %d: Again is %t", i, m.Again)
		}
	}
}

// For a truncated or malformed text, Parse returns the values read before the error.
func TestTheValueOfABrokenTextHasWhatWasReadBefore(t *testing.T) {
	t.Parallel()
	text := `{"a": [1, "b", {"c": 2, "d": "x`
	v, err := jsonscan.Parse([]byte(text), 32, 0)
	if jsonscan.Broken(err) != jsonscan.Syntax || v.Kind != jsonscan.Object || v.Raw != nil {
		t.Fatalf("%+v, %v", v, err)
	}
	list := v.Members[0].Value
	if list.Kind != jsonscan.List || list.Raw != nil || len(list.Items) != 3 || string(list.Items[1].Raw) != `"b"` {
		t.Fatalf("%+v", list)
	}
	inner := list.Items[2].Members
	if len(inner) != 2 || string(inner[0].Value.Raw) != "2" || inner[1].Value.Raw != nil ||
		text[inner[1].Start:inner[1].End] != `"d"` {
		t.Errorf("%+v", inner)
	}
}

func TestQuoteWritesTextAsJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": `""`, `a"b\`: `"a\"b\\"`, "<é&\n": `"<é&\n"`} {
		if got := jsonscan.Quote(text); got != want {
			t.Errorf("Quote(%q) = %s, want %s", text, got, want)
		}
	}
}
