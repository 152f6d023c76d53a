package api

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// texts are texts that JSON writes in different ways.
var texts = []string{"", "Pat", "a b", `"`, `\`, "é", "\x00", "\n", "\u2028", "\xff", "<&>", "\x7f", "日本", "a\tb"}

// fill sets all fields of a value, or some of them, to random values.
func fill(random *rand.Rand, v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // the kinds of the replies' fields
	case reflect.String:
		v.SetString(texts[random.IntN(len(texts))])
	case reflect.Int, reflect.Int64:
		v.SetInt([]int64{0, 1, -7, 1 << 40}[random.IntN(4)])
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Pointer:
		if random.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(random, v.Elem())
		}
	case reflect.Slice:
		if n := random.IntN(4); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n))
			for i := range v.Len() {
				fill(random, v.Index(i))
			}
		}
	case reflect.Map:
		switch text := texts[random.IntN(len(texts))]; random.IntN(3) {
		case 0:
			v.Set(reflect.ValueOf(map[string]any{}))
		case 1:
			v.Set(reflect.ValueOf(map[string]any{"b": text, text: []any{true, nil}, "a": map[string]any{}}))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(random, v.Field(i))
			}
		}
	}
}

func TestAReplyThatWritesItsOwnJSONHasTheBytesOfEncodingJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, value := range []appender{&user{}, &token{}, &startedCheck{}, &failure{}} {
		for range 3_000 {
			v := reflect.ValueOf(value).Elem()
			v.SetZero()
			fill(random, v)
			got, want := string(value.appendJSON(nil)), string(appendValue(nil, v.Interface()))
			if got != want {
				t.Fatalf("%T is\n%s\nnot\n%s", value, got, want)
			}
		}
	}
}

func TestAReplyHasTheBytesOfEncodingJSONAroundItsData(t *testing.T) {
	t.Parallel()
	total := 3
	for _, r := range []reply{
		{data: &startedCheck{"2505465", "car7556"}}, {data: &startedCheck{}, version: "2.0"},
		{data: &startedCheck{}, total: &total, version: "<"},
	} {
		plain := r
		plain.data = *r.data.(*startedCheck)
		if err := r.encode(); err != nil {
			t.Fatal(err)
		}
		if err := plain.encode(); err != nil {
			t.Fatal(err)
		}
		if string(r.body) != string(plain.body) {
			t.Errorf("%s, want %s", r.body, plain.body)
		}
	}
}
