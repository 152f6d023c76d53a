package control

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

type claimReply struct {
	ID        string            `json:"id"`
	MemberID  string            `json:"member_id"`
	Carrier   string            `json:"carrier_code"`
	Card      string            `json:"card"`
	CheckID   string            `json:"check_id"`
	Encounter string            `json:"encounter_date"`
	Status    string            `json:"status"`
	Submitted time.Time         `json:"submitted"`
	Due       *time.Time        `json:"due,omitempty"`
	Currency  string            `json:"currency"`
	Billed    claims.Cents      `json:"billed_cents"`
	Paid      *claims.Cents     `json:"paid_cents,omitempty"`
	Adjusted  *claims.Cents     `json:"adjusted_cents,omitempty"`
	Patient   *claims.Cents     `json:"patient_responsibility_cents,omitempty"`
	Reasons   []string          `json:"reasons,omitempty"` // A3:21, or CO-97, each once
	History   []claimStageReply `json:"history"`
	Rule      string            `json:"rule"`
	Scenario  string            `json:"scenario,omitempty"`
	Why       string            `json:"why"`
}

type claimStageReply struct {
	Status  string    `json:"status"`
	At      time.Time `json:"at"`
	Code    string    `json:"code,omitempty"` // A3:21
	Text    string    `json:"text,omitempty"`
	EventID string    `json:"event_id"`
}

func claimOf(k clinic.Claim) claimReply {
	sums := k.Totals()
	reply := claimReply{
		ID: k.ID, MemberID: k.MemberID, Carrier: k.Carrier, Card: k.Order.String(), CheckID: k.CheckID, Encounter: k.Encounter,
		Status: string(k.Status), Submitted: k.Submitted, Due: set(k.Due), Currency: claims.Currency, Billed: sums.Billed,
		Reasons: k.Reasons(), History: []claimStageReply{}, Rule: k.Answer.Rule, Scenario: k.Answer.Scenario, Why: k.Answer.Why,
	}
	if k.Settled() {
		reply.Paid, reply.Adjusted, reply.Patient = &sums.Paid, &sums.Adjusted, &sums.Patient
	}
	for _, stage := range k.History {
		told := claimStageReply{Status: string(stage.Status), At: stage.At, Text: stage.Text, EventID: stage.EventID}
		if stage.Category != "" {
			told.Code = stage.Category + ":" + stage.Code
		}
		reply.History = append(reply.History, told)
	}
	return reply
}

func (c *Control) listClaims(r *http.Request, one *clinic.Clinic) (any, error) {
	return list(r, one.Claims, claimOf, func(k clinic.Claim) string { return k.ID })
}

