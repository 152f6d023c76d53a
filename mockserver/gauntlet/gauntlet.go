// Package gauntlet faces a webhook receiver, the integrator's own, with a battery of events: good ones, forged ones,
// odd ones, and many at once. Each case ends in a verdict, and a verdict that fails says what would mend it. VSee
// publishes the payload alone; what a correct receiver does beyond that is ours, after Standard Webhooks 1.0.0.
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

// What a Config has where it says nothing: the guide's clinic and patient, who are made up.
const (
	DefaultAccount  = "vclinic"
	DefaultMemberID = "132407"
	DefaultTimeout  = 5 * time.Second
	DefaultSlow     = 2 * time.Second
)

// Config is which receiver to face, and how.
type Config struct {
	URL       string
	StateURL  string           // what the receiver shows of its results there must not change with a duplicate; "" for none
	Signing   webhook.Signing  // the secret in force; behind it one the receiver must not take any more, made up if left out
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

// Check returns what is wrong with a Config.
func (c Config) Check() error {
	for _, address := range []string{c.URL, cmp.Or(c.StateURL, c.URL)} {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return errors.New("a URL must be http or https, with a host, such as http://127.0.0.1:9000/hook")
		}
	}
	if c.MemberID != "" && !digits.MatchString(c.MemberID) {
		return errors.New("a member's id must be a string of digits")
	}
	if c.Timeout < 0 || c.Slow < 0 {
		return errors.New("a duration must not be negative")
	}
	if c.Signing.Scheme != "" && !c.Signing.Scheme.Known() {
		return errors.New("there is no such scheme to sign by; write " + signature.Choices())
	}
	for _, id := range c.Only {
		if !slices.ContainsFunc(Cases(), func(known Case) bool { return known.ID == id }) {
			return fmt.Errorf("there is no case %q", id)
		}
	}
	return c.Signing.Sign(http.Header{}, "an-event", clock.Wall(), nil)
}

// withDefaults returns the Config with a value for everything that has a default.
func (c Config) withDefaults() Config {
	c.Signing.Scheme = cmp.Or(c.Signing.Scheme, webhook.Unsigned)
	c.Envelope = cmp.Or(c.Envelope, webhook.Unversioned)
	c.Account = cmp.Or(c.Account, DefaultAccount)
	c.MemberID = cmp.Or(c.MemberID, DefaultMemberID)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.Slow = cmp.Or(c.Slow, DefaultSlow)
	if len(c.Signing.Secrets) == 1 {
		c.Signing.Secrets = []string{c.Signing.Secrets[0], retired()}
	}
	return c
}

// retired returns a secret that no receiver knows, for one that was in force once.
func retired() string {
	key := make([]byte, 24)
	_, _ = rand.Read(key) // never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

// Run plays the cases, one after the other. The error is for a Config that is wrong, a receiver that cannot be reached
// at all, and a ctx that has ended; what a receiver does wrong stands in the Report.
func Run(ctx context.Context, c Config) (Report, error) {
	if err := c.Check(); err != nil {
		return Report{}, err
	}
	c = c.withDefaults()
	s := newSession(c)
	defer s.close()
	began := clock.Wall()
	report := Report{URL: shown(c.URL), Scheme: c.Signing.Scheme, Envelope: c.Envelope}
	for _, one := range Cases() {
		if len(c.Only) > 0 && !slices.Contains(c.Only, one.ID) {
			continue
		}
		result, v := s.play(ctx, one)
		if err := ctx.Err(); err != nil {
			return Report{}, fmt.Errorf("the run was stopped: %w", err)
		}
		if len(report.Results) == 0 && v.unreachable(one) {
			return Report{}, fmt.Errorf("no receiver answers at %s: %s; start it, or correct the URL", report.URL, v.silence.Detail)
		}
		report.Results = append(report.Results, result)
		if c.Progress != nil {
			c.Progress(result)
		}
	}
	report.Took = clock.Since(began)
	return report, nil
}

// shown returns a URL as it may stand in a report: without what may be a secret.
func shown(address string) string {
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
