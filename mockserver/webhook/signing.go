package webhook

import (
	"cmp"
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Scheme is the name of a way to sign events; internal/signature has the table of them.
type Scheme = signature.Scheme

// The schemes.
const (
	Standard = signature.Standard
	Stripe   = signature.Stripe
	GitHub   = signature.GitHub
	Unsigned = signature.Unsigned
)

// Headers are the names of the headers for the signature and for the signed id and time. An empty name means the
// scheme's own.
type Headers = signature.Headers

// Signing is how a clinic's events are signed. The zero value does not sign.
type Signing struct {
	Scheme  Scheme
	Secrets []string // the one in force; behind it, while secrets are rotated, the one before
	Headers Headers
}

// Names returns the headers in force: the configured ones, else the scheme's own.
func (s Signing) Names() Headers {
	scheme := s.Scheme.Row()
	return s.names(&scheme)
}

func (s Signing) names(scheme *signature.Row) Headers {
	own := &scheme.Headers
	return Headers{
		ID: cmp.Or(s.Headers.ID, own.ID), Timestamp: cmp.Or(s.Headers.Timestamp, own.Timestamp),
		Signature: cmp.Or(s.Headers.Signature, own.Signature),
	}
}

// Sign sets the headers of the scheme for one attempt; at is the signed time.
func (s Signing) Sign(h http.Header, id string, at time.Time, body []byte) error {
	fields, err := s.fields(id, at, body)
	for _, f := range fields {
		if f.name != "" {
			h.Set(f.name, f.value)
		}
	}
	return err
}

// field is a header of a signature.
type field struct{ name, value string }

// signatureField is the place of the signature among the fields.
const signatureField = 2

// fields returns the headers of the scheme for one attempt; the name of one that it does not have is empty.
func (s Signing) fields(id string, at time.Time, body []byte) (fields [3]field, err error) {
	scheme := s.Scheme.Row()
	names, stamp := s.names(&scheme), strconv.FormatInt(at.Unix(), 10)
	fields[0], fields[1] = field{names.ID, id}, field{names.Timestamp, stamp}
	if scheme.MAC == nil {
		return fields, nil
	}
	macs := make([]string, 0, len(s.Secrets))
	for _, secret := range s.Secrets {
		text, err := scheme.MAC(secret, id, stamp, body)
		if err != nil {
			return fields, err
		}
		macs = append(macs, text)
	}
	if len(macs) == 0 {
		return fields, errors.New("the webhook has no secret to sign with")
	}
	fields[signatureField] = field{names.Signature, scheme.Write(stamp, macs)}
	return fields, nil
}

// Verify returns nil when h has a valid signature of the body by one of the secrets, and also when the scheme does not
// sign. It does not look at the age of the timestamp: a clinic's clock may be far from the receiver's.
func (s Signing) Verify(h http.Header, body []byte) error {
	if !s.Scheme.Signs() {
		return nil
	}
	scheme := s.Scheme.Row()
	id, stamp, macs := s.signedValues(h)
	if len(macs) == 0 || scheme.Headers.ID != "" && id == "" || scheme.Timed && stamp == "" {
		return s.incomplete(h)
	}
	for _, secret := range s.Secrets {
		want, err := scheme.MAC(secret, id, stamp, body)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(macs, func(got string) bool { return hmac.Equal([]byte(got), []byte(want)) }) {
			return nil
		}
	}
	return errors.New("no signature matches the body and this secret")
}

// incomplete returns the error for a request without a complete signature. It names the missing headers, and those of
// other schemes that came instead.
func (s Signing) incomplete(h http.Header) error {
	names, own := s.Names(), s.Scheme.Row().Headers
	var missing []string
	for _, name := range [...]struct{ own, name string }{
		{own.ID, names.ID}, {own.Timestamp, names.Timestamp}, {own.Signature, names.Signature},
	} {
		if name.own != "" && h.Get(name.name) == "" {
			missing = append(missing, name.name)
		}
	}
	if len(missing) == 0 {
		return fmt.Errorf("the header %s does not have the form of the scheme %s", names.Signature, s.Scheme)
	}
	text := fmt.Sprintf("the request lacks %s of the scheme %s", strings.Join(missing, ", "), s.Scheme)
	for _, row := range signature.Rows() {
		if other := row.Headers.Signature; other != "" && h.Get(other) != "" {
			text += fmt.Sprintf("; it has %s of the scheme %s", other, row.Name)
		}
	}
	return errors.New(text)
}

// OtherScheme returns the scheme that a refusal in lower case names, by its header or as "scheme NAME", other than own;
// "" for none.
func OtherScheme(own Scheme, refusal string) Scheme {
	for _, row := range signature.Rows() {
		header := strings.ToLower(row.Headers.Signature)
		if row.Name != own && header != "" &&
			(strings.Contains(refusal, header) || strings.Contains(refusal, "scheme "+string(row.Name))) {
			return row.Name
		}
	}
	return ""
}

// SignedAt returns the time covered by the signature, false when the scheme has none or the request lacks it.
func (s Signing) SignedAt(h http.Header) (time.Time, bool) {
	if !s.Scheme.Row().Timed {
		return time.Time{}, false
	}
	_, stamp, _ := s.signedValues(h)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// signedValues returns the signed values in the headers of a request, for a scheme with signatures.
func (s Signing) signedValues(h http.Header) (id, stamp string, macs []string) {
	names := s.Names()
	value := h.Get(names.Signature)
	if value == "" {
		return "", "", nil
	}
	stamp, macs = s.Scheme.Row().Read(value)
	if stamp == "" {
		stamp = h.Get(names.Timestamp)
	}
	return h.Get(names.ID), stamp, macs
}
