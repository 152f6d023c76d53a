package headerlines_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
)

func TestLinesGiveTheirHeaderBack(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Header{
		"nil":      nil,
		"empty":    {},
		"two":      {"Webhook-Id": {"a: b"}, "Date": {"Mon, 30 Nov 2026 15:00:00 GMT"}},
		"repeated": {"Via": {"1.1 a", "", "1.1 b"}},
		"odd":      {"Odd ": {"\x00\x7f\xff"}},
	} {
		if diff := cmp.Diff(h, headerlines.Of(h).Header()); diff != "" {
			t.Errorf("%s (-header +lines):\n%s", name, diff)
		}
	}
}

func TestANameOfALineIsReadInAnyCase(t *testing.T) {
	t.Parallel()
	got := headerlines.Lines("content-LENGTH:0\r\nVia:\t a \r\n").Header()
	if diff := cmp.Diff(http.Header{"Content-Length": {"0"}, "Via": {"a"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAValueIsOneLine(t *testing.T) {
	t.Parallel()
	if got := string(headerlines.Lines(nil).With("Via", "a\r\nB: c")); got != "Via: a  B: c\r\n" {
		t.Errorf("%q", got)
	}
}
