package contract

import (
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The suite's own verifier agrees with one that is not ours.
func TestSignaturesAreVerifiedAsTheStandardSays(t *testing.T) {
	t.Parallel()
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{}`)
	signature, err := wh.Sign("event", time.Unix(1649949363, 0), body)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("webhook-id", "event")
	h.Set("webhook-timestamp", "1649949363")
	h.Set("webhook-signature", "v1,AAAA "+signature)
	if err := verify(h, secret, body); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"another body":        verify(h, secret, []byte(`{ }`)),
		"another secret":      verify(h, "whsec_"+strings.Repeat("A", 32), body),
		"a secret of no form": verify(h, "whsec_!", body),
		"no header":           verify(http.Header{}, secret, body),
	} {
		if err == nil {
			t.Errorf("%s is taken for genuine", what)
		}
	}
}

func TestRepliesAreHeldToTheDocument(t *testing.T) {
	t.Parallel()
	c, err := newChecker()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		what, method, path string
		status             int
		contentType, body  string
		want               string // "" when it is as it must be
	}{
		{"a refusal", "GET", "/me", 401, "application/json", `{"code": 401, "message": "no"}`, ""},
		{"a charset", "GET", "/me", 401, "application/json; charset=UTF-8", `{"code": 401, "message": "no"}`, ""},
		{"an unknown path", "GET", "/nothing", 404, "text/html", `<html>`, ""},
		{"an undocumented status", "GET", "/me", 418, "application/json", `{"code": 418, "message": "no"}`, "status is not supported"},
		{"an error page", "GET", "/me", 401, "text/html", `<html>`, "Content-Type"},
		{"broken JSON", "GET", "/me", 401, "application/json", `{"code"`, "failed to decode"},
		{"a missing field", "GET", "/me", 401, "application/json", `{"code": 401}`, `property "message" is missing`},
		{"an impossible date", "GET", "/me", 200, "application/json", strings.Replace(someone, "1986-01-01", "1986-02-31", 1), `format "date"`},
		{"a user", "GET", "/users/1", 200, "application/json", someone, ""},
		{"a notice of PHP", "GET", "/users/1", 200, "application/json", someone + "<b>Notice</b>", "something follows the JSON"},
	} {
		r := &http.Response{StatusCode: tc.status, Header: http.Header{"Content-Type": {tc.contentType}}}
		err := c.reply(t.Context(), tc.method, tc.path, r, []byte(tc.body))
		if (tc.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.what, err, tc.want)
		}
		if err != nil && strings.Contains(err.Error(), "1986-02-31") {
			t.Errorf("%s: the finding has a value in it: %s", tc.what, err)
		}
	}
	for payload, want := range map[string]string{
		`{"type": "visit.created"}`:       "openapi.yaml has no event of this type",
		`{"type": "eligibility.checked"}`: "the event breaks openapi.yaml",
		`x`:                               "the event is not JSON",
	} {
		if err := c.event([]byte(payload)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

const someone = `{"data": {"id": "1", "code": "c", "first_name": "a", "last_name": "b", "full_name": "a b", "username": "u",
	"vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f", "dob": "1986-01-01", "active": true, "tos": false, "status": 20,
	"subtype": "", "timezone": "America/Los_Angeles", "email_verified": true, "account_code": "v", "clinics": ["v"], "created": 1649934637}}`
