package mocktest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// Event is an event of a clinic, decoded from its payload in any envelope.
type Event struct {
	// ID is the id of the event, a UUID. Copies and retries have the same one.
	ID string
	// Type is the type, such as eligibility.checked or visit.ended.
	Type string
	// Created is when the event was made, on the clinic's clock, in whole seconds.
	Created time.Time
	// Account is the clinic's account code.
	Account string
	// Version is the envelope's: 1.0, 2.0, or empty for the unversioned one.
	Version string
	// MemberID is the id of the user, in digits.
	MemberID string
	// ExternalMemberID is external_member_id, which comes as a text or as a number; empty for none.
	ExternalMemberID string
	// CheckID is the eligibility_id; empty unless the event is about a check.
	CheckID string
	// Response is eligibility_response: Success, or the reason for another result. Empty unless it is about a check.
	Response string
	// ClaimID is the id of the claim; empty unless the event is about one. VSee has not defined claims.
	ClaimID string
	// VisitID is the id of the visit; empty unless the event is about one.
	VisitID string
	// Status is the status of the claim, or of the visit: a number as text, or a word in envelope 2.0.
	Status string
	// Data is the data of the payload as sent, a JSON object with more fields than those above.
	Data json.RawMessage
	// Copy is 1 for the first request with this event, 2 for the next one. Requests that got another answer than 2xx
	// count, too.
	Copy int
}

// Events returns the events so far, in order of arrival. It leaves out the requests that the receiver of a clinic has
// refused: see Received.Problem. The test fails at a body that is no event.
func (r *Receiver) Events(t testing.TB) []Event {
	t.Helper()
	var events []Event
	copies := map[string]int{}
	for _, request := range r.Received() {
		if request.Problem != "" {
			continue
		}
		e, err := decodeEvent(request.Body)
		if err != nil {
			t.Fatalf("mocktest: a request to the receiver is no event: %s", err)
		}
		copies[e.ID]++
		e.Copy = copies[e.ID]
		events = append(events, e)
	}
	return events
}

func decodeEvent(body []byte) (Event, error) {
	var payload struct {
		ID      string          `json:"id"`
		Type    string          `json:"type"`
		Version string          `json:"version"`
		Created int64           `json:"created"`
		Account string          `json:"account_code"`
		Clinic  string          `json:"clinic_code"` // of envelope 2.0
		Data    json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &payload); err != nil {
		return Event{}, errors.New("it is not a JSON object with the fields of an event")
	}
	data := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(payload.Data))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil || payload.ID == "" {
		return Event{}, errors.New("it has no id, or no data")
	}
	text := func(name string) string {
		if data[name] == nil {
			return ""
		}
		return fmt.Sprint(data[name])
	}
	e := Event{
		ID: payload.ID, Type: payload.Type, Created: time.Unix(payload.Created, 0).UTC(), Version: payload.Version,
		Account: cmp.Or(payload.Account, payload.Clinic), MemberID: text("member_id"),
		ExternalMemberID: text("external_member_id"), CheckID: text("eligibility_id"),
		Response: text("eligibility_response"), ClaimID: text("claim_id"), Status: text("status"), Data: payload.Data,
	}
	if strings.HasPrefix(e.Type, "visit.") {
		e.VisitID = text("id")
	}
	return e, nil
}

// tolerance is how far a signed time may be off, as Standard Webhooks recommends.
const tolerance = 5 * time.Minute

// verify returns the error in the signature of an event, by the clinic's present settings.
func (c *Clinic) verify(header http.Header, body []byte) error {
	found, ok := c.mock.Server.Clinics().Clinic(c.AccountCode)
	if !ok {
		return errors.New("the clinic is deleted")
	}
	settings, err := found.Settings(context.Background())
	if err != nil {
		return err
	}
	signing := cron.SigningFor(&settings.Webhook)
	signing.Secrets = signing.Secrets[:1] // the secret in force
	if !signing.Scheme.Signs() {
		return nil
	}
	if err := signing.Verify(header, body); err != nil {
		return err
	}
	now := clock.Wall()
	if settings.Webhook.Timestamp == outbox.TimestampClinic {
		now = found.Clock().Now()
	}
	if at, ok := signing.SignedAt(header); ok && now.Sub(at).Abs() > tolerance {
		return errors.New("the signed time is more than five minutes off")
	}
	return nil
}
