package gauntlet_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// The deliberate additions of the cases to a payload; the rest of it must follow the document.
var onPurpose = []string{"filling", "unknown_field", "altered"}

// A payload is valid to a case if it is valid to VSee's document, in every envelope.
func TestThePayloadsAreTheDocuments(t *testing.T) {
	t.Parallel()
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for _, envelope := range []webhook.Envelope{webhook.Unversioned, webhook.V1, webhook.V2} {
		t.Run(string(envelope), func(t *testing.T) {
			t.Parallel()
			known, claims, added := 0, 0, map[string]int{}
			for _, body := range sentIn(t, envelope) {
				switch idOf(t, body).Type {
				case "eligibility.checked":
				case "claim.updated":
					claims++
					if err := doc.CheckEvent("claim.updated", string(envelope), body); err != nil {
						t.Errorf("%s: %s", err, body)
					}
					continue
				default:
					added["type"]++
					continue
				}
				plain, field := without(t, body)
				added[field]++
				if err := doc.CheckEvent("eligibility.checked", string(envelope), plain); err != nil {
					t.Errorf("%s: %s", err, plain)
				}
				known++
			}
			if known < 160 || claims != 12 || added["type"] != 2 || added["filling"] != 1 || added["unknown_field"] != 1 ||
				added["altered"] != 1 {
				t.Errorf("%d payloads of the document, %d of claims, and with something on purpose %v", known, claims, added)
			}
		})
	}
}

// sentIn returns the bodies sent by a run: a whole one, or one of some cases.
func sentIn(t *testing.T, envelope webhook.Envelope, only ...string) [][]byte {
	t.Helper()
	var mu sync.Mutex
	var bodies [][]byte
	keep := func(_ http.Header, body []byte) int {
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, body)
		return 200
	}
	run(t, gauntlet.Config{
		URL: serve(t, keep, nil), Envelope: envelope, Account: "mine", MemberID: "7", Only: only,
		Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
	})
	return bodies
}

// without returns a payload without its deliberate additions, and those additions. The values stay as they came.
func without(t *testing.T, body []byte) (plain []byte, field string) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range onPurpose {
		if _, has := fields[name]; has {
			delete(fields, name)
			field = name
		}
	}
	plain, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return plain, field
}

// No event of a run has the id of an event of another run, or of another event of the same run.
func TestEventsAreTheirOwn(t *testing.T) {
	t.Parallel()
	times, checks := map[string]int{}, map[string][]int{}
	for n := range 2 {
		for _, body := range sentIn(t, webhook.Unversioned, "duplicate", "already-read", "every-text") {
			i := idOf(t, body)
			times[i.ID]++
			if check := i.Data.EligibilityID; check != "" && !slices.Contains(checks[check], n) {
				checks[check] = append(checks[check], n)
			}
		}
	}
	twice := 0
	for id, n := range times {
		if n > 2 || !strings.HasPrefix(id[14:], "4") {
			t.Errorf("%s came %d times", id, n)
		}
		if n == 2 {
			twice++
		}
	}
	if twice != 2 {
		t.Errorf("%d events came twice in two runs; the duplicate of each should have", twice)
	}
	for check, runs := range checks {
		if len(runs) > 1 {
			t.Errorf("both runs tell of check %s", check)
		}
	}
}
