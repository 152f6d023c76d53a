package strict_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// example is a message from the document, with the verdicts of the mock and of the suite in its place.
type example struct {
	name  string
	body  []byte
	mock  func(body []byte) error            // nil for a valid message
	suite func(body []byte) []strict.Finding // none for a valid message
}

// examples returns all JSON replies and events in the document.
func examples(t *testing.T) []example {
	t.Helper()
	mock, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	spec := load(t, vseemock.OpenAPI())
	suite := strict.New(spec)
	var all []example
	for _, op := range spec.Operations {
		for _, key := range slices.Sorted(maps.Keys(op.Declared.Responses.Map())) {
			status, err := strconv.Atoi(key)
			if err != nil { // the default, which is for clients
				continue
			}
			header := http.Header{"Content-Type": {"application/json"}}
			for _, body := range op.Examples(status) {
				all = append(all, example{
					op.ID + " " + key, body,
					func(body []byte) error { return mock.Operation(op.ID).CheckReply(status, "application/json", body) },
					func(body []byte) []strict.Finding { return suite.Reply(op.ID, status, header, body) },
				})
			}
		}
	}
	for _, e := range spec.Events {
		body, err := json.Marshal(e.Declared.RequestBody.Value.Content.Get("application/json").Example)
		if err != nil {
			t.Fatal(err)
		}
		envelope := e.Envelopes[0].Name // the envelope of the examples
		all = append(all, example{
			e.Type, body,
			func(body []byte) error { return mock.CheckEvent(e.Type, envelope, body) },
			func(body []byte) []strict.Finding { return suite.Event(body, envelope) },
		})
	}
	return all
}

// The mock and the suite each read the schemas with code of their own, so that one mistake cannot blind both. They
// agree on the document's examples, and on each example with one value dropped, replaced or added.
func TestTheMockAndTheSuiteJudgeEveryExampleAlike(t *testing.T) {
	t.Parallel()
	seen, refused := 0, 0
	for _, e := range examples(t) {
		if err, found := e.mock(e.body), e.suite(e.body); err != nil || found != nil {
			t.Errorf("%s: the mock says %v, the suite %+v", e.name, err, found)
		}
		var value any
		if err := json.Unmarshal(e.body, &value); err != nil {
			t.Fatal(err)
		}
		spoil(&value, "", func(change string) {
			body, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			byMock, bySuite := e.mock(body), e.suite(body)
			if strings.HasSuffix(change, "/email is another") && byMock == nil {
				return // the document gives no format, but the suite validates the address anyway
			}
			if strings.HasSuffix(change, "/eligibility_response is another") && byMock == nil {
				return // the mock sends other texts on purpose, and the suite reports them
			}
			if (byMock == nil) != (bySuite == nil) {
				t.Errorf("%s%s: the mock says %v, the suite %+v", e.name, change, byMock, bySuite)
			}
			seen++
			if byMock != nil {
				refused++
			}
		})
	}
	if seen < 1000 || refused < seen/2 {
		t.Errorf("%d messages were judged and %d refused: too few to compare anything", seen, refused)
	}
}

// spoil calls judge after each single change of a value and of all values within it, and undoes the change.
func spoil(value *any, at string, judge func(change string)) {
	honest := *value
	for _, other := range []any{nil, "x", 7.5, true, []any{}, map[string]any{}} {
		*value = other
		judge(at + " is another")
	}
	*value = honest
	switch honest := honest.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(honest)) {
			member := honest[name]
			delete(honest, name)
			judge(at + "/" + name + " is missing")
			spoil(&member, at+"/"+name, func(change string) {
				honest[name] = member
				judge(change)
			})
			honest[name] = member
		}
		honest["extra_field"] = true
		judge(at + "/extra_field is there")
		delete(honest, "extra_field")
	case []any:
		for i := range honest {
			spoil(&honest[i], at+"/"+strconv.Itoa(i), judge)
		}
	}
}
