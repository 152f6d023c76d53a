package control

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// visitRoutes are the steps of a visit that only VSee's portal has, and the blocks of a provider's time.
func (c *Control) visitRoutes() []clinicRoute {
	return []clinicRoute{
		{"listVisits", http.MethodGet, "/visits", listHandler((*clinic.Clinic).AllVisits, visitOf,
			func(v visits.Visit) string { return v.ID })},
		{"getVisit", http.MethodGet, "/visits/{id}", showHandler((*clinic.Clinic).VisitByID, visitOf)},
		{"explainVisit", http.MethodGet, "/visits/{id}/explain", rowHandler((*clinic.Clinic).VisitRecord, c.explainVisit)},
		{"saveVisit", http.MethodGet, "/visits/{id}/scenario", rowHandler((*clinic.Clinic).VisitRecord, c.saveVisit)},
		{"setNote", http.MethodPut, "/visits/{id}/note", bodyHandler(setNote)},
		{"setInvoice", http.MethodPut, "/visits/{id}/invoice", bodyHandler(setInvoice)},
		{"refundVisit", http.MethodPost, "/visits/{id}/refund", showHandler((*clinic.Clinic).RefundVisit, visitOf)},
		{"acceptEConsult", http.MethodPost, "/visits/{id}/accept", stepOf((*clinic.Clinic).AcceptEConsult)},
		{"pickUpVisit", http.MethodPost, "/visits/{id}/pickup", stepOf((*clinic.Clinic).PickUpVisit)},
		{"cancelVisit", http.MethodPost, "/visits/{id}/cancel", stepOf((*clinic.Clinic).CancelVisit)},
		{"listBlocks", http.MethodGet, "/blocks", listHandler((*clinic.Clinic).Blocks, blockOf,
			func(b visits.Block) string { return b.ID })},
		{"addBlock", http.MethodPost, "/blocks", bodyHandler(addBlock)},
	}
}

func visitOf(v visits.Visit) controlapi.Visit {
	reply := controlapi.Visit{
		ID: v.ID, MemberID: v.MemberID, ProviderID: v.ProviderID, RoomCode: v.RoomCode, IntakeID: v.IntakeID,
		Type: int(v.Kind), Status: int(v.Status), StatusWord: v.Status.Word(), Start: v.Start, End: v.End,
		ActualStart: v.ActualStart, ActualEnd: v.ActualEnd, CompletedBy: v.CompletedBy, AppointmentID: v.AppointmentID,
		WalkInID: v.WalkInID, BlockID: v.BlockID, Note: string(v.Note), Scenario: v.Scenario,
		Created: v.Created, Modified: v.Modified,
	}
	if i := v.Invoice; i != nil {
		reply.Invoice = &controlapi.Invoice{ID: i.ID, Status: i.Status, Due: i.Due, Paid: i.Paid, Currency: i.Currency}
	}
	return reply
}

func (c *Control) explainVisit(r *http.Request, one *clinic.Clinic, record clinic.VisitRecord) (any, error) {
	v := record.Visit
	why := c.Clearinghouse.ExplainVisit(v)
	reply := controlapi.VisitExplanation{
		Visit: visitOf(v), Because: visitReason(v, why), Scenario: placeOf(why.Scenario, why.Line), Tried: why.Tried,
		History: []controlapi.VisitStep{}, Plan: []controlapi.PlannedStep{}, Deliveries: []controlapi.Delivery{},
	}
	for _, step := range v.History {
		report, err := c.eventReport(r, one, step.EventID)
		if err != nil {
			return nil, err
		}
		reply.History = append(reply.History, controlapi.VisitStep{
			Status: int(step.Status), StatusWord: step.Status.Word(), By: step.By, At: step.At, Event: report.Event,
		})
		reply.Deliveries = append(reply.Deliveries, report.Deliveries...)
	}
	due := record.Next
	for i, stage := range v.Plan {
		if i > 0 {
			due = due.Add(stage.After)
		}
		reply.Plan = append(reply.Plan, controlapi.PlannedStep{Action: string(stage.Action), Due: due})
	}
	return reply, nil
}

// visitReason explains the course of a visit in one clause.
func visitReason(v visits.Visit, why clearinghouse.Decision) string {
	says := "its client and the control API move it"
	switch {
	case v.Scenario != "" && v.Kind == visits.Scheduled && len(v.Plan)+len(v.WalkInID) == 0 && !v.Status.Ended():
		says = "its course begins when the patient enters the appointment"
	case v.Scenario != "":
		says = "its course follows from the patient and a card"
	}
	if why.Scenario != nil {
		says = why.Scenario.Title + " (" + says + ")"
	}
	return reasonFor(why, v.Scenario, "plans", "planned", says)
}

// saveVisit answers with a scenario file to repeat the course of a visit.
func (c *Control) saveVisit(_ *http.Request, one *clinic.Clinic, record clinic.VisitRecord) (any, error) {
	s, err := c.Clearinghouse.ReproduceVisit(record, one.Clock().Now())
	if err != nil {
		return nil, badRequest("%s", err)
	}
	return savedScenario(s)
}

func blockOf(b visits.Block) controlapi.Block {
	return controlapi.Block{
		ID: b.ID, RoomCode: b.RoomCode, ProviderID: b.ProviderID, Start: b.Start, End: b.End, Minutes: b.Minutes,
		Places: b.Places,
	}
}

func setNote(r *http.Request, one *clinic.Clinic, body controlapi.NoteChange) (any, error) {
	visit, err := one.SetNote(r.Context(), mux.Vars(r)["id"], visits.NoteStatus(body.Status))
	return visitOf(visit), err
}

func setInvoice(r *http.Request, one *clinic.Clinic, body controlapi.InvoiceChange) (any, error) {
	if body.Status == nil && body.Due == nil && body.Paid == nil {
		return nil, badRequest("send status, amount_due or amount_paid")
	}
	visit, err := one.SetInvoice(r.Context(), mux.Vars(r)["id"], clinic.InvoiceChange{
		Status: body.Status, Due: body.Due, Paid: body.Paid,
	})
	return visitOf(visit), err
}

// stepOf answers with the visit after a step of a provider.
func stepOf(step func(c *clinic.Clinic, ctx context.Context, id, provider string) (visits.Visit, error)) clinicHandler {
	return bodyHandler(func(r *http.Request, one *clinic.Clinic, by controlapi.ProviderOfVisit) (any, error) {
		visit, err := step(one, r.Context(), mux.Vars(r)["id"], by.ProviderID)
		return visitOf(visit), err
	})
}

// The length and the places of a slot when a request does not say.
const (
	defaultMinutes = 15
	defaultPlaces  = 1
)

func addBlock(r *http.Request, one *clinic.Clinic, body controlapi.NewBlock) (any, error) {
	block := clinic.NewBlock{
		Room: body.RoomCode, Provider: body.ProviderID, Start: body.Start, End: body.End, Minutes: defaultMinutes,
		Places: defaultPlaces,
	}
	if body.Start.IsZero() || body.End.IsZero() {
		return nil, badRequest("start and end are required: times such as 2026-01-29T12:00:00Z")
	}
	replace(&block.Minutes, body.Minutes)
	replace(&block.Places, body.Places)
	added, err := one.AddBlock(r.Context(), block)
	return blockOf(added), err
}
