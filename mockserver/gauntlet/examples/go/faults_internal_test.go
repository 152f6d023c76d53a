package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

const (
	secret = "whsec_dGhlIHNlY3JldCB0aGF0IGlzIGluIGZvcmNl"
	old    = "whsec_dGhlIG9uZSB0aGF0IHdhcyBiZWZvcmUgaXQ="
)

var signing = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}}

// fault makes a faulty receiver from an otherwise correct one.
type fault func(correct http.Handler) http.Handler

// The faults, each of them seen at integrators, with the cases each of them fails: those and no other.
var faults = map[string]struct {
	fault fault
	fails []string
}{
	"none":                               {func(correct http.Handler) http.Handler { return correct }, nil},
	"takes any signature":                {takesAnySignature, []string{"bad-signature", "old-secret", "altered-body"}},
	"takes a missing signature":          {takesMissingSignature, []string{"missing-signature"}},
	"still takes the old secret":         {takesOldSecret, []string{"old-secret"}},
	"looks at the first signature alone": {firstSignatureAlone, []string{"rotated-secret"}},
	"does not look at the age": {takesTimes(func(off time.Duration) bool { return off > 0 }),
		[]string{"stale-timestamp"}},
	"does not look ahead": {takesTimes(func(off time.Duration) bool { return off < 0 }),
		[]string{"future-timestamp"}},
	"verifies what it wrote anew": {verifies(compacted), []string{"raw-body"}},
	"verifies the fields it knows": {verifies(known),
		[]string{"altered-body", "large-body", "raw-body", "unknown-field"}},
	"refuses duplicates":              {refusesDuplicates, []string{"duplicate"}},
	"counts duplicates twice":         {countsTwice, []string{"duplicate-state"}},
	"looks the id up, then stores it": {looksUpThenStores, []string{"duplicate-at-once"}},
	"remembers the last id alone":     {remembersOne, []string{"duplicate-after-another"}},
	"keeps the result that came last": {keepsTheLast, []string{"out-of-order-state"}},
	"refuses what is out of order":    {refusesOutOfOrder, []string{"out-of-order"}},
	"refuses a result it knows":       {refusesKnownResults, []string{"already-read"}},
	"refuses types it does not know": {refuses(400, func(e sent) bool { return e.Type != "eligibility.checked" }),
		[]string{"claim-statuses", "unknown-type"}},
	"refuses types no list of VSee's has": {refuses(400, func(e sent) bool {
		return e.Type != "eligibility.checked" &&
			e.Type != "claim.updated"
	}), []string{"unknown-type"}},
	"refuses a claim that it has already": {refusesKnownClaims, []string{"claim-statuses"}},
	"refuses fields it does not know":     {refuses(422, sent.hasUnknownField), []string{"unknown-field"}},
	"refuses some texts": {refuses(400, func(e sent) bool {
		return strings.HasPrefix(e.Data.Response,
			"Inconsistent")
	}), []string{"every-text"}},
	"refuses a number for a member": {refuses(400, func(e sent) bool {
		return bytes.HasPrefix(e.Data.External,
			[]byte("5"))
	}), []string{"numeric-external-member-id"}},
	"fails on a large body": {refuses(500, func(e sent) bool { return e.size > bodyLimit }),
		[]string{"large-body"}},
	"fails on a slow sender":        {failsOnPieces, []string{"slow-sender"}},
	"fails once a connection broke": {failsAfterACut, []string{"cut-connection"}},
	"has room for 20":               {hasRoomFor20, []string{"hundred-at-once"}},
	"answers 500 to what it cannot verify": {answers500ToForged,
		[]string{"altered-body", "bad-signature", "future-timestamp", "missing-signature", "old-secret", "stale-timestamp"}},
}

// hidden are the cases that cannot be tried with a receiver that fails another one.
var hidden = map[string][]string{
	"duplicate":       {"duplicate-state", "duplicate-at-once", "duplicate-after-another"},
	"duplicate-state": {"duplicate-at-once", "duplicate-after-another"},
	"out-of-order":    {"out-of-order-state", "duplicate-after-another"},
}

