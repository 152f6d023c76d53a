package control

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// The types below are the control API's JSON. Times are RFC 3339, in UTC, on the clinic's clock unless they say real.

type insurer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type clinicReply struct {
	AccountCode string         `json:"account_code"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	BaseURL     string         `json:"base_url"`
	APIKey      string         `json:"api_key"`
	APISecret   string         `json:"api_secret"`
	AdminToken  string         `json:"admin_token"`
	Webhook     webhookReply   `json:"webhook"`
	CronDelay   span           `json:"cron_delay"`
	TokenLife   span           `json:"token_life"`
	Insurers    []insurer      `json:"insurers"`
	Claims      claimsBody     `json:"claims"`
	Seed        uint64         `json:"seed"`
	Clock       clockReply     `json:"clock"`
	Unknown     string         `json:"unknown_fields"`
	Pending     map[string]int `json:"pending"`

	AcceptGender3And4 bool `json:"accept_gender_3_and_4"`
}

func clinicOf(r *http.Request, one *clinic.Clinic) (clinicReply, error) {
	s, err := one.Settings(r.Context())
	if err != nil {
		return clinicReply{}, err
	}
	pending, err := one.Pending(r.Context())
	if err != nil {
		return clinicReply{}, err
	}
	reply := clinicReply{
		AccountCode: s.AccountCode, Name: s.Name, Description: s.Description, BaseURL: "http://" + r.Host + "/api_v3",
		APIKey: s.Key, APISecret: s.Secret, AdminToken: s.AdminToken,
		Webhook:   webhookOf(s.Webhook),
		CronDelay: span(*s.CronDelay), TokenLife: span(*s.TokenLife), Insurers: []insurer{}, Claims: claimsOf(*s.Claims, *s.CronDelay), Seed: s.Seed, Clock: clockOf(one),
		Unknown: string(s.UnknownFields),
		Pending: map[string]int{"checks": pending[clinic.FinishWork], "claims": pending[clinic.ClaimWork], "deliveries": pending[clinic.DeliverWork]},
	}
	reply.AcceptGender3And4 = s.AcceptGender3And4
	for _, i := range s.Insurers {
		reply.Insurers = append(reply.Insurers, insurer(i))
	}
	return reply, nil
}

type userReply struct {
	ID        string            `json:"id"`
	Code      string            `json:"code"`
	Type      int               `json:"type"`
	FullName  string            `json:"full_name"`
	Email     string            `json:"email,omitempty"`
	Roles     []string          `json:"roles,omitempty"`
	Rooms     []string          `json:"rooms,omitempty"`
	Groups    []string          `json:"groups,omitempty"`
	Providers []string          `json:"providers,omitempty"`
	Created   time.Time         `json:"created"`
	Responses map[string]string `json:"eligibility_responses,omitempty"`
}

func userOf(u clinic.User) userReply {
	reply := userReply{
		ID: u.ID, Code: u.Code, Type: int(u.Type), FullName: u.FullName(), Email: u.Email, Created: u.Created,
		Roles: u.Assigned.Roles, Rooms: u.Assigned.Rooms, Groups: u.Assigned.Groups, Providers: u.Assigned.Providers,
		Responses: map[string]string{},
	}
	for _, order := range []clinic.Order{clinic.Primary, clinic.Secondary} {
		if text := u.Responses[order]; text != "" {
			reply.Responses[order.String()] = text
		}
	}
	return reply
}

type checkReply struct {
	ID         string     `json:"id"`
	MemberID   string     `json:"member_id"`
	Carrier    string     `json:"carrier_code"`
	Card       string     `json:"card"`
	Status     string     `json:"status"`
	Started    time.Time  `json:"started"`
	Due        *time.Time `json:"due,omitempty"`
	Finished   *time.Time `json:"finished,omitempty"`
	Response   string     `json:"eligibility_response,omitempty"`
	RejectCode string     `json:"reject_code,omitempty"`
	EventID    string     `json:"event_id,omitempty"`
	Rule       string     `json:"rule"`
	Scenario   string     `json:"scenario,omitempty"`
	Why        string     `json:"why"`
}

func checkOf(k clinic.Check) checkReply {
	reply := checkReply{
		ID: k.ID, MemberID: k.MemberID, Carrier: k.Carrier, Card: k.Order.String(), Status: string(k.Status),
		Started: k.Started, Due: set(k.Due), Finished: set(k.Finished), EventID: k.EventID,
		Rule: k.Answer.Rule, Scenario: k.Answer.Scenario, Why: k.Answer.Why,
	}
	if k.Status == clinic.CheckDone {
		reply.Response, reply.RejectCode = k.Answer.Text, k.Answer.Code
	}
	return reply
}

// set returns a time that is set, nil for one that is not.
func set(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type eventReply struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Created  time.Time       `json:"created"`
	Data     json.RawMessage `json:"data"`
	CheckID  string          `json:"check_id,omitempty"`
	ClaimID  string          `json:"claim_id,omitempty"`
	Status   string          `json:"status"`
	Attempts int             `json:"attempts"`
	Next     *time.Time      `json:"next_attempt,omitempty"`
	WaitsFor string          `json:"waits_for,omitempty"`

	Misbehaviour *clinic.Misbehaviour `json:"misbehaviour,omitempty"` // of its scenario
}

func eventOf(e outbox.Event) eventReply {
	return eventReply{
		e.ID, e.Type, e.Created, e.Data, e.CheckID, e.ClaimID, string(e.Status), e.Attempts, set(e.Next), e.WaitsFor, e.Misbehaviour,
	}
}

type deliveryReply struct {
	ID       string      `json:"id"`
	EventID  string      `json:"event_id"`
	CheckID  string      `json:"check_id,omitempty"` // …/checks/{id}/explain says why it was answered as it was
	ClaimID  string      `json:"claim_id,omitempty"` // …/claims/{id}/explain, likewise
	Type     string      `json:"type"`
	Attempt  int         `json:"attempt"`
	At       time.Time   `json:"at"`
	RealAt   time.Time   `json:"real_at"`
	Duration span        `json:"duration"`
	URL      string      `json:"url"`
	Headers  http.Header `json:"headers,omitempty"`
	Body     string      `json:"body"`
	Status   int         `json:"status,omitempty"`
	Answered http.Header `json:"answer_headers,omitempty"`
	Answer   string      `json:"answer,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Detail   string      `json:"detail,omitempty"`
	Hint     string      `json:"hint,omitempty"`
	Sends    int         `json:"sends"`
	Next     *time.Time  `json:"next_attempt,omitempty"`

	Misbehaviour []string `json:"misbehaviour,omitempty"`
}

