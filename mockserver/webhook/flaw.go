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
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Forgery is what is wrong with a signature on purpose.
type Forgery string

// The forgeries.
const (
	BadSignature     Forgery = "bad"     // well-formed, but by a secret that nobody has
	OldSignature     Forgery = "old"     // by the secret that was in force before, alone
	MissingSignature Forgery = "missing" // not sent
)

// Flaws are what is wrong with a request on purpose. The zero value is a good request.
type Flaws struct {
	Signature  Forgery
	Shift      time.Duration // of the time that is signed, from Request.At
	Altered    bool          // the body is changed after it was signed
	ExtraField bool          // the body has a field that VSee does not know
	Slow       time.Duration // how long it takes to send the body, in real time
	Gzip       bool          // the body is sent compressed; signed is what it unpacks to
	Cut        bool          // the connection ends in the middle of the body
}

// sign signs a body as the flaws have it.
func (f Flaws) sign(h http.Header, s Signing, id string, at time.Time, body []byte) error {
	switch {
	case f.Signature == BadSignature:
		s.Secrets = []string{other(s.Secrets, "nobody's")}
	case f.Signature == OldSignature && len(s.Secrets) > 1:
		s.Secrets = s.Secrets[1:2]
	case f.Signature == OldSignature:
		s.Secrets = []string{other(s.Secrets, "old")}
	}
	if err := s.Sign(h, id, at.Add(f.Shift), body); err != nil {
		return err
	}
	if f.Signature == MissingSignature {
		h.Del(s.Names().Signature)
	}
	return nil
}

// other returns a secret that follows from another one and is not it.
func other(secrets []string, what string) string {
	sum := sha256.Sum256([]byte(what + strings.Join(secrets, " ")))
	return signature.SecretPrefix + base64.StdEncoding.EncodeToString(sum[:24])
}

// The fields that a payload gets on purpose.
const (
	unknownField = `"unknown_field":"sent by vsee-mock on purpose"`
	alteredField = `"altered":"after it was signed, on purpose"`
)

// with returns a JSON object, which has a field at least, with another one.
func with(body []byte, field string) []byte {
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

// pieces is in how many parts a slow body is sent.
const pieces = 5

// errCut ends a body that is cut.
var errCut = errors.New("the connection is cut on purpose")

// trickle is a body that is sent in parts, with a pause before each but the first; or of which half is sent; or that is
// halted at its half.
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

// newTrickle returns a body that is sent as the flaws have it. stopped is called when it ends before it is sent.
func newTrickle(ctx context.Context, body []byte, flaws Flaws, midway func(context.Context) error, stopped func()) *trickle {
	t := &trickle{
		ctx: ctx, rest: body, part: len(body)/2 + 1, cut: -1, half: len(body) / 2, midway: midway, stopped: stopped,
	}
	if flaws.Slow > 0 {
		t.part, t.pause = len(body)/pieces+1, flaws.Slow/(pieces-1)
	}
	if flaws.Cut {
		t.cut = t.half
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
