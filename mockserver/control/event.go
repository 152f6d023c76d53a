package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func (c *Control) eventRoutes() []clinicRoute {
	return []clinicRoute{
		{"listEvents", http.MethodGet, "/events", listHandler((*clinic.Clinic).Events, eventOf,
			func(e outbox.Event) string { return e.ID })},
		{"fireEvent", http.MethodPost, "/events", bodyHandler(c.fireEvent)},
		{"getEvent", http.MethodGet, "/events/{id}", c.getEvent},
		{"resendEvent", http.MethodPost, "/events/{id}/resend", c.resendEvent},
	}
}

func eventOf(e outbox.Event) controlapi.Event {
	return controlapi.Event{
		ID: e.ID, Type: e.Type, Created: e.Created, Data: e.Data, CheckID: e.CheckID, ClaimID: e.ClaimID,
		VisitID: e.VisitID, MemberID: e.MemberID(), Status: string(e.Status), Detail: skippedDetail(e),
		Attempts: e.Attempts, Next: e.Next, WaitsFor: e.WaitsFor, Misbehaviour: e.Misbehaviour,
	}
}

// skippedDetail says why an event was skipped, and what to do; "" for any other.
func skippedDetail(e outbox.Event) string {
	switch {
	case e.Status != outbox.Skipped:
		return ""
	case e.Unwanted:
		return "the clinic does not want this type: webhook.events lists the wanted types; events resend sends it"
	}
	return "the clinic had no webhook URL: serve --webhook-url or listen --mock sets one; events resend then sends it"
}

// eventReport returns an event, and its delivery attempts still in the journal, oldest first.
func (c *Control) eventReport(r *http.Request, one *clinic.Clinic, id string) (controlapi.EventReport, error) {
	event, err := one.Event(r.Context(), id)
	if err != nil {
		return controlapi.EventReport{}, err
	}
	reply := controlapi.EventReport{Event: eventOf(event), Deliveries: []controlapi.Delivery{}}
	if kept := c.Journal(one); kept != nil {
		for _, d := range kept.DeliveriesOf(id) {
			reply.Deliveries = append(reply.Deliveries, deliveryOf(d))
		}
	}
	slices.Reverse(reply.Deliveries)
	if event.CheckID == "" && event.Type == clinic.EligibilityChecked { // it was sent by hand
		reply.Warnings = checkedWarnings(r.Context(), one, event)
	}
	return reply, nil
}

func (c *Control) getEvent(r *http.Request, one *clinic.Clinic) (any, error) {
	return c.eventReport(r, one, mux.Vars(r)["id"])
}

func (c *Control) resendEvent(r *http.Request, one *clinic.Clinic) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), defaultSettle)
	defer cancel()
	var event outbox.Event
	err := c.Loop.RunExclusively(ctx, one.ID(), func() error {
		var err error
		event, err = one.ResendEvent(ctx, mux.Vars(r)["id"])
		return err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, problem{http.StatusGatewayTimeout, "another attempt is still in progress: the event was not sent again"}
	}
	if err != nil {
		return nil, err
	}
	return c.sendNow(r, one, event)
}

// fireEvent sends an event by hand, without a cause in the clinic.
func (c *Control) fireEvent(r *http.Request, one *clinic.Clinic, body controlapi.NewEvent) (any, error) {
	if !slices.Contains(c.Events, body.Type) {
		return nil, badRequest("type must be an event that the mock knows: %s%s", strings.Join(c.Events, ", "),
			didYouMean(body.Type, c.Events))
	}
	if body.MemberID == "" {
		return nil, badRequest("member_id must be the id of a user: GET …/users lists them")
	}
	check := func(e outbox.Event, w clinic.Webhook) error {
		if err := c.Check(one.Account(), w.Envelope, e); err != nil {
			declared, _ := embedded.Spec().Event(e.Type)
			return placedError{
				problem{http.StatusBadRequest, fmt.Sprintf("the event breaks openapi.yaml: %s", err)},
				placeIn(e.Type, declared.Place(w.Envelope, err.Error())),
			}
		}
		return nil
	}
	event, err := one.FireEvent(r.Context(), body.Type, body.MemberID, body.Data, check)
	if err != nil {
		return nil, err
	}
	return c.sendNow(r, one, event)
}

// placedError is the refusal of an event, with the place of the rule in VSee's document.
type placedError struct {
	problem
	place *controlapi.DocumentPlace
}

// checkedWarnings returns the parts of the event of a check, sent by hand, that no event of VSee has.
func checkedWarnings(ctx context.Context, one *clinic.Clinic, event outbox.Event) (warnings []string) {
	var data clinic.EligibilityCheckedData
	_ = json.Unmarshal(event.Data, &data) // openapi.yaml says that they are texts
	if _, isCode := scenarios.ReasonOf(data.EligibilityResponse); isCode && !scenarios.IsText(data.EligibilityResponse) {
		warnings = append(warnings, "data.eligibility_response is the code of a text, and VSee sends the text itself: "+
			"`vsee-mock scenarios texts` lists both")
	} else if !scenarios.IsText(data.EligibilityResponse) {
		warnings = append(warnings, fmt.Sprintf("data.eligibility_response is none of the %d texts of VSee: "+
			"`vsee-mock scenarios texts` lists them", len(scenarios.Reasons())+1))
	}
	if check, err := one.EligibilityCheck(ctx, data.EligibilityID); err != nil || check.MemberID != event.MemberID() {
		warnings = append(warnings, "data.eligibility_id is not the id of a check of this user: start a check first, or "+
			"send the id in data.eligibility_id")
	}
	return warnings
}

// sendNow waits until a due event has been sent, and returns the result.
func (c *Control) sendNow(r *http.Request, one *clinic.Clinic, event outbox.Event) (controlapi.EventReport, error) {
	var none controlapi.EventReport
	ctx, cancel := context.WithTimeout(r.Context(), defaultSettle)
	defer cancel()
	_, err := c.Loop.Settle(ctx, one.ID(), func(cron.Done) {})
	if errors.Is(err, context.DeadlineExceeded) {
		return none, problem{http.StatusGatewayTimeout, "the event is recorded, and will be sent; " + c.pendingSentence(one)}
	}
	if errors.Is(err, due.ErrStopped) {
		return none, problem{errStopping.status, "the event is recorded, and may not have been sent; " +
			errStopping.message}
	}
	if errors.Is(err, due.ErrStuck) {
		return none, problem{http.StatusConflict, "the event is recorded, and will be sent; " + busyMessage}
	}
	if err != nil {
		return none, err
	}
	return c.eventReport(r, one, event.ID)
}
