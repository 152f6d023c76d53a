package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// inbox collects the requests to the demo's receiver. It refuses an event with a wrong signature, or with a signed time
// out of tolerance.
type inbox struct {
	now   func() time.Time // the clinic's clock
	elses string           // the check of the patient outside of the scenario

	mu   sync.Mutex
	came []parcel
	read int            // number of events already shown
	seen map[string]int // number of arrivals of each event
}

// parcel is an event as received.
type parcel struct {
	came   receiver.Request
	off    time.Duration // from the sending to the signed time
	nth    int           // 1 for its first arrival
	status int           // the receiver's answer
	signed string        // by which secret
	ID     string        `json:"id"`
	Data   struct {
		Check string `json:"eligibility_id"`
		Claim string `json:"claim_id"`
		State string `json:"status"` // of the claim
	} `json:"data"`
}

// tolerance is the maximum offset of the signed time from now, as recommended by Standard Webhooks.
const tolerance = 5 * time.Minute

// take answers one request.
func (in *inbox) take(_ context.Context, h receiver.Request) receiver.Answer {
	if h.Refused != nil {
		return *h.Refused
	}
	e := parcel{came: h, status: http.StatusOK}
	_ = json.Unmarshal(h.Body, &e) // a body without an event has no check
	if at, ok := demoSigning.SignedAt(h.Header); ok {
		e.off = at.Sub(in.now().Truncate(time.Second))
	}
	old := webhook.Signing{Scheme: webhook.Standard, Secrets: []string{demoOldSecret}}
	switch {
	case demoSigning.Verify(h.Header, h.Body) == nil:
		e.signed = "the signature is that of the body, by the clinic's secret"
	case old.Verify(h.Header, h.Body) == nil:
		e.signed, e.status = "the signature is that of the body by the clinic's previous secret, not by the one in force", http.StatusUnauthorized
	default:
		e.signed, e.status = "the signature is not that of the body, by the clinic's secret", http.StatusUnauthorized
	}
	if e.off.Abs() > tolerance {
		e.status = http.StatusUnauthorized
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.seen == nil {
		in.seen = map[string]int{}
	}
	in.seen[e.ID]++
	e.nth = in.seen[e.ID]
	in.came = append(in.came, e)
	return receiver.Answer{Status: e.status}
}

// waiting reports whether there are events not shown yet.
func (in *inbox) waiting() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.came) > in.read
}

// next returns the events since the last call.
func (in *inbox) next() []parcel {
	in.mu.Lock()
	defer in.mu.Unlock()
	fresh := slices.Clone(in.came[in.read:])
	in.read = len(in.came)
	return fresh
}

// has reports whether the receiver got an event of a check.
func (in *inbox) has(check string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.ContainsFunc(in.came, func(e parcel) bool { return e.Data.Check == check })
}

// maxAlike is the number of repeats to list for an event already shown in full.
const maxAlike = 19

// shows prints the new events. some reports whether there were any, and ofIt whether one belonged to the check.
func (p *player) shows(check string) (some, ofIt bool) {
	alike, full := 0, map[string]bool{}
	for _, e := range p.in.next() {
		some, ofIt = true, ofIt || e.Data.Check == check
		p.told[e.Data.Check] = p.told[e.Data.Check] || e.status == http.StatusOK
		like := fmt.Sprint(e.Data.Check, e.Data.Claim, e.Data.State, e.status, e.signed)
		if full[like] {
			if alike++; alike <= maxAlike {
				p.say("  < POST /vsee-webhook, webhook-id %s: the same, %s", e.came.Header.Get("webhook-id"), e.times("by an id of its own"))
			}
			continue
		}
		full[like] = true
		p.event(e.came)
		for _, remark := range append(e.remarks(p.now.Webhook.Slow > 0), p.whose(e.Data.Check, check)) {
			if remark != "" {
				p.say("  %s", remark)
			}
		}
	}
	if alike > maxAlike {
		p.say("  … and %d more like it", alike-maxAlike)
	}
	return some, ofIt
}

// times says how often an event has come; first is the text for its first arrival.
func (e parcel) times(first string) string {
	switch e.nth {
	case 1:
		return first
	case 2:
		return "for the 2nd time"
	case 3:
		return "for the 3rd time"
	}
	return fmt.Sprintf("for the %dth time", e.nth)
}

// remarks returns the remarks about an event.
func (e parcel) remarks(slow bool) []string {
	remarks := []string{e.signed}
	say := func(so bool, format string, args ...any) {
		if so {
			remarks = append(remarks, fmt.Sprintf(format, args...))
		}
	}
	say(e.off < -tolerance, "it is signed as of %s before it was sent", -e.off)
	say(e.off > tolerance, "it is signed as of %s after it was sent", e.off)
	say(e.nth > 1, "it comes %s", e.times(""))
	say(len(e.came.Raw) != len(e.came.Body), "it came compressed, in %d bytes for %d", len(e.came.Raw), len(e.came.Body))
	say(slow, "its body took %s of real time to come", e.came.Took.Round(time.Millisecond))
	unknown := e.unknown()
	say(len(unknown) > 0, "it has a field that VSee does not know: %s", strings.Join(unknown, ", "))
	say(e.status != http.StatusOK, "the receiver answers %d", e.status)
	return remarks
}

// unknown returns the fields of an event missing from its envelope.
func (e parcel) unknown() []string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(e.came.Body, &fields) // other bodies have no fields
	for _, known := range []string{"id", "type", "created", "account_code", "data"} {
		delete(fields, known)
	}
	return slices.Sorted(maps.Keys(fields))
}
