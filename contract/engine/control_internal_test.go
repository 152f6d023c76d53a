package engine

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// endless is a reply without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A wrong --control-url may return anything, even a reply without an end.
func TestAControlReplyWithoutAnEndIsNotReadForEver(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, endless{}) // until the client leaves
	}))
	defer server.Close()
	c := controlapi.Client{URL: server.URL, Failure: redacted}
	if _, err := c.GetClock(t.Context(), "vclinic"); !errors.Is(err, bounded.ErrTooLarge) {
		t.Errorf("%v", err)
	}
}
