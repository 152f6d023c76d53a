package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// readings reads the token's user several times, and returns each status with its Retry-After.
func readings(t *testing.T, c *mocktest.Clinic, token string, n int) string {
	t.Helper()
	var seen []string
	for range n {
		r := get(t, c.BaseURL+"/users/-", byToken(token))
		seen = append(seen, strings.TrimSpace(fmt.Sprint(r.status, " ", r.header.Get("Retry-After"))))
	}
	return strings.Join(seen, ", ")
}

// A clinic's rate limit counts the requests with each token on the clinic's clock.
func TestAClinicsRateLimitCountsTheRequestsOfEachToken(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "limited", "")
	_, token := patient(t, c, "pat", "123")
	_, other := patient(t, c, "other", "124")
	limit := func(text string) {
		c.Control(t, http.MethodPatch, "", map[string]any{"rate_limit": json.RawMessage(text)}, nil)
	}
	limit(`{"requests": 2, "per": "10s"}`)
	for _, step := range []struct {
		pass  time.Duration
		token string
		want  string
	}{
		{0, token, "200, 200, 429 10, 429 10"},
		{0, other, "200, 200, 429 10"},
		{9500 * time.Millisecond, token, "429 1, 429 1"},
		{500 * time.Millisecond, token, "200, 200, 429 10"},
		{time.Hour, other, "200, 200, 429 10"},
	} {
		c.Advance(t, step.pass)
		if diff := cmp.Diff(step.want, readings(t, c, step.token, strings.Count(step.want, ",")+1)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", step.pass, diff)
		}
	}
	r := get(t, c.BaseURL+"/users/-", byToken(other))
	if got := r.message(t, http.StatusTooManyRequests); got != "too many requests: the clinic's rate_limit allows 2 in "+
		"10s with one token; wait until Retry-After is over" || r.header.Get("X-Mock-Evidence") != "ours" {
		t.Errorf("%s, %s", got, r.header.Get("X-Mock-Evidence"))
	}
	limit(`{"requests": 0}`)
	if got := readings(t, c, other, 3); got != "200, 200, 200" {
		t.Errorf("without a limit: %s", got)
	}
	limit(`{"requests": 1}`)
	if got := readings(t, c, other, 2); got != "200, 429 60" {
		t.Errorf("a limit without a time: %s", got)
	}
}

// A client that waits as long as it is told gets through; one that tries earlier does not.
func TestAFaultCanLastUntilItsRetryAfterIsOver(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "until", "")
	_, token := patient(t, c, "pat", "123")
	setFaults(t, c, `[{"operation": "getUser", "from": 2, "status": 429, "retry_after": "30s", `+
		`"until_retry_after": true}]`)
	for _, step := range []struct {
		pass time.Duration
		want string
	}{{0, "200, 429 30, 429 30"}, {time.Minute / 4, "429 15"}, {time.Minute/4 - 1, "429 1"}, {1, "200, 200"},
		{time.Hour, "200"}} {
		c.Advance(t, step.pass)
		if got := readings(t, c, token, strings.Count(step.want, ",")+1); got != step.want {
			t.Errorf("after %s: %s, want %s", step.pass, got, step.want)
		}
	}
}
