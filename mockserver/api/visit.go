package api

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/origin"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// AddWalkIn makes a walk-in, or lets a patient enter an appointment.
func (handlers) AddWalkIn(ctx context.Context, c call) (reply, error) {
	made, err := c.clinic.AddWalkIn(ctx, c.token, clinic.NewWalkIn{
		Intake: c.body.text("intake_id"), Room: c.body.text("room_code"), Provider: c.body.text("provider_id"),
		Member: c.body.text("user_code"), Appointment: c.body.text("visit_id"),
		Scenario: c.scenario,
	})
	return reply{data: textVisitOf(c.clinic.Account(), made)}, err
}

// AddEConsult makes an asynchronous visit.
func (handlers) AddEConsult(ctx context.Context, c call) (reply, error) {
	made, err := c.clinic.AddEConsult(ctx, c.token, clinic.NewEConsult{
		Intake: c.body.text("intake_id"), Room: c.body.text("room_code"), Scenario: c.scenario,
	})
	return reply{data: visitOf(c.clinic.Account(), made)}, err
}

// AddVisit books an appointment.
func (handlers) AddVisit(ctx context.Context, c call) (reply, error) {
	made, err := c.clinic.AddAppointment(ctx, c.token, clinic.NewAppointment{
		Start: unixTime(c.body.text("slot_start")), End: unixTime(c.body.text("slot_end")),
		Intake: c.body.text("intake_id"), Room: c.body.text("room_code"), Provider: c.body.text("provider_id"),
		Member: c.body.text("member_id"), Scenario: c.scenario,
	})
	c.warnOfTimes(made.Visit, err)
	return reply{data: visitOf(c.clinic.Account(), made)}, err
}

// longVisit is the length of an appointment above which a wrong time is likely.
const longVisit = 24 * time.Hour

// warnOfTimes warns of unlikely times of an appointment. A patient's client books times of its own, so none is refused.
func (c call) warnOfTimes(v visits.Visit, err error) {
	if err != nil {
		return
	}
	if v.Start.Before(c.clinic.Clock().Now()) {
		c.warn("slot_start is in the past, by the clinic's clock")
	}
	if v.End.Sub(v.Start) > longVisit {
		c.warn("slot_end is more than a day after slot_start")
	}
}

// ListVisits returns the visits visible to the token's owner.
func (handlers) ListVisits(ctx context.Context, c call) (reply, error) {
	search := clinic.VisitSearch{
		Statuses: wholes(c.query["status"]), Kinds: wholes(c.query["type"]),
		Members: c.query["member_id"], Providers: c.query["provider_id"], Rooms: c.query["room_code"],
		Limit: number(c.query, "limit", 0),
	}
	search.Skip = (number(c.query, "page", 1) - 1) * search.Limit
	if upcoming := c.query.Get("upcoming"); upcoming != "" {
		search.Upcoming = new(isTrue(upcoming))
	}
	field, direction, sorted := strings.Cut(c.query.Get("sort"), ".")
	search.Sort, search.Ascending = field, sorted && direction == "asc"
	found, total, err := c.clinic.Visits(ctx, c.token, search)
	page := make([]textVisit, 0, len(found))
	for _, one := range found {
		shape := textVisitOf(c.clinic.Account(), one)
		shape.Intake = nil // the sample of the list has none
		page = append(page, shape)
	}
	return reply{data: page, total: &total}, err
}

func wholes(texts []string) []int {
	var numbers []int
	for _, text := range texts {
		numbers = append(numbers, whole(text))
	}
	return numbers
}

// GetVisit returns a visit.
func (handlers) GetVisit(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.Visit(ctx, c.token, c.params.Get("visit_id"))
	return reply{data: visitOf(c.clinic.Account(), found)}, err
}

// GetCurrentVisit returns the visit in progress of the token's owner, or else their walk-in that waits; null for none.
func (handlers) GetCurrentVisit(ctx context.Context, c call) (reply, error) {
	found, ok, err := c.clinic.CurrentVisit(ctx, c.token)
	if err != nil || !ok {
		return reply{}, err
	}
	return reply{data: textVisitOf(c.clinic.Account(), found)}, nil
}

