package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/contenttype"
)

// form is an example of a form in the document.
type form struct {
	operation string
	pairs     [][2]string
}

// forms returns the examples without files.
func forms(t testing.TB) []form {
	t.Helper()
	spec, err := apispec.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var all []form
	for _, op := range spec.Operations {
		if !op.TakesBody() {
			continue
		}
		media := op.Declared.RequestBody.Value.Content.Get(contenttype.Form)
		example, _ := media.Example.(map[string]any)
		one := form{operation: op.ID}
		for _, name := range slices.Sorted(maps.Keys(example)) {
			text, isText := example[name].(string)
			if encoded, err := json.Marshal(example[name]); !isText && err == nil {
				text = string(encoded)
			}
			one.pairs = append(one.pairs, [2]string{name, text})
		}
		if len(one.pairs) > 0 {
			all = append(all, one)
		}
	}
	return all
}

func (f form) urlEncoded() []byte {
	var pairs []string
	for _, pair := range f.pairs {
		pairs = append(pairs, url.QueryEscape(pair[0])+"="+url.QueryEscape(pair[1]))
	}
	return []byte(strings.Join(pairs, "&"))
}

const boundary = "x"

func (f form) multipart() []byte {
	var b strings.Builder
	for _, pair := range f.pairs {
		fmt.Fprintf(&b, "--%s%s%s%s%s\r\n", boundary, beforeName, pair[0], afterName, pair[1])
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return []byte(b.String())
}

// FuzzQuick compares the one pass over a form with the whole decoding: a form that the one pass accepts is valid, and
// has the same fields.
func FuzzQuick(f *testing.F) {
	d, err := loaded()
	if err != nil {
		f.Fatal(err)
	}
	all := forms(f)
	for i, one := range all {
		f.Add(i, contenttype.Form, one.urlEncoded())
		f.Add(i, contenttype.Multipart, one.multipart())
	}
	f.Fuzz(func(t *testing.T, choice int, media string, data []byte) {
		body := d.Operation(all[uint(choice)%uint(len(all))].operation).Body
		contentType := media + "; boundary=" + boundary
		media = mediaOf(contentType, data)
		got, ok := quickFields(media, contentType, data, body, nil)
		if !ok || len(data) == 0 {
			return
		}
		want := newFields(body)
		if err := want.read(media, contentType, data); err != nil {
			t.Fatalf("%q is accepted, and is no body: %s", data, err)
		}
		want.validate()
		if len(want.broken)+len(want.unknown)+len(want.files)+len(want.items) > 0 {
			t.Fatalf("%q is accepted, and is invalid: %s, %v", data, want.broken, want.unknowns())
		}
		values, sent := map[string]any{}, map[string]string{}
		for place := range got.places() {
			values[place], sent[place] = got.value(place), got.sentAs(place)
		}
		if diff := cmp.Diff(want.values, values); diff != "" || want.form != got.form || len(values) != len(got.quick) {
			t.Errorf("%q (-want +got):\n%s", data, diff)
		}
		if diff := cmp.Diff(want.sent, sent); diff != "" {
			t.Errorf("%q: the names (-want +got):\n%s", data, diff)
		}
	})
}

// The fast path is real: of the document's forms, only those with JSON in a field, or with a list, need another pass.
func TestTheFormsOfTheDocumentAreDecodedInOnePass(t *testing.T) {
	t.Parallel()
	d, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	var slow []string
	for _, one := range forms(t) {
		body := d.Operation(one.operation).Body
		contentType := contenttype.Multipart + "; boundary=" + boundary
		_, encoded := quickFields(contenttype.Form, contenttype.Form, one.urlEncoded(), body, nil)
		_, parts := quickFields(contenttype.Multipart, contentType, one.multipart(), body, nil)
		if !encoded || !parts {
			slow = append(slow, one.operation)
		}
	}
	if diff := cmp.Diff([]string{"importCards", "createIntake", "submitClaim"}, slow); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
