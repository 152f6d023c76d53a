package api

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// loaded returns openapi.yaml. Loading takes a while, so it happens once.
var loaded = sync.OnceValues(func() (*document.Document, error) { return document.Load(vseemock.OpenAPI()) })

// The journal masks every value the API reads as a credential: it must take bodies apart in the same way.
func FuzzWhatTheAPIReadsAsACredentialIsMasked(f *testing.F) {
	const canary = "c4n4ry"
	const login = "--a,b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\npat\r\n" +
		"--a,b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"
	for _, seed := range []struct{ contentType, before, after string }{
		{"application/json", `{"pass\u0077ord": "`, `"}`},
		{"application/x-www-form-urlencoded", "%70assword=", "&username=x"},
		{"application/x-www-form-urlencoded; boundary=other", "password=", "&username=x"},
		{"multipart/form-data; boundary=a,b",
			"--a\r\nContent-Disposition: form-data; name=\"city\"\r\n\r\n" + login,
			"\r\n--a,b--\r\n--a--\r\n"},
		{"multipart/form-data; boundary=a; boundary=a,b", login, "\r\n--a,b--"},
		{"application/x-www-form-urlencoded; boundary=a,b",
			strings.ReplaceAll(login, "form-data;", "attachment;"), "\r\n--a,b--"},
		{`multipart/form-data; boundary="a;\b"`,
			"--a;b\n" + "content-disposition: x; name*=UTF-8''pass%77ord\n\n", "\n--a;b--"},
	} {
		f.Add(seed.contentType, seed.before, seed.after)
	}
	doc, err := loaded()
	if err != nil {
		f.Fatal(err)
	}
	masker := mask.New(doc)
	f.Fuzz(func(t *testing.T, contentType, before, after string) {
		body := []byte(before + canary + after)
		if strings.Contains(before+after, canary) {
			return
		}
		for operation, credentials := range map[string][]string{
			"login":        {"password", "email_token"},
			"refreshToken": {"refresh_token"},
		} {
			read, err := decodeFields(contentType, body, doc.Operation(operation).Body, nil)
			for _, name := range credentials {
				if err == nil && strings.Contains(read.text(name), canary) {
					shown := masker.Request(operation, http.Header{"Content-Type": {contentType}}, mask.Body{Data: body})
					if strings.Contains(shown, canary) {
						t.Errorf("%q of %s is shown as %q", body, contentType, shown)
					}
				}
			}
		}
	})
}
