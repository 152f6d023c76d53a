package outbox

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

// Webhook is the endpoint for a clinic's events. VSee says a clinic may have one, or none (seed, step 5), and
// publishes the envelopes; the rest is ours. The zero value with a URL uses the signature and the retry schedule of
// Standard Webhooks.
type Webhook struct {
	URL      string // http or https; empty for none
	Disabled bool   // the receiver has answered 410: nothing is sent until the URL is set again

	Signature      string   // standard, the default, or another scheme of internal/signature
	Secret         string   // `whsec_` and base64 for the scheme standard; generated when empty
	PreviousSecret string   // signs as well, during a rotation of secrets; empty for none
	Headers        Headers  // names of the signature's headers; the scheme's own when empty
	Timestamp      string   // the clock of the signed time: TimestampReal, the default, or TimestampClinic
	Events         []string // the types of events to send; nil for the default of the clinic
	Envelope       string   // EnvelopeUnversioned, the default, or another one

	Schedule    []time.Duration // the waits between a failed attempt and the next one; nil for StandardSchedule
	Jitter      float64         // the fraction by which a wait may be longer or shorter, from 0, the default, to 1
	Concurrency int             // the maximum number of attempts at once; 0 means 1, in due order

	Misbehaviour Misbehaviour // of each event
}

// Misbehaviour is a deliberate failure of an event's delivery.
type Misbehaviour = misbehaviour.Misbehaviour

// Headers are the names of the signature's headers.
type Headers = signature.Headers

// The clocks of the signed time. Verifiers of Standard Webhooks and of Stripe refuse a time more than five minutes
// from their own. They therefore refuse the time of a clinic with a moved clock.
const (
	TimestampReal   = "real"   // the real time of each attempt
	TimestampClinic = "clinic" // the clinic's clock: two runs can be identical to the byte
)

// Timestamps returns the clocks of the signed time.
func Timestamps() []string { return []string{TimestampReal, TimestampClinic} }

// The envelopes of an event (documented; the guide has the unversioned one).
const (
	EnvelopeUnversioned = "unversioned"
	EnvelopeV1          = "1.0"
	EnvelopeV2          = "2.0"
)

// Envelopes returns the envelopes.
func Envelopes() []string { return []string{EnvelopeUnversioned, EnvelopeV1, EnvelopeV2} }

// maxConcurrency is the maximum number of attempts of one clinic at once.
const maxConcurrency = 100

// WithDefaults fills in empty fields; secret is the default of Secret.
func (w Webhook) WithDefaults(secret string) Webhook {
	w.Secret, w.Signature = cmp.Or(w.Secret, secret), cmp.Or(w.Signature, string(signature.Standard))
	w.Timestamp, w.Envelope = cmp.Or(w.Timestamp, TimestampReal), cmp.Or(w.Envelope, EnvelopeUnversioned)
	w.Concurrency = cmp.Or(w.Concurrency, 1)
	if w.Schedule == nil {
		w.Schedule = StandardSchedule()
	}
	return w
}

// Validate returns every error in an endpoint with its defaults filled in. eventTypes are the types of the clinic's
// events.
func (w Webhook) Validate(eventTypes []string) error {
	var complaints []error
	complain := func(rule string) { complaints = append(complaints, errors.New(rule)) }
	scheme := signature.Scheme(w.Signature)
	if !scheme.Known() {
		complain("webhook.signature must be " + signature.Choices())
	}
	if !slices.Contains(Timestamps(), w.Timestamp) {
		complain("webhook.timestamp must be " + scalar.JoinOr(Timestamps()))
	}
	for i, kind := range w.Events {
		if !slices.Contains(eventTypes, kind) || slices.Contains(w.Events[:i], kind) {
			complain("webhook.events must be a list of " + scalar.JoinOr(eventTypes) + ", each once at most")
			break
		}
	}
	if !slices.Contains(Envelopes(), w.Envelope) {
		complain("webhook.envelope must be " + scalar.JoinOr(Envelopes()))
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
	complaints = append(complaints, validateSchedule(w.Schedule), validateURL(w.URL), w.Misbehaviour.Validate())
	return errors.Join(complaints...)
}

func validateURL(address string) error {
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
