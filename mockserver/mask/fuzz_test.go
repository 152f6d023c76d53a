package mask_test

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

const canary = "c4n4ry"

// isSecret reports whether a name is one of the API's credentials.
func isSecret(name string) bool {
	switch name {
	case "password", "email_token", "refresh_token", "token":
		return true
	}
	return false
}

// takes reports whether a server that reads a body by its content type, with the standard library, finds the canary
// in a credential.
func takes(contentType, body string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch media {
	case jsonType:
		var value any
		return json.Unmarshal([]byte(body), &value) == nil && within(value, false)
	case formType:
		values, err := url.ParseQuery(body)
		for name := range values {
			if err == nil && isSecret(name) && strings.Contains(strings.Join(values[name], " "), canary) {
				return true
			}
		}
	case "multipart/form-data":
		reader := multipart.NewReader(strings.NewReader(body), params["boundary"])
		for {
			part, err := reader.NextPart()
			if err != nil {
				return false
			}
			value, _ := io.ReadAll(part)
			if isSecret(part.FormName()) && strings.Contains(string(value), canary) {
				return true
			}
		}
	}
	return false
}

func within(value any, secret bool) bool {
	switch value := value.(type) {
	case string:
		return secret && strings.Contains(value, canary)
	case []any:
		for _, item := range value {
			if within(item, secret) {
				return true
			}
		}
	case map[string]any:
		for name, item := range value {
			if within(item, secret || isSecret(name)) {
				return true
			}
		}
	}
	return false
}

// However a body is made, a credential in it is not shown, be it one of the operation served or of another.
func FuzzNoCredentialIsShown(f *testing.F) {
	for _, seed := range []struct{ contentType, before, after string }{
		{jsonType, `{"pass\u0077ord": "`, `"}`},
		{jsonType, `{"username": "x", "password": ["`, `", 1], "a": {`},
		{jsonType, `{"a": "{", "b": {"token": {"x": "`, `"}}}`},
		{jsonType, `{"token": "\"`, `\\"} `},
		{formType, "%70assword=", "&username=x"},
		{formType, "a=%7B&refresh%5Ftoken=", "%"},
		{multi, "--B\r\nContent-Disposition: form-data; name = \"password\"\r\n\r\n", "\r\n--B--"},
		{multi, "--B\nContent-Disposition: form-data; name*=UTF-8''pass%77ord\n\n", "\n--B--"},
		{`multipart/form-data; boundary="a b"`, "x\r\n--a b \t\r\nContent-Disposition: form-data;\r\n " +
			"name=token\r\n\r\n--a\r\n", "\r\n--a b\r\n\r\n\r\n--a b--"},
	} {
		f.Add(seed.contentType, seed.before, seed.after, uint16(0))
	}
	f.Fuzz(func(t *testing.T, contentType, before, after string, more uint16) {
		if strings.Contains(before+after, canary) {
			return
		}
		body := before + canary + after
		for _, operation := range []string{"", "login", "signOn", "importCards"} {
			shown := masker(t).Request(operation, typed(contentType), mask.Body{Data: []byte(body)})
			cut := body[:min(int(more), len(body))]
			shown += masker(t).Request(operation, typed(contentType), mask.Body{Data: []byte(cut), More: len(body) - len(cut)})
			if strings.Contains(shown, canary) && takes(contentType, body) {
				t.Errorf("%q of %s is shown as %q", body, contentType, shown)
			}
		}
	})
}

// However a query is made, a credential in it is not shown.
func FuzzNoCredentialInAPathIsShown(f *testing.F) {
	f.Add("/auth?sso%5Ftoken=", "&next=/")
	f.Add("/auth?next=/v%3Fa=b&%73so_token=", "")
	f.Add("/x;y=%2F?a=[]&token=", ";")
	f.Fuzz(func(t *testing.T, before, after string) {
		u, err := url.ParseRequestURI(before + canary + after)
		if err != nil || strings.Contains(before+after, canary) {
			return
		}
		values, err := url.ParseQuery(u.RawQuery)
		for name := range values {
			secret := err == nil && (isSecret(name) || name == "sso_token")
			if secret && strings.Contains(strings.Join(values[name], " "), canary) {
				if shown := masker(t).Path(u.RequestURI()); strings.Contains(shown, canary) {
					t.Errorf("%s is shown as %s", u.RequestURI(), shown)
				}
			}
		}
	})
}