func TestEachFaultFailsItsCases(t *testing.T) {
	t.Parallel()
	var work sync.WaitGroup
	free := make(chan struct{}, 16) // runs wait more than they work
	for name, tc := range faults {
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			report, err := tried(t, tc.fault, slices.Contains(tc.fails, "slow-sender"))
			if err != nil {
				t.Errorf("%s: %s", name, err)
			}
			var failed []string
			for _, r := range report.Results {
				switch r.Outcome {
				case gauntlet.Failed:
					failed = append(failed, r.ID)
				case gauntlet.NotTestable:
					if !slices.ContainsFunc(tc.fails, func(id string) bool { return slices.Contains(hidden[id], r.ID) }) {
						t.Errorf("%s: %s is not testable: %s", name, r.ID, r.Reason)
					}
				case gauntlet.Passed:
				}
			}
			want := slices.Sorted(slices.Values(tc.fails))
			slices.Sort(failed)
			if diff := cmp.Diff(want, failed); diff != "" {
				t.Errorf("%s: failed cases (-want +got):\n%s", name, diff)
			}
		})
	}
	work.Wait()
}

// tried plays the battery against a receiver with a fault.
func tried(t *testing.T, f fault, slow bool) (gauntlet.Report, error) {
	t.Helper()
	correct, err := newReceiver(secret, "")
	if err != nil {
		return gauntlet.Report{}, err
	}
	server := httptest.NewServer(f(correct.routes()))
	defer func() { _ = server.Config.Close() }() // no wait for lingering connections
	config := gauntlet.Config{
		URL: server.URL + "/hook", StateURL: server.URL + "/state",
		Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret, old}},
		Timeout: 20 * time.Second,
		Slow:    20 * time.Millisecond,
	}
	if slow {
		config.Slow = 400 * time.Millisecond // keeps the pieces of a body apart, on any machine
	}
	return gauntlet.Run(t.Context(), config)
}

// Every case of the battery can fail: a fault is planted for each but the first, the base of all the others.
func TestEveryCaseHasAFault(t *testing.T) {
	t.Parallel()
	for _, c := range gauntlet.Cases()[1:] {
		found := false
		for _, tc := range faults {
			found = found || slices.Contains(tc.fails, c.ID)
		}
		if !found {
			t.Errorf("no fault fails %s", c.ID)
		}
	}
}

// sent is an event as these faults see it.
type sent struct {
	event
	Data struct {
		EligibilityID string          `json:"eligibility_id"`
		MemberID      string          `json:"member_id"`
		Response      string          `json:"eligibility_response"`
		ClaimID       string          `json:"claim_id"`
		Status        string          `json:"status"`
		External      json.RawMessage `json:"external_member_id"`
	} `json:"data"`
	Unknown string `json:"unknown_field"`
	size    int
	text    []byte
}

func (e sent) hasUnknownField() bool { return e.Unknown != "" }

// seen returns the message sent to the hook, and the request with its body still to be read. It returns false for
// another request, and for an incomplete body.
func seen(r *http.Request) (sent, *http.Request, bool) {
	if r.URL.Path != "/hook" {
		return sent{}, r, false
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return sent{}, with(r, text), false
	}
	e := sent{text: text, size: len(text)}
	_ = json.Unmarshal(text, &e)
	return e, with(r, text), true
}

// with returns a request with another body.
func with(r *http.Request, body []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// genuine reports whether a message is signed by the secret in force, at any time.
func (e sent) genuine(r *http.Request) bool { return signing.Verify(r.Header, e.text) == nil }

// signed returns the request, as signed at a time.
func (e sent) signed(r *http.Request, at time.Time) *http.Request {
	_ = signing.Sign(r.Header, r.Header.Get("webhook-id"), at, e.text)
	return r
}

func (e sent) at(r *http.Request) time.Time {
	seconds, _ := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	return time.Unix(seconds, 0)
}

// changing returns a fault: the receiver changes the request before it handles it.
func changing(change func(e sent, r *http.Request) *http.Request) fault {
	return func(correct http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			e, r, ok := seen(r)
			if ok {
				r = change(e, r)
			}
			correct.ServeHTTP(w, r)
		})
	}
}

