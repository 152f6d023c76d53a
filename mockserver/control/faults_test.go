package control_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The faults of a clinic are shown as sent, with the number of requests each has affected. A reset sets the numbers
// to 0 and keeps the faults.
func TestFaultsAreSetShownAndTakenAway(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	const path = "/clinics/one/faults"
	shown := func(method, body string) []string {
		t.Helper()
		var reply struct{ Data []json.RawMessage }
		c.ok(method, path, body, &reply)
		lines := []string{}
		for _, fault := range reply.Data {
			var line bytes.Buffer
			if err := json.Compact(&line, fault); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line.String())
		}
		return lines
	}
	want := func(what string, befallen int, got []string) {
		t.Helper()
		want := []string{
			`{"operation":"getMe","from":2,"times":3,"latency":"1ms~2ms","status":503,"retry_after":"30s","befallen":` +
				fmt.Sprint(befallen) + `}`,
			`{"operation":"signOn","probability":0.5,"slow":"1s","malformed":true,"befallen":0}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	const body = `[{"operation": "getMe", "from": 2, "times": 3, "latency": "1ms~2ms", "status": 503,
		"retry_after": "30s"},
		{"operation": "signOn", "probability": 0.5, "slow": "1s", "malformed": true}]`
	want("as set", 0, shown("PUT", body))
	for range 3 {
		read(t, one)
	}
	want("after three requests", 2, shown("GET", ""))
	want("set again", 0, shown("PUT", body))
	for range 3 {
		read(t, one)
	}
	c.ok("POST", "/clinics/one/reset", "", nil)
	want("after a reset", 0, shown("GET", ""))
	if status := read(t, one); status != 200 {
		t.Errorf("the first request after a reset is answered %d", status)
	}
	if status, text := c.do("DELETE", path, ""); status != 204 || text != "" {
		t.Errorf("DELETE: %d %s", status, text)
	}
	if left := shown("GET", ""); len(left) != 0 || read(t, one) != 200 {
		t.Errorf("after DELETE there are %v", left)
	}
	if none := shown("PUT", "[]"); len(none) != 0 {
		t.Errorf("an empty list is %v", none)
	}
}

// read makes the clinic's admin read their own user, and returns the status.
func read(t *testing.T, c *mocktest.Clinic) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", c.BaseURL+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", c.AdminToken)
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	return reply.StatusCode
}