func (c *Control) getClaim(r *http.Request, one *clinic.Clinic) (any, error) {
	claim, err := one.AnyClaim(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	return claimOf(claim), nil
}

// claimExplainReply says why a claim was decided as it was, and what became of its events.
type claimExplainReply struct {
	Claim      claimReply      `json:"claim"`
	Because    string          `json:"because"`            // in one sentence
	Scenario   *placeReply     `json:"scenario,omitempty"` // the one that decided
	Tried      int             `json:"tried"`              // how many scenarios were in force
	Nth        int             `json:"nth"`                // of the claims of this subscriber with this insurer
	Events     []eventReply    `json:"events"`
	Deliveries []deliveryReply `json:"deliveries"`
}

func (c *Control) explainClaim(r *http.Request, one *clinic.Clinic) (any, error) {
	claim, err := one.AnyClaim(r.Context(), mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	why := c.House.ExplainClaim(claim)
	reply := claimExplainReply{
		Claim: claimOf(claim), Because: because(why, claim.Answer.Scenario, "decides", "decided", claim.Answer.Why), Tried: why.Tried, Nth: claim.Query.Nth,
		Events: []eventReply{}, Deliveries: []deliveryReply{},
	}
	if why.Scenario != nil {
		place := placeOf(*why.Scenario, why.Line)
		reply.Scenario = &place
	}
	for _, stage := range claim.History {
		told, err := c.told(r, one, stage.EventID)
		if err != nil {
			return nil, err
		}
		reply.Events, reply.Deliveries = append(reply.Events, told.Event), append(reply.Deliveries, told.Deliveries...)
	}
	return reply, nil
}

// claimsBody is what a clinic's claims are made of, in the form of VSee's published settings. What is not sent keeps its
// value; a table is replaced as a whole.
type claimsBody struct {
	Enabled       *bool                         `json:"enabled,omitempty"`
	Carriers      map[string]string             `json:"carrier,omitempty"`
	Relationships map[string]claimsRelationship `json:"relationship,omitempty"`
	Procedures    map[string]claimsProcedure    `json:"procedure_codes,omitempty"`
	Diagnoses     map[string]string             `json:"diagnosis_codes,omitempty"`
	Modifiers     map[string]string             `json:"proc_code_modifiers,omitempty"`
	Facilities    map[string]string             `json:"facility_code,omitempty"`
	Default       *claimsDefault                `json:"default,omitempty"`
}

type claimsRelationship struct {
	Standard string `json:"standardrelationship"`
	HIPAA    string `json:"hipaarelationship"`
}

type claimsProcedure struct {
	ID    string `json:"id"`
	Units string `json:"units"` // 1.0, as VSee writes it
	TOS   string `json:"tos"`
	POS   string `json:"pos"`
	Fee   string `json:"fee"` // in dollars
}

type claimsDefault struct {
	Provider       *string  `json:"provider_profile,omitempty"`
	FinancialClass *string  `json:"finclass,omitempty"`
	Chart          *string  `json:"chart,omitempty"`
	Coverage       *string  `json:"coverage,omitempty"`
	ServiceType    *string  `json:"eligibilitystc,omitempty"`
	AccountType    *string  `json:"accttype,omitempty"`
	CronDelay      *float64 `json:"cron_job_delay,omitempty"` // in seconds; the clinic's cron_delay
}

// maxCronJobDelay is a year, in seconds: more is a slip, and far more is no duration.
const maxCronJobDelay = 365 * 24 * 60 * 60

// delay returns the delay of the clinic's cron job that the body names, nil for none.
func (b *claimsBody) delay() *time.Duration {
	if b == nil || b.Default == nil || b.Default.CronDelay == nil {
		return nil
	}
	delay := time.Duration(*b.Default.CronDelay * float64(time.Second))
	return &delay
}

// apply returns settings with what the defaults say.
func (d claimsDefault) apply(s claims.Settings) claims.Settings {
	replace(&s.Provider, d.Provider)
	replace(&s.Form.FinancialClass, d.FinancialClass)
	replace(&s.Form.Chart, d.Chart)
	replace(&s.Form.Coverage, d.Coverage)
	replace(&s.Form.ServiceType, d.ServiceType)
	replace(&s.Form.AccountType, d.AccountType)
	return s
}

// check refuses numbers that cannot be read, and a delay that is not the clinic's as it is sent beside the body.
func (b *claimsBody) check(cronDelay *span) error {
	if b == nil {
		return nil
	}
	if delay := b.delay(); delay != nil {
		if s := *b.Default.CronDelay; !(s >= 0 && s <= maxCronJobDelay) {
			return bad("claims.default.cron_job_delay must be a number of seconds from 0 to %d", maxCronJobDelay)
		}
		if cronDelay != nil && time.Duration(*cronDelay) != *delay {
			return bad("cron_delay and claims.default.cron_job_delay are the same setting: send one")
		}
	}
	for _, sent := range b.Procedures {
		if _, err := sent.procedure(); err != nil {
			return err
		}
	}
	return nil
}

// apply returns settings with what the body, which was checked, says about claims.
func (b claimsBody) apply(s claims.Settings) claims.Settings {
	replace(&s.Enabled, b.Enabled)
	for _, table := range []struct {
		to   *map[string]string
		sent map[string]string
	}{{&s.Carriers, b.Carriers}, {&s.Diagnoses, b.Diagnoses}, {&s.Modifiers, b.Modifiers}, {&s.Facilities, b.Facilities}} {
		if table.sent != nil {
			*table.to = table.sent
		}
	}
	if b.Relationships != nil {
		s.Relationships = map[string]claims.Relationship{}
		for who, r := range b.Relationships {
			s.Relationships[who] = claims.Relationship(r)
		}
	}
	if b.Procedures != nil {
		s.Procedures = map[string]claims.Procedure{}
		for code, sent := range b.Procedures {
			s.Procedures[code], _ = sent.procedure()
		}
	}
	if b.Default != nil {
		s = b.Default.apply(s)
	}
	return s
}

func (p claimsProcedure) procedure() (claims.Procedure, error) {
	units, err := claims.ParseCents(p.Units)
	if err != nil || units%100 != 0 {
		return claims.Procedure{}, bad("claims.procedure_codes must have units that are a whole number, such as 1 or 1.0")
	}
	fee, err := claims.ParseCents(p.Fee)
	if err != nil {
		return claims.Procedure{}, bad("claims.procedure_codes: fee %s", err)
	}
	return claims.Procedure{ID: p.ID, Units: int(units / 100), TOS: p.TOS, POS: p.POS, Fee: fee}, nil
}

// claimsOf is the inverse of apply.
func claimsOf(s claims.Settings, cronDelay time.Duration) claimsBody {
	seconds := cronDelay.Seconds()
	b := claimsBody{
		Enabled: &s.Enabled, Carriers: s.Carriers, Diagnoses: s.Diagnoses, Modifiers: s.Modifiers, Facilities: s.Facilities,
		Relationships: map[string]claimsRelationship{}, Procedures: map[string]claimsProcedure{}, Default: &claimsDefault{
			Provider: &s.Provider, FinancialClass: &s.Form.FinancialClass, Chart: &s.Form.Chart, Coverage: &s.Form.Coverage,
			ServiceType: &s.Form.ServiceType, AccountType: &s.Form.AccountType, CronDelay: &seconds,
		},
	}
	for who, r := range s.Relationships {
		b.Relationships[who] = claimsRelationship(r)
	}
	for code, p := range s.Procedures {
		b.Procedures[code] = claimsProcedure{
			ID: p.ID, Units: strconv.Itoa(p.Units) + ".0", TOS: p.TOS, POS: p.POS, Fee: strings.TrimSuffix(p.Fee.String(), ".00"),
		}
	}
	return b
}
