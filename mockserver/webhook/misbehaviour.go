package webhook

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// timestampShift is how far a wrong timestamp is from the correct one, in real time or the clinic's.
const timestampShift = 10 * time.Minute

// sign signs a body by the time of the request, or wrongly on purpose if its misbehaviour asks for it. It returns the
// lines of a header with those of the signature.
func (r *Request) sign(lines headerlines.Lines, body []byte) (headerlines.Lines, error) {
	s, at := r.Signing, r.At
	switch r.Misbehaviour.Signature {
	case misbehaviour.SignatureBad:
		s.Secrets = []string{otherSecret(s.Secrets, "nobody's")}
	case misbehaviour.SignatureOld:
		if s.Secrets = s.Secrets[min(1, len(s.Secrets)):]; len(s.Secrets) == 0 {
			s.Secrets = []string{otherSecret(r.Signing.Secrets, "old")}
		}
		s.Secrets = s.Secrets[:1]
	}
	switch r.Misbehaviour.Timestamp {
	case misbehaviour.TimestampStale:
		at = at.Add(-timestampShift)
	case misbehaviour.TimestampFuture:
		at = at.Add(timestampShift)
	}
	fields, err := s.fields(r.ID, at, body)
	if r.Unsigned {
		fields[signatureField] = field{}
	}
	for _, f := range fields {
		if f.name != "" {
			lines = lines.With(http.CanonicalHeaderKey(f.name), f.value)
		}
	}
	return lines, err
}

// otherSecret returns a secret derived from another one and different from it.
func otherSecret(secrets []string, what string) string {
	sum := sha256.Sum256([]byte(what + strings.Join(secrets, " ")))
	return signature.SecretPrefix + base64.StdEncoding.EncodeToString(sum[:24])
}

// The fields added to a payload on purpose.
const (
	unknownField = `"unknown_field":"sent by vsee-mock on purpose"`
	alteredField = `"altered":"after it was signed, on purpose"`
)

// memberIDText matches the external_member_id of an event as a text of digits. In a text, its quotes would be escaped.
var memberIDText = regexp.MustCompile(`("external_member_id":)"(0|[1-9][0-9]*)"`)

// addField adds a field to a JSON object and returns the result. The object must have at least one field already.
func addField(body []byte, field string) []byte {
	open := bytes.TrimSuffix(body, []byte("}"))
	return slices.Concat(open, []byte(","+field+"}"))
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// slowParts is in how many parts a slow body is sent.
const slowParts = 5

// errCut ends a deliberately cut body.
var errCut = errors.New("the connection is cut on purpose")

// trickle is a body with deliberate delays. It is sent in parts with a pause before each but the first; or only half of
// it is sent; or it halts at its half.
type trickle struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the request whose body it is
	rest   []byte
	part   int
	pause  time.Duration
	cut    int // how much is left when the connection is cut; -1 for never
	half   int
	midway func(context.Context) error // nil when it was called
	begun  bool

	stopped func()
}

// newTrickle returns a body that takes the given time to send. stopped is called when the body ends before it is sent.
func newTrickle(ctx context.Context, body []byte, slow time.Duration, midway func(context.Context) error,
	stopped func()) *trickle {
	t := &trickle{
		ctx: ctx, rest: body, part: len(body)/2 + 1, cut: -1, half: len(body) / 2, midway: midway, stopped: stopped,
	}
	if slow > 0 {
		t.part, t.pause = len(body)/slowParts+1, slow/(slowParts-1)
	}
	return t
}

// Read implements io.Reader.
func (t *trickle) Read(p []byte) (int, error) {
	if t.cut >= 0 && len(t.rest) <= t.cut {
		t.stopped()
		return 0, errCut
	}
	if len(t.rest) == 0 {
		return 0, io.EOF
	}
	if err := t.wait(); err != nil {
		t.stopped()
		return 0, err
	}
	n := copy(p, t.rest[:min(t.part, len(t.rest))])
	t.rest = t.rest[n:]
	return n, nil
}

// wait returns when the next part may be sent.
func (t *trickle) wait() error {
	if midway := t.midway; midway != nil && len(t.rest) <= t.half {
		t.midway = nil
		if err := midway(t.ctx); err != nil {
			return err
		}
	}
	if !t.begun || t.pause == 0 {
		t.begun = true
		return nil
	}
	return clock.Wait(t.ctx, t.pause)
}
