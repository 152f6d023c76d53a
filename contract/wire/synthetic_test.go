package wire_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/wire"
)

func multipartOf(name, value string) (contentType, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField(name, value)
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

// fileOf returns a multipart body with an empty file.
func fileOf(name string) (contentType, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_, _ = w.CreateFormFile(name, "card.png")
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

func TestOnlySyntheticDataIsSentToASharedTarget(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	client, server, _ := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) }, func(c *wire.Config) {
		c.Shared, c.Synthetic = true, wire.DefaultSynthetic("VSee Edward", "Patient 11000022", "11000022")
	})
	multiFine, multiFineBody := multipartOf("insurance.primary_subscriber_num", "11000022")
	multiBad, multiBadBody := multipartOf("insurance.primary_subscriber_num", "W12345678")
	imaged, imagedBody := fileOf("card_front")
	for name, tc := range map[string]struct {
		contentType, body string
		sent              bool
	}{
		"nothing": {"", "", true},
		"the suite's own patient": {asJSON,
			`{"first_name": "Contract", "last_name": "Patient", ` +
				`"code": "contract-abc123", "email": "contract-1@example.com"}`, true},
		"a telephone number of fiction": {asForm, "phone=%2B12025550123", true},
		"a real telephone number":       {asForm, "phone=%2B12025551234", false},
		"a code in capitals":            {asForm, "code=contract-ABC", true},
		"a sandbox patient": {asForm,
			"first_name=VSee+Edward&last_name=Patient+11000022&insurance.primary_subscriber_num=11000022", true},
		"a sandbox patient, in parts":   {multiFine, multiFineBody, true},
		"a carrier":                     {asJSON, `{"insurance": {"primary": {"carrier_code": "car7556"}}}`, true},
		"a real name":                   {asJSON, `{"first_name": "Lovelace"}`, false},
		"a real name after the suite's": {asJSON, `{"first_name": "Contract Lovelace"}`, false},
		"a real e-mail address":         {asForm, "email=contract@lovelace.org", false},
		"a number":                      {asJSON, `{"insurance": {"primary": {"subscriber_num": 123456789}}}`, false},
		"a number in parts":             {multiBad, multiBadBody, false},
		"another spelling":              {asForm, "insurance__primary__subscriber_num=W12345678", false},
		"another case":                  {asForm, "First_Name=Lovelace", false},
		"JSON in a form":                {asForm, `insurance={"primary": {"subscriber_num": "W12345678"}}`, false},
		"a sandbox patient's card": {asJSON,
			`{"insurances": [{"subscriber_number": "11000022", "guarantor_first_name": "Contract"}]}`, true},
		"a card":                         {asJSON, `{"insurances": [{"subscriber_number": "W12345678"}]}`, false},
		"a guarantor":                    {asForm, "guarantor_last_name=Lovelace", false},
		"a guarantor's second line":      {asForm, "insurances.0.guarantor_address_2=Lovelace", false},
		"a list in a form":               {asForm, `insurances=[{"group_number": "W12345678"}]`, false},
		"an image":                       {imaged, imagedBody, false},
		"a list":                         {asJSON, `{"code": ["contract-1", "W12345678"]}`, false},
		"an object":                      {asJSON, `{"code": {"x": "W12345678"}}`, false},
		"the second of duplicate names":  {asJSON, `{"code": "contract-1", "code": "W12345678"}`, false},
		"half a JSON text":               {asJSON, `{"first_name"`, false},
		"more than JSON":                 {asJSON, `{} Lovelace`, false},
		"an unknown content type":        {"text/plain", "Lovelace", false},
		"no content type":                {"", "Lovelace", false},
		"a form without its boundary":    {"multipart/form-data", "Lovelace", false},
		"a broken form":                  {"multipart/form-data; boundary=x", "Lovelace", false},
		"a form with a broken character": {asForm, "code=%zz", false},
	} {
		before := asked.Load()
		_, err := ask(t.Context(), t, client, http.MethodPost, server.URL+"/users/sso", tc.contentType, tc.body)
		if sent := asked.Load() > before; sent != tc.sent || errors.Is(err, wire.ErrNotSynthetic) == tc.sent {
			t.Errorf("%s: sent: %t, error: %v", name, sent, err)
		}
		if err != nil && (strings.Contains(err.Error(), "Lovelace") || strings.Contains(err.Error(), "123456")) {
			t.Errorf("%s: the error has the value: %v", name, err)
		}
	}
	if _, err := ask(t.Context(), t, client, http.MethodGet, server.URL+"/?email=a@lovelace.org", "", ""); !errors.Is(err,
		wire.ErrNotSynthetic) {
		t.Errorf("a query is sent: %v", err)
	}
}

func TestATargetThatIsNotSharedGetsAnyData(t *testing.T) {
	t.Parallel()
	client, server, _ := serve(t, fine)
	if status, err := ask(t.Context(), t, client, http.MethodPost, server.URL, "text/plain", "Lovelace"); status != 200 {
		t.Errorf("%d, %v", status, err)
	}
}

// Every body is either sent or refused with ErrNotSynthetic.
func FuzzABodyIsSentOrRefused(f *testing.F) {
	for _, body := range []string{`{"a": [{}, 1, "x", null]}`, "a=b&c", "--x\r\n\r\n", "[", "]",
		`{"first_name": "contract"}`} {
		f.Add(asJSON, body)
		f.Add(asForm, body)
		f.Add("multipart/form-data; boundary=x", body)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		transport := newTransport(t, func(c *wire.Config) {
			c.Shared, c.Synthetic = true, wire.DefaultSynthetic()
			c.Next = sender(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})
		})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x.example/", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		in, err := transport.RoundTrip(r)
		if err != nil && !errors.Is(err, wire.ErrNotSynthetic) {
			t.Errorf("%q: %v", body, err)
		}
		if err == nil {
			in.Body.Close()
		}
	})
}
