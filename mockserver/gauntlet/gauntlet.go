// Package gauntlet tests an integrator's webhook receiver. It sends good, forged and odd events, and many at once. Each
// case ends in a verdict, and a failed verdict comes with a remedy. VSee documents only the payload. This project
// defines the other requirements, based on Standard Webhooks 1.0.0.
package gauntlet

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// The defaults of a Config: the guide's clinic and patient. Both are made up.
const (
	DefaultAccount  = "vclinic"
	DefaultMemberID = "132407"
	DefaultTimeout  = 5 * time.Second
	DefaultSlow     = 2 * time.Second
)

// Config names the receiver to test and the way to test it.
type Config struct {
	URL      string
	StateURL string // read with GET before and after a duplicate event, which must not change it; "" skips that case
	// Signing.Secrets holds the current secret, then a revoked one that the receiver must reject. If there is only one,
	// Run adds a random revoked secret.
	Signing   webhook.Signing
	Envelope  webhook.Envelope // Unversioned if empty
	Account   string           // the account code in the payloads
	MemberID  string           // of the patient in the payloads: a string of digits
	UserAgent string           // of the requests
	Timeout   time.Duration    // for the receiver to answer
	Slow      time.Duration    // how long a slow sender takes for a body
	Only      []string         // the ids of the cases to play; all of them if empty
	Progress  func(r Result)   // called as each case ends, if it is not nil
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// Check returns the error in a Config; nil for none. It names the flags of `vsee-mock gauntlet`.
func (c Config) Check() error {
	for _, own := range [][2]string{{"--url", c.URL}, {"--state-url", cmp.Or(c.StateURL, c.URL)}} {
		u, err := url.Parse(own[1])
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("%s must be an http or https URL with a host, such as http://127.0.0.1:9000/hook", own[0])
		}
	}
	if c.MemberID != "" && !digits.MatchString(c.MemberID) {
		return errors.New("--member must be a string of digits")
	}
	if c.Timeout < 0 || c.Slow < 0 {
		return errors.New("a duration must not be negative")
	}
	if c.Signing.Scheme != "" && !c.Signing.Scheme.Known() {
		return errors.New("the signature scheme must be " + signature.Choices())
	}
	for _, id := range c.Only {
		if !slices.ContainsFunc(Cases(), func(known Case) bool { return known.ID == id }) {
			return fmt.Errorf("there is no case %q", id)
		}
	}
	for i, flag := range []string{"--secret", "--old-secret"} {
		one := c.Signing
		if one.Secrets = c.Signing.Secrets[min(i, len(c.Signing.Secrets)):]; i > 0 && len(one.Secrets) == 0 {
			break
		}
		one.Secrets = one.Secrets[:min(1, len(one.Secrets))]
		if err := one.Sign(http.Header{}, "an-event", clock.Wall(), nil); err != nil {
			return fmt.Errorf("%s: %w", flag, err)
		}
	}
	return nil
}

// withDefaults returns the Config with its defaults filled in.
func (c Config) withDefaults() Config {
	c.Signing.Scheme = cmp.Or(c.Signing.Scheme, webhook.Unsigned)
	c.Envelope = cmp.Or(c.Envelope, webhook.Unversioned)
	c.Account = cmp.Or(c.Account, DefaultAccount)
	c.MemberID = cmp.Or(c.MemberID, DefaultMemberID)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.Slow = cmp.Or(c.Slow, DefaultSlow)
	if len(c.Signing.Secrets) == 1 {
		c.Signing.Secrets = []string{c.Signing.Secrets[0], unknownSecret()}
	}
	return c
}

// unknownSecret returns a secret unknown to every receiver, as if it had been in force once.
func unknownSecret() string {
	key := make([]byte, 24)
	_, _ = rand.Read(key) // never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

// Run runs the cases in order. It returns an error for an invalid Config, a canceled ctx, and a receiver that the first
// case cannot reach. The receiver's own mistakes are in the Report.
func Run(ctx context.Context, c Config) (Report, error) {
	if err := c.Check(); err != nil {
		return Report{}, err
	}
	c = c.withDefaults()
	s := newSession(c)
	defer s.close()
	began := clock.Wall()
	report := Report{URL: safeURL(c.URL), Scheme: c.Signing.Scheme, Envelope: c.Envelope}
	for _, one := range Cases() {
		if len(c.Only) > 0 && !slices.Contains(c.Only, one.ID) {
			continue
		}
		result, v := s.runCase(ctx, one)
		if err := ctx.Err(); err != nil {
			return Report{}, fmt.Errorf("the run was stopped: %w", err)
		}
		if len(report.Results) == 0 && v.unreachable(one) {
			return Report{}, fmt.Errorf("no receiver answers at %s: %s; start it, or correct the URL", report.URL,
				v.noAnswer.Detail)
		}
		report.Results = append(report.Results, result)
		if c.Progress != nil {
			c.Progress(result)
		}
	}
	report.Began, report.Took = began, clock.Since(began)
	return report, nil
}

// safeURL returns a URL in a form fit for a report: without parts likely to be secret.
func safeURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.Fragment = nil, ""
	if u.RawQuery != "" {
		u.RawQuery = "…"
	}
	return u.String()
}
