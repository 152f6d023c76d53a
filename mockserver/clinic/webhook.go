package clinic

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Webhook is the endpoint of a clinic's events. VSee says that a clinic may have one, or none (seed, step 5), and
// publishes the envelopes; the rest is ours. The zero value, with a URL, is signed by Standard Webhooks and tried again
// on that schedule.
type Webhook struct {
	URL      string // http or https; empty for none
	Disabled bool   // the receiver has answered 410: nothing is sent until the URL is set again

	Signature      string         // standard, the default, or another scheme of internal/signature
	Secret         string         // `whsec_` and base64 for the scheme standard; made up when empty
	PreviousSecret string         // signs as well, while secrets are rotated; empty for none
	Headers        WebhookHeaders // the names of the headers that sign; the scheme's own when empty
	Timestamp      string         // whose time is signed: TimestampReal, the default, or TimestampClinic
	Events         []string       // the types of events that are sent; nil for all but UserCreated
	Envelope       string         // EnvelopeUnversioned, the default, or another one

	Schedule    []time.Duration // how long after each failed attempt the next one is due; nil for StandardSchedule
	Jitter      float64         // the part of a wait by which it may be longer or shorter, from 0, the default, to 1
	Concurrency int             // how many attempts that fall due at once are made at once; 1, in due order, when 0

	Misbehaviour Misbehaviour // what goes wrong with each event on purpose
}

// Misbehaviour is what goes wrong with the events of a clinic, or of a check or a claim, on purpose.
type Misbehaviour = misbehaviour.Misbehaviour

// WebhookHeaders are the names of headers.
type WebhookHeaders = signature.Headers

// Whose time is signed. Verifiers of Standard Webhooks and of Stripe refuse a time that is more than five minutes from
// their own, so the time of a clinic whose clock was moved is no use to them.
const (
	TimestampReal   = "real"   // the real time of each attempt
	TimestampClinic = "clinic" // that of the clinic's clock: two runs can be the same to the byte
)

// Timestamps returns whose time can be signed.
func Timestamps() []string { return []string{TimestampReal, TimestampClinic} }

// The envelopes of an event (documented; the guide has the unversioned one).
const (
	EnvelopeUnversioned = "unversioned"
	EnvelopeV1          = "1.0"
	EnvelopeV2          = "2.0"
)

// Envelopes returns the envelopes.
func Envelopes() []string { return []string{EnvelopeUnversioned, EnvelopeV1, EnvelopeV2} }

// maxConcurrency is how many attempts of one clinic can be under way.
const maxConcurrency = 100

// withDefaults fills in what was left out; secret is the one that was made up.
func (w Webhook) withDefaults(secret string) Webhook {
	for _, field := range []struct {
		is    *string
		value string
	}{{&w.Secret, secret}, {&w.Signature, string(signature.Standard)}, {&w.Timestamp, TimestampReal}, {&w.Envelope, EnvelopeUnversioned}} {
		if *field.is == "" {
			*field.is = field.value
		}
	}
	if w.Schedule == nil {
		w.Schedule = StandardSchedule()
	}
	if w.Concurrency == 0 {
		w.Concurrency = 1
	}
	return w
}

// validate returns every complaint about an endpoint that has its defaults.
func (w Webhook) validate() error {
	var complaints []error
	complain := func(rule string) { complaints = append(complaints, errors.New(rule)) }
	scheme := signature.Scheme(w.Signature)
	if !scheme.Known() {
		complain("webhook.signature must be " + signature.Choices())
	}
	if !slices.Contains(Timestamps(), w.Timestamp) {
		complain("webhook.timestamp must be " + scalar.Or(Timestamps()))
	}
	for i, kind := range w.Events {
		if !slices.Contains(EventTypes(), kind) || slices.Contains(w.Events[:i], kind) {
			complain("webhook.events must be a list of " + scalar.Or(EventTypes()) + ", each once at most")
			break
		}
	}
	if !slices.Contains(Envelopes(), w.Envelope) {
		complain("webhook.envelope must be " + scalar.Or(Envelopes()))
	}
	if checkSecret := scheme.Row().CheckSecret; checkSecret != nil {
		if err := checkSecret(w.Secret); err != nil {
			complain("webhook.secret " + err.Error())
		}
		if err := checkSecret(w.PreviousSecret); w.PreviousSecret != "" && err != nil {
			complain("webhook.previous_secret " + err.Error())
		}
	}
	if w.Jitter < 0 || w.Jitter > 1 {
		complain("webhook.jitter must be a number from 0 to 1")
	}
	if w.Concurrency < 1 || w.Concurrency > maxConcurrency {
		complain("webhook.concurrency must be a whole number from 1 to 100")
	}
	complaints = append(complaints, checkSchedule(w.Schedule), checkURL(w.URL), w.Misbehaviour.Validate())
	return errors.Join(complaints...)
}

// Wants reports whether events of a type are sent. A clinic must ask for UserCreated: who has not heard of it would
// otherwise get what they do not know.
func (w Webhook) Wants(kind string) bool {
	if w.Events == nil {
		return kind != UserCreated
	}
	return slices.Contains(w.Events, kind)
}

func checkURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Contains(u.Host, " ") {
		return errors.New("webhook.url must be an http or https URL with a host")
	}
	if u.User != nil || u.Fragment != "" {
		return errors.New("webhook.url must have no user, no password and no fragment")
	}
	if _, err := strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16); err != nil {
		return errors.New("webhook.url must have a port up to 65535")
	}
	return nil
}
