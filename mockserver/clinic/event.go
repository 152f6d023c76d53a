package clinic

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// EligibilityChecked is the type of the event with a check's result (seed, step 5).
const EligibilityChecked = "eligibility.checked"

// EligibilityCheckedData is the data of an EligibilityChecked event, in the guide's order.
type EligibilityCheckedData struct {
	EligibilityID       string `json:"eligibility_id"`
	MemberID            string `json:"member_id"`
	EligibilityResponse string `json:"eligibility_response"`
	ExternalMemberID    string `json:"external_member_id"`
}

// MarshalJSON implements json.Marshaler: it writes plain texts, which nearly all are, without reflection. A check
// ends with this.
func (d EligibilityCheckedData) MarshalJSON() ([]byte, error) {
	type fields EligibilityCheckedData
	if !isPlain(d.EligibilityID) || !isPlain(d.MemberID) || !isPlain(d.EligibilityResponse) ||
		!isPlain(d.ExternalMemberID) {
		return json.Marshal(fields(d))
	}
	return []byte(`{"eligibility_id":"` + d.EligibilityID + `","member_id":"` + d.MemberID +
		`","eligibility_response":"` + d.EligibilityResponse + `","external_member_id":"` + d.ExternalMemberID + `"}`), nil
}

// isPlain reports whether JSON writes a text as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || strings.IndexByte(`"\\<>&`, c) >= 0 {
			return false
		}
	}
	return true
}

// UserCreated is the type of the event for the first sign-on of a user. VSee publishes its name and when it is sent;
// its data is ours.
const UserCreated = "user.created"

// UserCreatedData is the data of a UserCreated event.
type UserCreatedData struct {
	MemberID  string `json:"member_id"`
	Code      string `json:"code"`
	Type      Type   `json:"type"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email,omitempty"`
}

// EventTypes returns the event types available to a clinic.
func EventTypes() []string {
	return append([]string{EligibilityChecked, UserCreated, claims.UpdatedEvent}, visits.EventTypes()...)
}

// WantsEvent reports whether events of a type are sent to a webhook. A clinic must ask for UserCreated, because some
// receivers do not know it.
func WantsEvent(w Webhook, kind string) bool {
	if w.Events == nil {
		return kind != UserCreated
	}
	return slices.Contains(w.Events, kind)
}

func newEvent(tx Tx, kind string, now time.Time, data any) (outbox.Event, error) {
	marshal := func() ([]byte, error) { return json.Marshal(data) }
	if own, ok := data.(json.Marshaler); ok {
		marshal = own.MarshalJSON // without a check of its JSON
	}
	text, err := marshal()
	if err != nil {
		return outbox.Event{}, fmt.Errorf("writing the data of an event: %w", err)
	}
	return outbox.Event{ID: outboxOf(tx).NewEventID(now), Type: kind, Created: now, Data: text}, nil
}

// recordEvent records an event about a user. The event is not sent if the clinic has not asked for its type.
func recordEvent(tx Tx, event outbox.Event, userID string) {
	if WantsEvent(tx.Settings().Webhook, event.Type) {
		outbox.RecordEvent(outboxOf(tx), event, userID, event.Created)
		return
	}
	event.Status, event.Unwanted = outbox.Skipped, true
	tx.PutEvent(event)
}

func userCreatedData(u *User) UserCreatedData {
	return UserCreatedData{u.ID, u.Code, u.Type, u.FirstName, u.LastName, u.Email}
}

// FireEvent records an event about a user on request, and makes its delivery due. The data comes from the user, from
// their last check or claim, or from an example. The fields in set replace those of the data; nil removes one. check
// may refuse the event.
func (c *Clinic) FireEvent(
	ctx context.Context, kind, userID string, set map[string]any, check func(outbox.Event, Webhook) error,
) (outbox.Event, error) {
	return updateAndWake(ctx, c, func(tx Tx) (outbox.Event, error) {
		user, ok := tx.Users().Get(userID)
		if !ok {
			return outbox.Event{}, refuse(NotFound, "the clinic has no user with this id: GET …/users lists them")
		}
		if tx.Settings().Webhook.URL == "" {
			return outbox.Event{}, errNoWebhook
		}
		event, err := c.eventByHand(tx, kind, user, set)
		if err != nil {
			return event, err
		}
		if err := check(event, tx.Settings().Webhook); err != nil {
			return event, err
		}
		outbox.RecordEvent(outboxOf(tx), event, user.ID, event.Created)
		event, _ = tx.Events().Get(event.ID)
		return event, nil
	})
}

// eventByHand returns an event about a user with these fields in its data.
func (c *Clinic) eventByHand(tx Tx, kind string, user User, set map[string]any) (outbox.Event, error) {
	if visits.IsEvent(kind) {
		return c.visitEventByHand(tx, kind, user, set)
	}
	event, err := newEvent(tx, kind, c.clock.Now(), c.eventData(tx, kind, user, set))
	if err == nil {
		event.Data, err = overrideFields(event.Data, set)
	}
	return event, err
}

// overrideFields returns the data of an event with these fields instead of its own.
func overrideFields(data json.RawMessage, set map[string]any) (json.RawMessage, error) {
	fields := map[string]any{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("reading the data of an event: %w", err)
	}
	merge(fields, set)
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("writing the data of an event: %w", err)
	}
	return text, nil
}

// merge sets fields of an object, and those of the objects in it. A nil removes one.
func merge(fields, set map[string]any) {
	for name, value := range set {
		within, isObject := fields[name].(map[string]any)
		part, setsPart := value.(map[string]any)
		switch {
		case isObject && setsPart:
			merge(within, part)
		case value == nil:
			delete(fields, name)
		default:
			fields[name] = value
		}
	}
}

// eventData returns the data for an event about a user. It comes from the last check or claim with the fields in set,
// or from an example.
func (c *Clinic) eventData(tx Tx, kind string, user User, set map[string]any) any {
	switch kind {
	case UserCreated:
		return userCreatedData(&user)
	case claims.UpdatedEvent:
		status, _ := set["status"].(string)
		return c.lastClaim(tx, user, claims.Status(status)).EventData(user.ExternalID)
	}
	if id, isText := set["eligibility_id"].(string); isText {
		return EligibilityCheckedData{id, user.ID, Success, user.ExternalID}
	}
	return lastCheckData(tx, user)
}

// lastCheckData returns the event data of a user's last finished check, or of a pending one with Success. A user with
// no check gets an id that no check has or will have.
func lastCheckData(tx Tx, user User) EligibilityCheckedData {
	data := EligibilityCheckedData{"", user.ID, Success, user.ExternalID}
	for _, check := range tx.Checks().Newest("", recentChecks) {
		switch {
		case check.MemberID != user.ID:
		case check.Status() == CheckDone:
			data.EligibilityID, data.EligibilityResponse = check.ID, check.Answer.Text
			return data
		case data.EligibilityID == "":
			data.EligibilityID = check.ID
		}
	}
	if data.EligibilityID == "" {
		data.EligibilityID = newCheckID(tx)
	}
	return data
}

// recentChecks is the maximum number of checks that lastCheck searches.
const recentChecks = 1_000
