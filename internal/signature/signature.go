// Package signature is the one table of the schemes for signing events: their names, the source of every list of them,
// and how each one computes, writes and reads a signature. It knows no HTTP. VSee publishes no scheme, so all of them
// are ours.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Scheme is the name of a widely used way to sign events.
type Scheme string

// The schemes.
const (
	Standard Scheme = "standard" // Standard Webhooks 1.0.0, the default
	Stripe   Scheme = "stripe"   // as Stripe signs: Stripe-Signature: t=…,v1=…
	GitHub   Scheme = "github"   // as GitHub signs: X-Hub-Signature-256: sha256=…, without a time
	Unsigned Scheme = "none"
)

// Headers are the names of the headers with the signature and the values covered by it. An empty name means the default
// of the scheme.
type Headers struct {
	ID        string // the event's id; only Standard has a header of its own for it
	Timestamp string // the signed Unix second; only Standard has a header of its own for it
	Signature string
}

// Row is a scheme. A scheme without signatures has the zero value behind its name.
type Row struct {
	Name    Scheme
	Headers Headers
	Timed   bool // the signature covers the time
	Several bool // the header has room for several signatures

	// MAC returns one signature. stamp is the Unix second. The error is for a secret of the wrong form for the scheme.
	MAC func(secret, id, stamp string, body []byte) (string, error)
	// Write returns the value of the signature's header.
	Write func(stamp string, macs []string) string
	// Read is the inverse of Write. The stamp is empty when it has a header of its own.
	Read func(value string) (stamp string, macs []string)
	// CheckSecret returns the rule broken by a secret; it is nil where any text is a valid secret.
	CheckSecret func(secret string) error
}

var table = []Row{{
	Name:        Standard,
	Headers:     Headers{ID: "webhook-id", Timestamp: "webhook-timestamp", Signature: "webhook-signature"},
	Timed:       true,
	Several:     true,
	MAC:         standardMAC,
	Write:       func(_ string, macs []string) string { return strings.Join(macs, " ") },
	Read:        func(value string) (string, []string) { return "", strings.Fields(value) },
	CheckSecret: checkStandardSecret,
}, {
	Name:    Stripe,
	Headers: Headers{Signature: "Stripe-Signature"},
	Timed:   true,
	Several: true,
	MAC: func(secret, _, stamp string, body []byte) (string, error) {
		return hex.EncodeToString(mac([]byte(secret), stamp+".", body)), nil
	},
	Write: func(stamp string, macs []string) string { return "t=" + stamp + ",v1=" + strings.Join(macs, ",v1=") },
	Read:  readStripe,
}, {
	Name:    GitHub,
	Headers: Headers{Signature: "X-Hub-Signature-256"},
	MAC: func(secret, _, _ string, body []byte) (string, error) {
		return "sha256=" + hex.EncodeToString(mac([]byte(secret), "", body)), nil
	},
	Write: func(_ string, macs []string) string { return macs[0] },
	Read:  func(value string) (string, []string) { return "", []string{value} },
}, {
	Name: Unsigned,
}}

// Names returns the names of the schemes, the default first and Unsigned last.
func Names() []string {
	names := make([]string, len(table))
	for i, row := range table {
		names[i] = string(row.Name)
	}
	return names
}

// Rows returns the schemes in the order of Names.
func Rows() []Row { return slices.Clone(table) }

// Choices returns the names joined for a sentence: standard, stripe, github or none.
func Choices() string { return scalar.JoinOr(Names()) }

// Row returns the functions of a scheme; a row without a name for an unknown scheme.
func (s Scheme) Row() Row {
	if i := slices.IndexFunc(table, func(row Row) bool { return row.Name == s }); i >= 0 {
		return table[i]
	}
	return Row{}
}

// Known reports whether the scheme exists.
func (s Scheme) Known() bool { return s.Row().Name != "" }

// Signs reports whether events get a signature.
func (s Scheme) Signs() bool { return s.Row().MAC != nil }

func mac(key []byte, prefix string, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = io.WriteString(h, prefix) // a hash never fails
	_, _ = h.Write(body)
	return h.Sum(make([]byte, 0, sha256.Size))
}

// SecretPrefix begins a secret of Standard Webhooks; the base64 of the key follows.
const SecretPrefix = "whsec_"

func standardMAC(secret, id, stamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, SecretPrefix))
	if err != nil {
		return "", errors.New("the webhook's secret is not base64 after whsec_")
	}
	return "v1," + base64.StdEncoding.EncodeToString(mac(key, id+"."+stamp+".", body)), nil
}

func checkStandardSecret(secret string) error {
	text, marked := strings.CutPrefix(secret, SecretPrefix)
	key, err := base64.StdEncoding.DecodeString(text)
	if !marked || err != nil || len(key) < 24 || len(key) > 64 {
		return errors.New("must be whsec_ and the base64 of 24 to 64 bytes")
	}
	return nil
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
