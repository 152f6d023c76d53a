package mutant

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

const (
	parts  = "multipart/form-data; boundary=b"
	form   = "application/x-www-form-urlencoded"
	asJSON = "application/json"
	end    = "--b--\r\n"
)

func part(name, value string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}

// A field has one name in the ledger, and many spellings in requests.
func TestAFieldIsFoundInEachEncodingAndSpelling(t *testing.T) {
	t.Parallel()
	nested := part("insurance__primary__carrier_code", "a")
	for name, tc := range map[string]struct{ media, body, want string }{
		"dots":               {form, "insurance.primary.carrier_code=a&city=b", "city=b"},
		"a card in the name": {form, "insurance.primary_carrier_code=a&city=b", "city=b"},
		"underscores":        {form, "insurance__primary__carrier_code=a&city=b", "city=b"},
		"brackets":           {form, "insurance%5Bprimary%5D%5Bcarrier_code%5D=a&city=b", "city=b"},
		"parts":              {parts, nested + part("city", "b") + end, part("city", "b") + end},
		"JSON":               {asJSON, `{"insurance":{"primary":{"carrier_code":1}}}`, `{"insurance":{"primary":{}}}`},
		"JSON in a form": {
			form, "insurance=%7B%22primary%22%3A%7B%22carrier_code%22%3A1%7D%7D", "insurance=%7B%22primary%22%3A%7B%7D%7D",
		},
		"an unreadable body":    {asJSON, `{"insurance`, `{"insurance`},
		"a body of no form":     {"text/plain", "insurance.primary.carrier_code=a", "insurance.primary.carrier_code=a"},
		"a field of a list":     {asJSON, `{"insurances":[{"card_type":"primary"}]}`, `{"insurances":[{}]}`},
		"an unchanged spelling": {form, "city=a%20b+c", "city=a%20b+c"},
	} {
		c := call{header: http.Header{"Content-Type": {tc.media}}, body: []byte(tc.body)}
		got := c.edit(func(name, _ string, value any) (any, bool) {
			return value, name != "insurance.primary.carrier_code" && name != "insurances.card_type"
		})
		if diff := cmp.Diff(tc.want, string(got.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAFieldIsAddedInEachEncoding(t *testing.T) {
	t.Parallel()
	for media, tc := range map[string]struct{ body, want string }{
		asJSON: {`{"a":"1"}`, `{"a":"1","city":"x y"}`},
		form:   {"a=1", "a=1&city=x+y"},
		parts:  {part("a", "1") + end, part("a", "1") + part("city", "x y") + end},
	} {
		c := call{header: http.Header{"Content-Type": {media}}, body: []byte(tc.body)}
		if got := c.add("city", "x y"); string(got.body) != tc.want {
			t.Errorf("%s: %q", media, got.body)
		}
	}
}

func TestAnotherValueHasTheSameForm(t *testing.T) {
	t.Parallel()
	for was, want := range map[string]string{
		"1986-01-31": "1987-01-31", "132409": "132401", "car7556": "car7557", "0af": "0aa", "": "other",
		"a@example.com": "a@example.con",
	} {
		if got := another(nil, was); got != want {
			t.Errorf("%q becomes %q, want %q", was, got, want)
		}
	}
	if got := another([]any{"self", "child"}, "child"); got != "self" {
		t.Errorf("the last member becomes %q", got)
	}
}

// An event with another body is signed again with the secrets of its signatures; a wrong signature stays wrong.
func TestAChangedEventIsSignedAgain(t *testing.T) {
	t.Parallel()
	secrets := []string{"whsec_" + strings.Repeat("A", 32), "whsec_" + strings.Repeat("B", 32)}
	c := call{header: http.Header{idHeader: {"1"}, timestampHeader: {"2"}}, body: []byte("{}"), secrets: secrets}
	own, err := engine.Sign(secrets[1], c.header, c.body)
	if err != nil {
		t.Fatal(err)
	}
	c = c.with(signatureHeader, "v1,wrong "+own)
	changed := c
	changed.body = []byte("[]")
	now, err := engine.Sign(secrets[1], c.header, changed.body)
	if got := signed(c, changed).header.Get(signatureHeader); err != nil || got != "v1,wrong "+now {
		t.Errorf("%v: the signatures are %q", err, got)
	}
}
