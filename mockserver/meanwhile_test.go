package mockserver_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The list of clinics has the remaining ones if some are deleted meanwhile, and no error about a missing one.
func TestClinicsAreListedWhileOthersAreDeleted(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	ask := func(method, path, body string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, mock.URL+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0
		}
		in, err := mocktest.Client().Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = in.Body.Close()
		return in.StatusCode
	}
	for n := range 100 { // they take their time to list before the deleted one
		ask("POST", "/_mock/clinics", `{"account_code": "a`+strconv.Itoa(n)+`"}`)
	}
	var changed sync.WaitGroup
	var done atomic.Bool
	changed.Go(func() {
		defer done.Store(true)
		for range 100 {
			ask("POST", "/_mock/clinics", `{"account_code": "z"}`)
			ask("DELETE", "/_mock/clinics/z", "")
		}
	})
	for !done.Load() {
		for _, path := range []string{"/_mock/clinics", "/api_v3/accounts?start=100"} {
			if status := ask("GET", path, ""); status != http.StatusOK {
				t.Errorf("%s: %d", path, status)
			}
		}
	}
	changed.Wait()
}
