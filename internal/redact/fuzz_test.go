package redact_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/redact"
)

var (
	aToken  = regexp.MustCompile(`^«[a-z]+:[0-9]+:[a-z]+(#[0-9a-f]{4})?»$`)
	aSize   = regexp.MustCompile(`^«text:[0-9]+ bytes»$`)
	aField  = regexp.MustCompile(`^[a-z_][A-Za-z0-9_.-]{0,63}$`)
	aStatus = regexp.MustCompile(`^[45][0-9]{2}$`)
)

// A redacted body consists of tokens, of the document's allowed texts, and of names in the form of names. So no part of
// a value can be in it, whatever the value was.
func FuzzABodyLeavesTokensAlone(f *testing.F) {
	for _, body := range []string{
		`{"data": {"first_name": "Ada", "type": 200, "x": [1.5, null, true, {}]}, "code": 404}`, `{"a": 1} tail`,
		"<p>Ada</p>", `"Ada"`, "«string:3:letters#1234»",
		`{"a":{"a":"\u00ab"}}`, "a=b&type=200", "--b\r\nContent-Disposition: form-data; " +
			"name=\"first_name\"\r\n\r\nAda\r\n--b--\r\n",
	} {
		f.Add("application/json", []byte(body))
		f.Add("application/x-www-form-urlencoded", []byte(body))
		f.Add("multipart/form-data; boundary=b", []byte(body))
	}
	allow := allowed(f)
	r := redact.New([]byte("a seed"), allow)
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		left := r.Body(contentType, body)
		if left == "" || aSize.MatchString(left) {
			return
		}
		json, err := onlyTokensJSON(allow, left)
		form := onlyTokensForm(allow, left)
		if !form && (err != nil || !json) {
			t.Errorf("%q leaves %s", body, left)
		}
	})
}

func FuzzAPathLeavesTokensAlone(f *testing.F) {
	for _, path := range []string{"/api_v3/users/Ada", "/users//x/eligibility.json/", "/", "", "//", "/%7bid%7d/me",
		"/{id}"} {
		f.Add(path)
	}
	allow := allowed(f)
	r := redact.New([]byte("a seed"), allow)
	words := slices.Concat(allow.Segments, []string{""})
	for _, path := range allow.Paths {
		words = append(words, strings.Split(path, "/")...)
	}
	f.Fuzz(func(t *testing.T, path string) {
		left := r.Path((&url.URL{Path: path}).EscapedPath())
		for segment := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSuffix(left, "/"), ".json"), "/") {
			if !slices.Contains(words, segment) && !aToken.MatchString(segment) {
				t.Errorf("%q leaves %s", path, left)
			}
		}
	})
}

func allowedName(allow redact.Allow, name string) bool {
	_, declared := allow.Names[name]
	return declared || aField.MatchString(name) || aToken.MatchString(name)
}

func onlyTokensForm(allow redact.Allow, left string) bool {
	for line := range strings.FieldsFuncSeq(left, func(r rune) bool { return r == '&' || r == '\n' }) {
		name, value, _ := strings.Cut(line, "=")
		pair := allowedName(allow, name) && (aToken.MatchString(value) || aSize.MatchString(value) ||
			slices.Contains(allow.Values[name], value))
		if !pair && !aSize.MatchString(line) {
			return false
		}
	}
	return true
}

func onlyTokensJSON(allow redact.Allow, left string) (bool, error) {
	d := json.NewDecoder(strings.NewReader(left))
	d.UseNumber()
	var first json.RawMessage
	if err := d.Decode(&first); err != nil {
		return false, err
	}
	if rest := strings.TrimSpace(left[d.InputOffset():]); rest != "" && !aSize.MatchString(rest) {
		return false, errors.New("more follows the JSON")
	}
	return onlyTokens(allow, first, "", 0)
}

func onlyTokens(allow redact.Allow, raw json.RawMessage, name string, depth int) (bool, error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, item := range list {
			if ok, err := onlyTokens(allow, item, name, depth+1); !ok {
				return false, err
			}
		}
		return true, nil
	}
	if raw[0] == '{' {
		return onlyTokensInMembers(allow, raw, depth)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	token, err := d.Token()
	if err != nil {
		return false, err
	}
	switch token := token.(type) {
	case string:
		return aToken.MatchString(token) || slices.Contains(allow.Values[name], token), nil
	case json.Number:
		status := name == "code" && depth == 1 && aStatus.MatchString(token.String())
		return status || slices.Contains(allow.Values[name], token.String()), nil
	}
	return true, nil
}

// onlyTokensInMembers reads the JSON token by token, because a map would hide repeated names.
func onlyTokensInMembers(allow redact.Allow, raw json.RawMessage, depth int) (bool, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return false, err
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return false, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return false, err
		}
		name := token.(string)
		if ok, err := onlyTokens(allow, value, name, depth+1); !allowedName(allow, name) || !ok {
			return false, err
		}
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return true, nil
}
