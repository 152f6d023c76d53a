package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

func (c *Control) journalRoutes() []clinicRoute {
	return []clinicRoute{
		{"listDeliveries", http.MethodGet, "/deliveries",
			listHandler(fromJournal(c, (*journal.Journal).Deliveries), deliveryOf,
				func(d journal.ShownDelivery) string { return d.ID })},
		{"listJournal", http.MethodGet, "/journal",
			listHandler(fromJournal(c, (*journal.Journal).Exchanges), exchangeOf,
				func(e journal.Exchange) string { return e.ID })},
		{"listChanges", http.MethodGet, "/changes", listHandler(
			func(one *clinic.Clinic, _ context.Context, p clinic.Page) ([]feed.Item, error) {
				return c.changes(one, p)
			}, c.itemOf,
			func(i feed.Item) string { return strconv.FormatUint(i.Number, 10) })},
		{"getExchange", http.MethodGet, "/journal/{id}", c.getExchange},
	}
}

// changes returns the items of a clinic's stream, newest first, from the one before `after`.
func (c *Control) changes(one *clinic.Clinic, p clinic.Page) ([]feed.Item, error) {
	kept := c.Feed(one)
	if kept == nil {
		return nil, clinic.ErrUnknown
	}
	end := kept.After(0, 0).Newest + 1
	if p.After != "" {
		n, err := rowNumber(p.After)
		if err != nil {
			return nil, err
		}
		end = min(end, n)
	}
	items := kept.After(end-min(end, uint64(p.Limit)+1), p.Limit).Items //nolint:gosec // a limit is positive
	items = slices.DeleteFunc(items, func(i feed.Item) bool { return i.Number >= end })
	slices.Reverse(items)
	return items, nil
}

// rowNumber returns the number in `after`. The row itself may be gone: the journal keeps the newest ones.
func rowNumber(after string) (uint64, error) {
	n, err := strconv.ParseUint(after, 10, 63)
	if err != nil || n == 0 {
		return 0, badRequest("after must be the id of a row of this list: next of the page before")
	}
	return n, nil
}

func (c *Control) getExchange(r *http.Request, one *clinic.Clinic) (any, error) {
	kept := c.Journal(one)
	if kept == nil {
		return nil, clinic.ErrUnknown
	}
	e, ok := kept.Exchange(mux.Vars(r)["id"])
	if !ok {
		return nil, problem{http.StatusNotFound, fmt.Sprintf("the journal has no exchange with this id: it keeps the "+
			"last %d, and a reset empties it", journal.MaxExchanges)}
	}
	shown := exchangeOf(e)
	if by, ok := c.Clearinghouse.Scenario(one.ID(), e.FaultBy); ok {
		shown.FaultScenario = placeOf(&by, by.Line)
	}
	return shown, nil
}

// fromJournal finds rows in the journal of a clinic.
func fromJournal[T any](
	c *Control, rows func(j *journal.Journal, after string, limit int) []T,
) func(*clinic.Clinic, context.Context, clinic.Page) ([]T, error) {
	return func(one *clinic.Clinic, _ context.Context, p clinic.Page) ([]T, error) {
		kept := c.Journal(one)
		if kept == nil {
			return nil, clinic.ErrUnknown
		}
		if p.After != "" {
			if _, err := rowNumber(p.After); err != nil {
				return nil, err
			}
		}
		return rows(kept, p.After, p.Limit), nil
	}
}

func deliveryOf(d journal.ShownDelivery) controlapi.Delivery {
	return controlapi.Delivery{
		ID: d.ID, EventID: d.EventID, CheckID: d.CheckID, ClaimID: d.ClaimID, MemberID: d.MemberID, Type: d.EventType,
		Attempt: d.Attempt, At: d.At,
		RealAt: d.Began, Duration: controlapi.Span(d.Duration), URL: d.URL, Headers: d.Sent.Header, Body: d.Sent.Body,
		Status: d.Status, Answered: d.Answered.Header, Answer: d.Answered.Body, Reason: d.Reason, Detail: d.Detail,
		Hint: d.Hint, Sends: d.Sends, Next: d.Next, ByRetryAfter: d.ByRetryAfter, Misbehaviour: d.Misbehaviour,
	}
}

func exchangeOf(e journal.Exchange) controlapi.Exchange {
	return controlapi.Exchange{
		ExchangeFacts: factsOf(e.Facts, e.Path), Findings: findingsOf(e),
		Request: controlapi.Message{Headers: e.Request.Header, Body: e.Request.Body},
		Reply:   controlapi.Message{Headers: e.Reply.Header, Body: e.Reply.Body},
	}
}

func factsOf(f journal.Facts, path string) controlapi.ExchangeFacts {
	return controlapi.ExchangeFacts{
		ID: f.ID, At: f.At, RealAt: f.Began, Duration: controlapi.Span(f.Duration), Method: f.Method, Path: path,
		Operation: f.Operation, CheckID: f.CheckID, ClaimID: f.ClaimID, MemberID: f.MemberID, RequestID: f.RequestID,
		Status: f.Status, Violation: f.Violation, Fault: f.Fault, Warnings: f.Warnings,
	}
}