// refuses returns a fault: the receiver refuses some of the genuine messages.
func refuses(status int, refused func(e sent) bool) fault {
	return func(correct http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			e, r, ok := seen(r)
			if ok && e.genuine(r) && refused(e) {
				w.WriteHeader(status)
				return
			}
			correct.ServeHTTP(w, r)
		})
	}
}

var takesAnySignature = changing(func(e sent, r *http.Request) *http.Request {
	if r.Header.Get("webhook-signature") == "" {
		return r
	}
	return e.signed(r, e.at(r))
})

var takesMissingSignature = changing(func(e sent, r *http.Request) *http.Request {
	if r.Header.Get("webhook-signature") != "" {
		return r
	}
	return e.signed(r, e.at(r))
})

func takesOldSecret(http.Handler) http.Handler {
	r, err := newReceiver(secret, old)
	if err != nil {
		panic(err)
	}
	return r.routes()
}

var firstSignatureAlone = changing(func(_ sent, r *http.Request) *http.Request {
	first, _, _ := strings.Cut(r.Header.Get("webhook-signature"), " ")
	r.Header.Set("webhook-signature", first)
	return r
})

// takesTimes returns a fault: the receiver does not look at signed times too far off in one direction.
func takesTimes(taken func(off time.Duration) bool) fault {
	return changing(func(e sent, r *http.Request) *http.Request {
		if e.genuine(r) && taken(time.Since(e.at(r))) {
			return e.signed(r, time.Now())
		}
		return r
	})
}

// verifies returns a fault: the receiver verifies a text derived from the body, not the body itself.
func verifies(made func(text []byte) []byte) fault {
	return changing(func(e sent, r *http.Request) *http.Request { return with(r, made(e.text)) })
}

func compacted(text []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, text) != nil {
		return text
	}
	return b.Bytes()
}

// known writes the fields of the document, in its order, as they came.
func known(text []byte) []byte {
	var fields struct {
		ID      json.RawMessage `json:"id"`
		Type    json.RawMessage `json:"type"`
		Created json.RawMessage `json:"created"`
		Account json.RawMessage `json:"account_code"`
		Data    json.RawMessage `json:"data"`
	}
	if json.Unmarshal(text, &fields) != nil {
		return text
	}
	written, err := json.Marshal(fields)
	if err != nil {
		return text
	}
	return written
}

// refusesDuplicates is a fault: the receiver answers a duplicate as a conflict.
func refusesDuplicates(correct http.Handler) http.Handler {
	var ids sync.Map
	return refuses(409, func(e sent) bool {
		_, known := ids.LoadOrStore(e.ID, true)
		return known
	})(correct)
}

func refusesOutOfOrder(correct http.Handler) http.Handler {
	var mu sync.Mutex
	newest := map[string]int64{} // by member
	return refuses(409, func(e sent) bool {
		mu.Lock()
		defer mu.Unlock()
		if e.Created < newest[e.Data.MemberID] {
			return true
		}
		newest[e.Data.MemberID] = e.Created
		return false
	})(correct)
}

func refusesKnownResults(correct http.Handler) http.Handler {
	var results sync.Map // the ids of events, by the id of the check
	return refuses(409, func(e sent) bool {
		id, known := results.LoadOrStore(e.Data.EligibilityID, e.ID)
		return known && id != e.ID && e.Type == "eligibility.checked"
	})(correct)
}

// refusesKnownClaims is a fault: the receiver accepts each status of a claim only once.
func refusesKnownClaims(correct http.Handler) http.Handler {
	var known sync.Map
	return refuses(409, func(e sent) bool {
		if e.Type != "claim.updated" {
			return false
		}
		_, told := known.LoadOrStore(e.Data.ClaimID+" "+e.Data.Status, true)
		return told
	})(correct)
}