// UpdateVisit moves a visit to another time or provider.
func (handlers) UpdateVisit(ctx context.Context, c call) (reply, error) {
	changed, err := c.clinic.ChangeVisit(ctx, c.token, c.params.Get("visit_id"), clinic.VisitChange{
		Start: c.body.optionalTime("slot_start"), End: c.body.optionalTime("slot_end"),
		Provider: c.body.optional("provider_id"),
	})
	if c.body.optionalTime("slot_start") != nil || c.body.optionalTime("slot_end") != nil {
		c.warnOfTimes(changed.Visit, err)
	}
	return reply{data: visitOf(c.clinic.Account(), changed)}, err
}

// StartVisit moves a visit to in progress.
func (handlers) StartVisit(ctx context.Context, c call) (reply, error) {
	id := c.body.text("id")
	err := c.clinic.StartVisit(ctx, c.token, id, c.body.optionalTime("actual_start"))
	return reply{data: idOnly{id}}, err
}

// CloseVisit ends a visit.
func (handlers) CloseVisit(ctx context.Context, c call) (reply, error) {
	id, status := c.body.text("id"), c.body.text("status")
	completed := strconv.Itoa(int(visits.Completed))
	switch {
	case status != "" && status != completed:
		c.warn("status is ignored: only " + completed + ", sent by a provider or an admin, has an effect")
	case status != "" && (c.user.Type == clinic.Member || c.user.Type == clinic.Guest):
		c.warn("status is ignored: it has an effect only when a provider or an admin sends it")
	}
	err := c.clinic.CloseVisit(ctx, c.token, id, clinic.Closing{
		Reason: visits.Reason(c.body.text("reason")), Complete: status == completed,
		End: c.body.optionalTime("actual_end"),
	})
	return reply{data: idOnly{id}}, err
}

// DeleteVisit cancels a visit.
func (handlers) DeleteVisit(ctx context.Context, c call) (reply, error) {
	id := c.body.text("id")
	return reply{data: idOnly{id}}, c.clinic.DeleteVisit(ctx, c.token, id)
}

// GetVisitSummary returns the address of the summary of a completed visit.
func (handlers) GetVisitSummary(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.Visit(ctx, c.token, c.params.Get("visit_id"))
	if err == nil && found.Status != visits.Completed {
		err = &clinic.Error{
			Kind: clinic.Invalid, Message: "the visit is " + found.Status.Word() + ": only a completed visit has a summary",
		}
	}
	return reply{data: struct {
		URL string `json:"url"`
	}{origin.Of(c.request) + "/visits/exports/" + found.Code}}, err
}

// optionalTime returns a field of Unix seconds, nil when it was not sent.
func (f *fields) optionalTime(place string) *time.Time {
	if !f.has(place) {
		return nil
	}
	return new(unixTime(f.text(place)))
}

// hasMeeting reports whether a visit is a call.
func hasMeeting(v clinic.Visit) bool { return v.Kind != visits.EConsult }

// hostsOf returns the providers of a visit.
func hostsOf(v clinic.Visit) []clinic.User {
	if v.Provider.ID == "" {
		return nil
	}
	return []clinic.User{v.Provider}
}

// usernames returns the usernames of users.
func usernames(users []clinic.User) []string {
	names := []string{}
	for _, u := range users {
		names = append(names, u.Username)
	}
	return slices.Clip(names)
}

// payment is what a visit costs: the mock takes no payments.
type payment struct {
	Duration    *int   `json:"duration"` // minutes; nil without a consultation
	Amount      string `json:"amount"`
	Description string `json:"description"`
	ID          string `json:"id,omitempty"`
}

func paymentOf(v clinic.Visit) payment {
	p := payment{Amount: "0.00", Description: "One-time charge"}
	if v.Consultation != nil {
		p.Duration, p.ID = &v.Consultation.Minutes, v.Consultation.ID
		p.Description = cmp.Or(v.Consultation.Description, p.Description)
	}
	return p
}
