package engine

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

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
	c := controlapi.Client{URL: server.URL, Failure: ControlFailure}
	if _, err := c.GetClock(t.Context(), "vclinic"); !errors.Is(err, bounded.ErrTooLarge) {
		t.Errorf("%v", err)
	}
}

// A clinic that waits for a slow receiver refuses a move. The run tries again, but not for ever.
func TestAMoveIsTriedAgainWhileTheClinicIsBusy(t *testing.T) {
	t.Parallel()
	for refusals, want := range map[int32]bool{0: true, busyTries - 1: true, busyTries: false} {
		var calls atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Mock-Version", "dev")
			if calls.Add(1) <= refusals {
				w.WriteHeader(http.StatusConflict)
				_, _ = io.WriteString(w, `{"error": {"code": 409, "message": "busy"}}`)
				return
			}
			_, _ = io.WriteString(w, `{}`)
		}))
		defer server.Close()
		err := advance(t.Context(), &controlapi.Client{URL: server.URL, Failure: ControlFailure}, "vclinic", time.Second)
		if (err == nil) != want || calls.Load() > busyTries {
			t.Errorf("after %d refusals: %v, in %d calls", refusals, err, calls.Load())
		}
	}
}
