package specs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// BenchmarkRun is a whole run against the mock: directly, and with a delay before each request of the run, as over a
// long way. The aims are 8 and 60 seconds.
func BenchmarkRun(b *testing.B) {
	for name, delay := range map[string]time.Duration{"direct": 0, "delay=100ms": 100 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			if delay > 0 && testing.Short() {
				b.Skip("-short leaves the delay out, which takes a minute")
			}
			requirements := all(b)
			mock := mocktest.Start(b)
			front := httptest.NewServer(delayed(mock.Server, delay))
			b.Cleanup(front.Close)
			for b.Loop() {
				run, err := engine.Run(b.Context(), engine.Options{
					Config:       config.Config{BaseURL: front.URL + "/api_v3", ControlURL: front.URL + "/_mock"},
					Requirements: requirements,
				})
				if err != nil || run.Broken != "" || len(run.Causes) > 0 {
					b.Fatal(err, run.Broken, run.Causes)
				}
			}
		})
	}
}

// delayed returns the mock with a delay before each request.
func delayed(mock *mockserver.Server, delay time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(delay):
			mock.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}
