package apispec_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

const accepting = `
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    All:
      type: object
      properties:
        number: {type: integer, x-accepts: [text]}
        switch: {type: boolean, x-accepts: [text, number, '': null]}
        gender: {type: integer, enum: [1, 2], x-accepts: [text, male: 1, female: 2]}
        code: {type: string, x-accepts: [number]}
        part: {allOf: [{type: string, x-accepts: [number]}]}
        any: {x-accepts: ['null']}
        plain: {type: string}
        ids: {type: array, items: {type: string, x-accepts: [object]}, x-accepts: [comma list]}
        rows: {type: array, items: {type: object, properties: {n: {type: integer, x-accepts: [text]}}}}
`

func TestASpellingThatTheDocumentListsIsTurnedIntoItsType(t *testing.T) {
	t.Parallel()
	spec, err := apispec.Load([]byte(accepting))
	if err != nil {
		t.Fatal(err)
	}
	for sent, want := range map[string]string{
		`{"number":"0012"}`:                       `{"number":12}`,
		`{"number":"2.0"}`:                        `{"number":2}`,
		`{"number":"2.5"}`:                        `{"number":"2.5"}`,
		`{"number":"two"}`:                        `{"number":"two"}`,
		`{"number":true}`:                         `{"number":true}`,
		`{"switch":"1"}`:                          `{"switch":true}`,
		`{"switch":"false"}`:                      `{"switch":false}`,
		`{"switch":0}`:                            `{"switch":false}`,
		`{"switch":2}`:                            `{"switch":2}`,
		`{"switch":"yes"}`:                        `{"switch":"yes"}`,
		`{"switch":""}`:                           `{}`,
		`{"gender":"male"}`:                       `{"gender":1}`,
		`{"gender":"2"}`:                          `{"gender":2}`,
		`{"gender":""}`:                           `{"gender":""}`,
		`{"code":99211}`:                          `{"code":"99211"}`,
		`{"code":28.5}`:                           `{"code":"28.5"}`,
		`{"part":7}`:                              `{"part":"7"}`,
		`{"any":null}`:                            `{}`,
		`{"plain":7,"other":null}`:                `{"other":null,"plain":7}`,
		`{"ids":"a, b,,c"}`:                       `{"ids":["a","b","c"]}`,
		`{"ids":"[\"a\",\"b\"]"}`:                 `{"ids":["a","b"]}`,
		`{"ids":[{"id":"a"},{"name":"b"},"c",1]}`: `{"ids":["a","","c",1]}`,
		`{"rows":[{"n":"1"},{"n":2}]}`:            `{"rows":[{"n":1},{"n":2}]}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(sent), &value); err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(apispec.Canonical(spec.Document.Components.Schemas["All"].Value, value))
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sent, diff)
		}
		if same, _ := json.Marshal(value); len(same) == 0 || string(same) != normal(t, sent) {
			t.Errorf("%s was changed to %s", sent, same)
		}
	}
}

// normal returns JSON with its names in order.
func normal(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	sorted, _ := json.Marshal(value)
	return string(sorted)
}
