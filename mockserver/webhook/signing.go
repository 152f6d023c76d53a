package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Scheme is a way to sign events that is in wide use. VSee publishes none, so all of them are ours.
type Scheme string

// The schemes.
const (
	Standard Scheme = "standard" // Standard Webhooks 1.0.0, the default
	Stripe   Scheme = "stripe"   // as Stripe signs: Stripe-Signature: t=…,v1=…
	GitHub   Scheme = "github"   // as GitHub signs: X-Hub-Signature-256: sha256=…, without a time
	Unsigned Scheme = "none"
)

// Headers are the names of the headers that carry a signature and what is signed. An empty one is the scheme's own.
type Headers struct {
	ID        string // the event's id; only Standard has one of its own
	Timestamp string // the Unix second that is signed; only Standard has one of its own
	Signature string
}

// Signing is how a clinic's events are signed. The zero value does not sign.
type Signing struct {
	Scheme  Scheme
	Secrets []string // the one in force; behind it, while secrets are rotated, the one before
	Headers Headers
}

// scheme is what one scheme does differently from the others.
type scheme struct {
	names Headers
	timed bool // what is signed holds the time
	mac   func(secret, id, stamp string, body []byte) (string, error)
	write func(stamp string, macs []string) string
	read  func(value string) (stamp string, macs []string) // the stamp is empty when a header of its own has it
}

var schemes = map[Scheme]scheme{
	Standard: {
		names: Headers{ID: "webhook-id", Timestamp: "webhook-timestamp", Signature: "webhook-signature"},
		timed: true,
		mac:   standardMAC,
		write: func(_ string, macs []string) string { return strings.Join(macs, " ") },
		read:  func(value string) (string, []string) { return "", strings.Fields(value) },
	},
	Stripe: {
		names: Headers{Signature: "Stripe-Signature"},
		timed: true,
		mac: func(secret, _, stamp string, body []byte) (string, error) {
			return hex.EncodeToString(mac([]byte(secret), stamp+".", body)), nil
		},
		write: func(stamp string, macs []string) string { return "t=" + stamp + ",v1=" + strings.Join(macs, ",v1=") },
		read:  readStripe,
	},
	GitHub: {
		names: Headers{Signature: "X-Hub-Signature-256"},
		mac: func(secret, _, _ string, body []byte) (string, error) {
			return "sha256=" + hex.EncodeToString(mac([]byte(secret), "", body)), nil
		},
		write: func(_ string, macs []string) string { return macs[0] }, // there is room for one
		read:  func(value string) (string, []string) { return "", []string{value} },
	},
}

func mac(key []byte, prefix string, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(prefix)) // a hash does not fail
	_, _ = h.Write(body)
	return h.Sum(nil)
}

// secretPrefix is what a secret of Standard Webhooks begins with; the base64 of the key follows.
const secretPrefix = "whsec_"

func standardMAC(secret, id, stamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", errors.New("the webhook's secret is not base64 after whsec_")
	}
	return "v1," + base64.StdEncoding.EncodeToString(mac(key, id+"."+stamp+".", body)), nil
}

func readStripe(value string) (stamp string, macs []string) {
	for part := range strings.SplitSeq(value, ",") {
		switch name, text, _ := strings.Cut(part, "="); name {
		case "t":
			stamp = text
		case "v1":
			macs = append(macs, text)
		}
	}
	return stamp, macs
}

// Names returns the headers in force: those that were named, else the scheme's own.
func (s Signing) Names() Headers {
	names, own := s.Headers, schemes[s.Scheme].names
	for _, name := range []struct {
		is  *string
		own string
	}{{&names.ID, own.ID}, {&names.Timestamp, own.Timestamp}, {&names.Signature, own.Signature}} {
		if *name.is == "" {
			*name.is = name.own
		}
	}
	return names
}

// Sign sets the headers of the scheme for one attempt: at is the time that is signed.
func (s Signing) Sign(h http.Header, id string, at time.Time, body []byte) error {
	names, stamp := s.Names(), strconv.FormatInt(at.Unix(), 10)
	for name, value := range map[string]string{names.ID: id, names.Timestamp: stamp} {
		if name != "" {
			h.Set(name, value)
		}
	}
	scheme, signs := schemes[s.Scheme]
	if !signs {
		return nil
	}
	var macs []string
	for _, secret := range s.Secrets {
		text, err := scheme.mac(secret, id, stamp, body)
		if err != nil {
			return err
		}
		macs = append(macs, text)
	}
	if len(macs) == 0 {
		return errors.New("the webhook has no secret to sign with")
	}
	h.Set(names.Signature, scheme.write(stamp, macs))
	return nil
}

// Verify returns nil when one of the signatures in h is that of the body by one of the secrets, and when nothing is
// signed. It does not look at how old the timestamp is: a clinic's clock may be far from the receiver's.
func (s Signing) Verify(h http.Header, body []byte) error {
	scheme, signs := schemes[s.Scheme]
	if !signs {
		return nil
	}
	id, stamp, macs := s.sent(h)
	if len(macs) == 0 || scheme.names.ID != "" && id == "" || scheme.timed && stamp == "" {
		return fmt.Errorf("the request lacks a header of the scheme %s", s.Scheme)
	}
	for _, secret := range s.Secrets {
		want, err := scheme.mac(secret, id, stamp, body)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(macs, func(got string) bool { return hmac.Equal([]byte(got), []byte(want)) }) {
			return nil
		}
	}
	return errors.New("no signature is that of the body by this secret")
}

// SignedAt returns the time that the signature covers, false when the scheme has none or the request lacks it.
func (s Signing) SignedAt(h http.Header) (time.Time, bool) {
	if !schemes[s.Scheme].timed {
		return time.Time{}, false
	}
	_, stamp, _ := s.sent(h)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// sent returns what a request says in the headers of a scheme that signs.
func (s Signing) sent(h http.Header) (id, stamp string, macs []string) {
	names := s.Names()
	value := h.Get(names.Signature)
	if value == "" {
		return "", "", nil
	}
	stamp, macs = schemes[s.Scheme].read(value)
	if stamp == "" {
		stamp = h.Get(names.Timestamp)
	}
	return h.Get(names.ID), stamp, macs
}