func deliveryOf(d journal.Delivery) deliveryReply {
	return deliveryReply{
		d.ID, d.EventID, d.CheckID, d.ClaimID, d.EventType, d.Attempt, d.At, d.Began, span(d.Duration), d.URL, d.Header, d.Body,
		d.Status, d.Answered, d.Answer, d.Reason, d.Detail, d.Hint, d.Sends, set(d.Next), d.Misbehaviour,
	}
}

type exchangeReply struct {
	ID        string       `json:"id"`
	At        time.Time    `json:"at"`
	RealAt    time.Time    `json:"real_at"`
	Duration  span         `json:"duration"`
	Method    string       `json:"method"`
	Path      string       `json:"path"`
	Operation string       `json:"operation,omitempty"`
	CheckID   string       `json:"check_id,omitempty"`
	ClaimID   string       `json:"claim_id,omitempty"`
	RequestID string       `json:"request_id,omitempty"`
	Status    int          `json:"status"`
	Request   messageReply `json:"request"`
	Reply     messageReply `json:"reply"`
	Violation string       `json:"violation,omitempty"`
	Fault     string       `json:"fault,omitempty"`
	Warnings  []string     `json:"warnings,omitempty"`
}

type messageReply struct {
	Headers http.Header `json:"headers"`
	Body    string      `json:"body"`
}

func exchangeOf(e journal.Exchange) exchangeReply {
	return exchangeReply{
		e.ID, e.At, e.Began, span(e.Duration), e.Method, e.Path, e.Operation, e.CheckID, e.ClaimID, e.RequestID, e.Status,
		messageReply{e.Request.Header, e.Request.Body}, messageReply{e.Reply.Header, e.Reply.Body}, e.Violation, e.Fault, e.Warnings,
	}
}
