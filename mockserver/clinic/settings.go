package clinic

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// DefaultCronDelay is the time from the start of a check to its cron job (seed, step 4).
const DefaultCronDelay = 10 * time.Second

// Settings configure a clinic. Only AccountCode is required.
type Settings struct {
	AccountCode string    // the clinic's account code; it may contain hyphens
	Name        string    // the clinic's display name; its account code when empty
	Description string    // the clinic's description of itself
	Key         string    // X-ApiKey; generated when empty
	Secret      string    // X-ApiSecret; generated when empty
	AdminToken  string    // the long-lived X-ApiToken of the clinic; generated when empty
	Insurers    []Insurer // the insurers the clinic supports, in order; nil for DefaultInsurers
	Webhook     Webhook   // the endpoint of events; without a URL, none are sent
	Seed        uint64    // ids and tokens follow from the seed and the account code
	Clock       ClockSettings

	// UnknownFields sets the treatment of unknown request fields. When empty, it is the server's default, or
	// RefuseTypos without one.
	UnknownFields UnknownFields

	// Claims are the codes for claims; nil for claims.DefaultSettings.
	Claims *claims.Settings

	// CronDelay is the time from the start of a check to its cron job; nil for DefaultCronDelay.
	CronDelay *time.Duration

	// MaxCronDelay makes the time differ from check to check: from CronDelay to this, by the seed. 0 for CronDelay always.
	MaxCronDelay time.Duration

	// AcceptGender3And4 makes the clinic accept the genders 3 and 4 as well, and return them.
	AcceptGender3And4 bool

	// FirstVisitID is the id of the clinic's first visit, fixed at creation; 0 for the id of VSee's sample.
	FirstVisitID uint64

	// RateLimit limits the requests with one token; the zero value is no limit.
	RateLimit RateLimit

	// TokenLife is the lifetime of access tokens; nil for AccessLife.
	TokenLife *time.Duration

	// History is the number of ended checks that the clinic keeps, and the same of other things; nil for the
	// server's default, or DefaultHistory without one.
	History *int
}

// RateLimit is how many requests may be made with one token within a time on the clinic's clock. VSee documents the
// status 429, and no limit: this one is ours.
type RateLimit struct {
	Requests int
	Per      time.Duration
}

// The highest rate limit.
const (
	maxLimitRequests = 1_000_000
	maxLimitPer      = 24 * time.Hour
)

func (l RateLimit) validate() error {
	if l.Requests < 0 || l.Requests > maxLimitRequests {
		return fmt.Errorf("rate_limit.requests must be a whole number from 1 to %d, or 0 for no limit", maxLimitRequests)
	}
	if l.Requests > 0 && (l.Per <= 0 || l.Per > maxLimitPer) {
		return errors.New("rate_limit.per must be a time span of more than 0s and at most 24h")
	}
	return nil
}

// ClockSettings set the first state of a clinic's clock.
type ClockSettings struct {
	Start  time.Time // zero for real time
	Frozen bool      // stands still until it is moved
}

// Insurer is an insurer supported by a clinic; ID is the carrier code of a card or a check.
type Insurer struct{ ID, Name string }

// DefaultInsurers are those of the guide's step 1, then those of the published sandbox patients.
func DefaultInsurers() []Insurer {
	return []Insurer{
		{"car7551", "AETNA"},
		{"car7414", "AETNA BETTER HEALTH OF ILLINOIS"},
		{"car11406", "ANTHEM BLUE SHIELD"},
		{"car7147", "CIGNA HEALTH CARE"},
		{"car7580", "MONTGOMERY HEALTH INSURANCE"},
		{"car7556", "HEALTH CHOICE ARIZONA"},
		{"car11400", "MEDICAID LOUISIANA"},
		{"(sandbox) HUMANA", "(sandbox) HUMANA"},
		{"(sandbox) CALIFORNIA MEDICAL", "(sandbox) CALIFORNIA MEDICAL"},
	}
}

// draws is the source of chance with these settings.
func (s *Settings) draws() chance.Source { return chance.Source{Account: s.AccountCode, Seed: s.Seed} }

