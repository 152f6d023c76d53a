package control

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

func TestTheDocumentListsTheSignatureSchemes(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	var want []any
	for _, name := range signature.Names() {
		want = append(want, name)
	}
	if diff := cmp.Diff(want, doc.Components.Schemas["Webhook"].Value.Properties["signature"].Value.Enum); diff != "" {
		t.Errorf("(-schemes +document):\n%s", diff)
	}
}

// The keys of a misbehaviour are those of its type, and the values those its rules allow.
func TestTheDocumentListsTheKeysOfAMisbehaviour(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	described := doc.Components.Schemas["Misbehaviour"].Value.Properties
	var want, got []string
	for field := range reflect.TypeFor[misbehaviour.Misbehaviour]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		want = append(want, key)
	}
	for key := range described {
		got = append(got, key)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-type +document):\n%s", diff)
	}
	for _, row := range misbehaviour.Rules().Rows {
		texts, ok := row.Value.Schema["enum"].([]string)
		if !ok {
			continue
		}
		var listed []string
		for _, text := range described[row.Key].Value.Enum {
			listed = append(listed, text.(string))
		}
		if diff := cmp.Diff(texts, listed); diff != "" {
			t.Errorf("%s (-rule +document):\n%s", row.Key, diff)
		}
	}
}
