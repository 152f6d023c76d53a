package requestid_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
)

func TestAnIDIsTakenWhenItIsFitForALog(t *testing.T) {
	t.Parallel()
	for sent, taken := range map[string]bool{
		"a": true, "4f1c-9/é"[:7]: true, "!~": true, strings.Repeat("x", 128): true,
		"": false, strings.Repeat("x", 129): false, "a b": false, "a\tb": false, "é": false, "a\x7f": false, "a\nb": false,
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header[requestid.Header] = []string{sent}
		want := ""
		if taken {
			want = sent
		}
		if got := requestid.FromRequest(r); got != want {
			t.Errorf("%q is taken as %q", sent, got)
		}
	}
	w := httptest.NewRecorder()
	w.Header().Set("x-request-id", "abc")
	if got := requestid.FromReply(w); got != "abc" {
		t.Errorf("the reply's id is %q", got)
	}
}
