package control

import (
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

func clinicOf(r *http.Request, one *clinic.Clinic) (controlapi.Clinic, error) {
	s, err := one.Settings(r.Context())
	if err != nil {
		return controlapi.Clinic{}, err
	}
	pending, err := one.Pending(r.Context())
	if err != nil {
		return controlapi.Clinic{}, err
	}
	reply := controlapi.Clinic{
		AccountCode: s.AccountCode, Name: s.Name, Description: s.Description, BaseURL: "http://" + r.Host + "/api_v3",
		APIKey: s.Key, APISecret: s.Secret, AdminToken: s.AdminToken, Webhook: webhookOf(s.Webhook),
		CronDelay: controlapi.Span(*s.CronDelay), TokenLife: controlapi.Span(*s.TokenLife), Insurers: []controlapi.Insurer{},
		Claims: claimSettingsOf(*s.Claims, *s.CronDelay), Seed: s.Seed, Clock: clockOf(one), UnknownFields: string(s.UnknownFields),
		Pending:           controlapi.Pending{Checks: pending[clinic.FinishWork], Claims: pending[clinic.ClaimWork], Deliveries: pending[clinic.DeliverWork]},
		AcceptGender3And4: s.AcceptGender3And4,
	}
	for _, i := range s.Insurers {
		reply.Insurers = append(reply.Insurers, controlapi.Insurer(i))
	}
	return reply, nil
}

func userOf(u clinic.User) controlapi.User {
	return controlapi.User{
		ID: u.ID, Code: u.Code, Type: int(u.Type), FullName: u.FullName(), Email: u.Email, Created: u.Created,
		Roles: u.Assigned.Roles, Rooms: u.Assigned.Rooms, Groups: u.Assigned.Groups, Providers: u.Assigned.Providers,
		Responses: controlapi.CardResponses{Primary: u.Responses[clinic.Primary], Secondary: u.Responses[clinic.Secondary]},
	}
}

func checkOf(k clinic.Check) controlapi.Check {
	reply := controlapi.Check{
		ID: k.ID, MemberID: k.MemberID, Carrier: k.Carrier, Card: k.Order.String(), Status: string(k.Status),
		Started: k.Started, Due: k.Due, Finished: k.Finished, EventID: k.EventID,
		Rule: k.Answer.Rule, Scenario: k.Answer.Scenario, Why: k.Answer.Why,
	}
	if k.Status == clinic.CheckDone {
		reply.Response, reply.RejectCode = k.Answer.Text, k.Answer.Code
	}
	return reply
}

func eventOf(e clinic.Event) controlapi.Event {
	reply := controlapi.Event{
		ID: e.ID, Type: e.Type, Created: e.Created, Data: e.Data, CheckID: e.CheckID, ClaimID: e.ClaimID, Status: string(e.Status),
		Attempts: e.Attempts, Next: e.Next, WaitsFor: e.WaitsFor,
	}
	if e.Misbehaviour != nil {
		reply.Misbehaviour = new(clearinghouse.Webhook(*e.Misbehaviour))
	}
	return reply
}

func deliveryOf(d journal.Delivery) controlapi.Delivery {
	return controlapi.Delivery{
		ID: d.ID, EventID: d.EventID, CheckID: d.CheckID, ClaimID: d.ClaimID, Type: d.EventType, Attempt: d.Attempt, At: d.At, RealAt: d.Began,
		Duration: controlapi.Span(d.Duration), URL: d.URL, Headers: d.Header, Body: d.Body, Status: d.Status, Answered: d.Answered, Answer: d.Answer,
		Reason: d.Reason, Detail: d.Detail, Hint: d.Hint, Sends: d.Sends, Next: d.Next, Misbehaviour: d.Misbehaviour,
	}
}

func exchangeOf(e journal.Exchange) controlapi.Exchange {
	return controlapi.Exchange{
		ID: e.ID, At: e.At, RealAt: e.Began, Duration: controlapi.Span(e.Duration), Method: e.Method, Path: e.Path, Operation: e.Operation,
		CheckID: e.CheckID, ClaimID: e.ClaimID, RequestID: e.RequestID, Status: e.Status, Violation: e.Violation, Fault: e.Fault, Warnings: e.Warnings,
		Request: controlapi.Message{Headers: e.Request.Header, Body: e.Request.Body}, Reply: controlapi.Message{Headers: e.Reply.Header, Body: e.Reply.Body},
	}
}
