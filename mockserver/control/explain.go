package control

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// explainReply says why a check was answered as it was, and what became of it.
type explainReply struct {
	Check      checkReply      `json:"check"`
	Because    string          `json:"because"`            // in one sentence
	Scenario   *placeReply     `json:"scenario,omitempty"` // the one that answered
	Misses     []missReply     `json:"near_misses"`        // those that were tried before and came near
	Tried      int             `json:"tried"`              // how many scenarios were in force
	Asked      askedReply      `json:"asked"`
	Event      *eventReply     `json:"event,omitempty"`
	Deliveries []deliveryReply `json:"deliveries"`
}

type placeReply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	File  string `json:"file"`
	Line  int    `json:"line"`
}

type missReply struct {
	placeReply
	When    scenarios.When `json:"when"`
	Differs string         `json:"differs_in"` // the first field of when
	Matched int            `json:"matched"`    // how many fields did match
}

// askedReply is what the check was made with.
type askedReply struct {
	CarrierCode   string    `json:"carrier_code"`
	SubscriberNum string    `json:"subscriber_num"`
	GroupNumber   string    `json:"group_number"`
	Card          string    `json:"card"`
	Respparty     string    `json:"respparty"`
	FirstName     string    `json:"first_name"`
	LastName      string    `json:"last_name"`
	DOB           string    `json:"dob"`
	Code          string    `json:"code"`
	Email         string    `json:"email"`
	AccountCode   string    `json:"account_code"`
	Nth           int       `json:"nth"`
	At            time.Time `json:"at"`
}

func (c *Control) getCheck(r *http.Request, one *clinic.Clinic) (any, error) {
	check, err := one.Check(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	return checkOf(check), nil
}

func (c *Control) explainCheck(r *http.Request, one *clinic.Clinic) (any, error) {
	check, err := one.Check(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	why := c.House.Explain(check)
	reply := explainReply{
		Check: checkOf(check), Because: because(why.Decision, check.Answer.Scenario, "answers", "answered", check.Answer.Why), Tried: why.Tried,
		Misses: []missReply{}, Asked: askedReply(why.Asked), Deliveries: []deliveryReply{},
	}
	if why.Scenario != nil {
		place := placeOf(*why.Scenario, why.Line)
		reply.Scenario = &place
	}
	for _, miss := range why.Misses {
		reply.Misses = append(reply.Misses, missReply{placeOf(miss.Scenario, miss.Scenario.Line), miss.Scenario.When, miss.Field, miss.Matched})
	}
	if check.EventID != "" {
		told, err := c.told(r, one, check.EventID)
		if err != nil {
			return nil, err
		}
		reply.Event, reply.Deliveries = &told.Event, told.Deliveries
	}
	return reply, nil
}

func placeOf(s scenarios.Scenario, line int) placeReply {
	return placeReply{s.ID, s.Title, s.File, line}
}

// because says what decided, and why: the scenario of an id, if one did, which it does, and did.
func because(d clearinghouse.Decision, scenario, does, did, why string) string {
	switch {
	case d.Named:
		return "the request named the scenario " + scenario + ": " + why
	case d.Scenario != nil:
		return "the scenario " + d.Scenario.ID + " " + does + " it: " + why
	case scenario != "":
		return "the scenario " + scenario + ", which is no longer kept, " + did + " it: " + why
	}
	return "no scenario " + does + " it, and " + why
}

// saveCheck returns the file of the scenario by which what has happened to a check happens again.
func (c *Control) saveCheck(r *http.Request, one *clinic.Clinic) (any, error) {
	happened, err := c.happened(r, one, mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	return saved(clearinghouse.Reproduce(happened))
}

// happened returns a check and what became of it.
func (c *Control) happened(r *http.Request, one *clinic.Clinic, id string) (clearinghouse.Happened, error) {
	check, err := one.Check(r.Context(), id)
	if err != nil {
		return clearinghouse.Happened{}, err
	}
	settings, err := one.Settings(r.Context())
	if err != nil {
		return clearinghouse.Happened{}, err
	}
	happened := clearinghouse.Happened{Check: check, CronDelay: *settings.CronDelay, Misbehaviour: settings.Webhook.Misbehaviour}
	if m := check.Answer.Misbehaviour; m != nil {
		happened.Misbehaviour = m.Over(settings.Webhook.Misbehaviour)
	}
	if check.EventID != "" {
		told, err := c.told(r, one, check.EventID)
		if err != nil {
			return clearinghouse.Happened{}, err
		}
		happened.Refused = refused(told)
	}
	return happened, nil
}

// saveClaim returns the file of the scenario by which what becomes of a claim becomes of it again.
func (c *Control) saveClaim(r *http.Request, one *clinic.Clinic) (any, error) {
	claim, err := one.AnyClaim(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	happened, err := c.happened(r, one, claim.CheckID)
	if err != nil {
		return nil, err
	}
	return saved(clearinghouse.ReproduceClaim(claim, happened))
}

// saved writes a scenario into a file of its name.
func saved(s scenarios.Scenario) (any, error) {
	text, err := scenarios.Write(s)
	if err != nil {
		return nil, bad("what has happened cannot be written as a scenario: %s", err)
	}
	return savedReply{File: s.ID + ".yaml", Text: string(text)}, nil
}

// savedReply is a file.
type savedReply struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// refused returns how many attempts were refused before one was taken; none when none was.
func refused(t toldReply) int {
	for _, d := range t.Deliveries {
		if d.Reason == "" {
			return d.Attempt - 1
		}
	}
	return 0
}
