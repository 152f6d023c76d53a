package controlapi

import (
	"context"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Clinic is a clinic of a mock, with its settings.
type Clinic struct {
	// AccountCode names the clinic in X-AccountCode and in the paths of this API.
	AccountCode string `json:"account_code"`
	// Name is for people.
	Name string `json:"name"`
	// Description is for people, too; empty for none.
	Description string `json:"description,omitempty"`
	// BaseURL is the root of VSee's API, at the scheme and host of this request, also behind a proxy.
	BaseURL string `json:"base_url"`
	// APIKey is X-ApiKey.
	APIKey string `json:"api_key"`
	// APISecret is X-ApiSecret.
	APISecret string `json:"api_secret"`
	// AdminToken is the X-ApiToken of the clinic's admin.
	AdminToken string `json:"admin_token"`
	// Webhook is the endpoint of the clinic's events.
	Webhook Webhook `json:"webhook"`
	// CronDelay is how long after its start a check ends, unless a scenario says otherwise; in a range, by the seed.
	CronDelay scenarios.Range `json:"cron_delay"`
	// TokenLife is how long the access token of a sign-on lives.
	TokenLife Span `json:"token_life"`
	// History is how many ended checks the clinic keeps, and the same of other things.
	History int `json:"history"`
	// Insurers are the supported insurers, in order.
	Insurers []Insurer `json:"insurers"`
	// Claims has the codes and prices for the clinic's claims.
	Claims ClaimSettings `json:"claims"`
	// Seed is the number from which ids and tokens follow.
	Seed uint64 `json:"seed"`
	// Clock is the clinic's clock.
	Clock Clock `json:"clock"`
	// UnknownFields is typos, refuse or ignore.
	UnknownFields string `json:"unknown_fields"`
	// Pending counts the work ahead.
	Pending Pending `json:"pending"`
	// NextDue is when the first of the work ahead is due; zero when nothing is.
	NextDue time.Time `json:"next_due,omitzero"`
	// AcceptGender3And4 allows the genders 3 and 4.
	AcceptGender3And4 bool `json:"accept_gender_3_and_4"`
	// RateLimit limits the requests with one token; nil for no limit.
	RateLimit *RateLimit `json:"rate_limit,omitempty"`
}

// RateLimit is how many requests may be made with one token within a time on the clinic's clock. Later ones are
// answered 429, with Retry-After. Requests without a token are counted together.
type RateLimit struct {
	// Requests is the number of requests, up to a million; 0 for no limit.
	Requests int `json:"requests"`
	// Per is the time that begins with the first of them, up to 24h; 1m by default.
	Per *Span `json:"per,omitempty"`
}

// Pending counts the work ahead of a clinic, due or not.
type Pending struct {
	// Checks is how many checks have not ended.
	Checks int `json:"checks"`
	// Claims is how many claims come to a further status.
	Claims int `json:"claims"`
	// Visits is how many visits have a step of a scenario ahead.
	Visits int `json:"visits"`
	// Deliveries is how many attempts to deliver an event are to come.
	Deliveries int `json:"deliveries"`
}

// Insurer is a supported insurer.
type Insurer struct {
	// ID is the carrier code, such as car7556.
	ID string `json:"id"`
	// Name is the insurer's name.
	Name string `json:"name"`
}

// ClinicSettings are the settings to create a clinic with, or to change. A nil leaves a field out, as does an empty
// AccountCode or Scenario: it keeps its value, or gets the default when the clinic is created.
type ClinicSettings struct {
	// AccountCode is 1 to 63 lower-case letters, digits, - and _; the mock makes one up by default. Only when creating.
	AccountCode string `json:"account_code,omitempty"`
	// APIKey is X-ApiKey, 1 to 128 visible ASCII characters; made up by default. Only when creating.
	APIKey *string `json:"api_key,omitempty"`
	// APISecret is X-ApiSecret, likewise.
	APISecret *string `json:"api_secret,omitempty"`
	// AdminToken is the admin's X-ApiToken, likewise. No other clinic may have it.
	AdminToken *string `json:"admin_token,omitempty"`
	// Name is for people; the account code by default.
	Name *string `json:"name,omitempty"`
	// Description is for people, too; none by default.
	Description *string `json:"description,omitempty"`
	// Webhook is the endpoint of events; none by default.
	Webhook *WebhookSettings `json:"webhook,omitempty"`
	// CronDelay is how long after its start a check ends; 10s by default.
	CronDelay *scenarios.Range `json:"cron_delay,omitempty"`
	// TokenLife is how long the access token of a sign-on lives; 24h by default. A change leaves older tokens alone.
	TokenLife *Span `json:"token_life,omitempty"`
	// History is how many ended checks the clinic keeps, and the same of other things, from 1 to 1000000; as the server
	// was started by default.
	History *int `json:"history,omitempty"`
	// Insurers replaces the list of insurers by one or more; the published ones by default.
	Insurers []Insurer `json:"insurers,omitzero"`
	// Claims has the codes and prices for claims; VSee's published settings by default.
	Claims *ClaimSettings `json:"claims,omitempty"`
	// Scenario is the id of a scenario: its `clinic` gives further defaults. None by default. Only when creating.
	Scenario string `json:"scenario,omitempty"`
	// Seed is the number from which ids and tokens follow; random by default. Only when creating.
	Seed *uint64 `json:"seed,omitempty"`
	// UnknownFields says how undeclared fields are treated: typos, refuse or ignore; as the server was started by default.
	UnknownFields *string `json:"unknown_fields,omitempty"`
	// Clock sets the clinic's clock; it runs from real time by default. Only when creating.
	Clock *ClockSettings `json:"clock,omitempty"`
	// FirstVisitID is the id of the first visit; 1525 by default, as in VSee's sample. Only when creating.
	FirstVisitID *uint64 `json:"first_visit_id,omitempty"`
	// AcceptGender3And4 stores the genders 3 (non-binary) and 4 (not said); false by default: they are refused.
	AcceptGender3And4 *bool `json:"accept_gender_3_and_4,omitempty"`
	// RateLimit limits the requests with one token; none by default.
	RateLimit *RateLimit `json:"rate_limit,omitempty"`
}

// ClockSettings is how the clock of a new clinic begins.
type ClockSettings struct {
	// Set is its first time, from 1970 to 2105; real time when nil.
	Set *time.Time `json:"set,omitempty"`
	// Freeze makes it stand still until it is moved.
	Freeze bool `json:"freeze,omitempty"`
}

// KeepPatients is a ResetOptions.Keep.
const KeepPatients = "patients"

// ResetOptions limits a reset.
type ResetOptions struct {
	// Keep is KeepPatients to keep every user, without tokens and results; nil to keep none.
	Keep *string `json:"keep,omitempty"`
}

// ListClinics returns a page of the clinics, by account code.
func (c *Client) ListClinics(ctx context.Context, page PageRequest) (Page[Clinic], error) {
	return call[Page[Clinic]](ctx, c, "GET /clinics"+page.query(), nil)
}

// CreateClinic makes a clinic.
func (c *Client) CreateClinic(ctx context.Context, settings ClinicSettings) (Clinic, error) {
	return call[Clinic](ctx, c, "POST /clinics", settings)
}

// GetClinic returns a clinic.
func (c *Client) GetClinic(ctx context.Context, account string) (Clinic, error) {
	return call[Clinic](ctx, c, "GET /clinics/{account}", nil, account)
}

// ChangeClinic changes a clinic's settings and returns it as changed.
func (c *Client) ChangeClinic(ctx context.Context, account string, settings ClinicSettings) (Clinic, error) {
	return call[Clinic](ctx, c, "PATCH /clinics/{account}", settings, account)
}

// DeleteClinic removes a clinic and everything in it.
func (c *Client) DeleteClinic(ctx context.Context, account string) error {
	return c.Call(ctx, "DELETE /clinics/{account}", nil, nil, account)
}

// Reset empties a clinic; its settings stay.
func (c *Client) Reset(ctx context.Context, account string, options ResetOptions) (Clinic, error) {
	return call[Clinic](ctx, c, "POST /clinics/{account}/reset", options, account)
}