// cronDelay returns the time until the cron job that a draw is about.
func (s *Settings) cronDelay(d chance.Draw) time.Duration {
	return d.Between("cron delay", *s.CronDelay, max(*s.CronDelay, s.MaxCronDelay))
}

// Most clinics have these defaults, and share them.
var (
	sharedInsurers      = sync.OnceValue(DefaultInsurers)
	sharedClaimSettings = sync.OnceValue(func() *claims.Settings { return new(claims.DefaultSettings()) })
)

// withDefaults sets the missing settings to their defaults.
func (s Settings) withDefaults() Settings {
	draws := idSource{account: s.AccountCode, seed: s.Seed}
	draw := func(n uint64) string { return draws.hex("credentials", n) }
	s.Key, s.Secret, s.AdminToken = cmp.Or(s.Key, draw(1)), cmp.Or(s.Secret, draw(2)), cmp.Or(s.AdminToken, draw(3))
	s.Name, s.UnknownFields = cmp.Or(s.Name, s.AccountCode), cmp.Or(s.UnknownFields, RefuseTypos)
	s.Webhook = s.Webhook.WithDefaults(draws.webhookSecret())
	if s.Insurers == nil {
		s.Insurers = sharedInsurers()
	}
	if s.Claims == nil {
		s.Claims = sharedClaimSettings()
	}
	s.History = cmp.Or(s.History, new(DefaultHistory))
	s.CronDelay, s.TokenLife = cmp.Or(s.CronDelay, new(DefaultCronDelay)), cmp.Or(s.TokenLife, new(AccessLife))
	return s
}

// maxName is the maximum number of characters in a clinic's name or description.
const maxName = 500

// accountCode matches a code that is valid both in a host name and in a path.
var accountCode = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$`)

// credential matches a text that is valid in a header without escaping.
var credential = regexp.MustCompile(`^[!-~]{1,128}$`)

// CheckAccountCode returns the error in an account code; nil for none.
func CheckAccountCode(code string) error {
	if !accountCode.MatchString(code) {
		return errors.New("account_code must be 1 to 63 lower-case letters, digits, hyphens and underscores, " +
			"as in a host name")
	}
	return nil
}

// validate returns every problem of the settings. It expects the defaults to be set.
func (s Settings) validate() error {
	complaints := []error{CheckAccountCode(s.AccountCode)}
	complain := func(rule string) { complaints = append(complaints, errors.New(rule)) }
	for _, own := range []struct{ name, value string }{{"api_key", s.Key}, {"api_secret", s.Secret},
		{"admin_token", s.AdminToken}} {
		if !credential.MatchString(own.value) {
			complain(own.name + " must be 1 to 128 visible ASCII characters without a space, because it is sent in a header")
		}
	}
	if utf8.RuneCountInString(s.Name) > maxName || utf8.RuneCountInString(s.Description) > maxName {
		complain(fmt.Sprintf("name and description must be at most %d characters", maxName))
	}
	if *s.CronDelay < 0 {
		complain("cron_delay must not be negative")
	}
	if s.MaxCronDelay != 0 && s.MaxCronDelay < *s.CronDelay {
		complain("cron_delay must go from the shorter time span to the longer one")
	}
	if *s.TokenLife <= 0 {
		complain("token_life must be longer than 0s")
	}
	if *s.History < 1 || *s.History > maxHistory {
		complain(fmt.Sprintf("history must be a whole number from 1 to %d", maxHistory))
	}
	if len(s.Insurers) == 0 {
		complain("insurers must list at least one insurer")
	}
	if start := s.Clock.Start; !start.IsZero() && (start.Before(clock.Earliest) || start.After(clock.Latest)) {
		complain(fmt.Sprintf("clock must start between %d and %d", clock.Earliest.Year(), clock.Latest.Year()))
	}
	seen := map[string]bool{}
	for _, insurer := range s.Insurers {
		if insurer.ID == "" || insurer.Name == "" {
			complain("insurers must each have an id and a name")
		}
		if seen[insurer.ID] {
			complain("insurers must have different ids")
		}
		seen[insurer.ID] = true
	}
	complaints = append(complaints, s.RateLimit.validate(), s.UnknownFields.Validate(),
		s.Webhook.Validate(EventTypes()), s.Claims.Validate())
	return errors.Join(complaints...)
}
