package gauntlet

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// session is one run: the events it writes and the requests it makes. Cases write events one after the other; requests
// can be made at once.
type session struct {
	Config
	sender *webhook.Sender
	client *http.Client // reads the receiver's state
	at     time.Time    // when the case has begun
	check  uint64       // the id of the last check
	slow   string       // says that a valid event got no answer in time; empty when it did
}

// The ids of checks are made up and distinct from those of other runs. They fit into 32 bits, in case a receiver
// depends on it.
const (
	firstCheck = 1_000_000_000
	lastCheck  = 2_000_000_000
)

func newSession(c Config) *session {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // as the sender's
	var bits [8]byte
	_, _ = rand.Read(bits[:]) // never fails
	return &session{
		Config: c,
		sender: webhook.NewSender(webhook.Options{Timeout: c.Timeout, UserAgent: c.UserAgent}),
		client: &http.Client{Transport: transport},
		check:  firstCheck + binary.BigEndian.Uint64(bits[:])%(lastCheck-firstCheck),
	}
}

// close closes the idle connections kept open.
func (s *session) close() {
	s.sender.Close()
	s.client.CloseIdleConnections()
}

// eligibilityChecked is the type of the document's event.
const eligibilityChecked = "eligibility.checked"

// externalID is the guide's patient's.
const externalID = 5991794

// result is the data of an event, in the guide's order.
type result struct {
	EligibilityID    string `json:"eligibility_id"`
	MemberID         string `json:"member_id"`
	Response         string `json:"eligibility_response"`
	ExternalMemberID any    `json:"external_member_id"`
}

// newResult returns the result of a new check.
func (s *session) newResult(response string) result {
	s.check++
	return result{strconv.FormatUint(s.check, 10), s.MemberID, response, strconv.Itoa(externalID)}
}

// of returns the result of another member.
func (r result) of(member string) result {
	r.MemberID = member
	return r
}

// eventAge is the age of a case's events at its beginning: a delivery is never the first thing.
const eventAge = 10 * time.Second

// newEvent returns the request for a new event.
func (s *session) newEvent(kind string, data any) webhook.Request {
	return s.eventAt(s.at.Add(-eventAge), kind, data)
}

// resultEvent returns the request for a result, as a new event.
func (s *session) resultEvent(r result) webhook.Request { return s.newEvent(eligibilityChecked, r) }

func (s *session) eventAt(created time.Time, kind string, data any) webhook.Request {
	id := eventID(created)
	text, _ := json.Marshal(data) // texts and numbers
	body := webhook.Body(webhook.Event{ID: id, Type: kind, Created: created, Account: s.Account, Data: text},
		s.Envelope)
	return webhook.Request{URL: s.URL, Signing: s.validSigning(), ID: id, Body: body}
}

// eventID returns a UUID of version 4. Its first 8 digits are the Unix second of creation.
func eventID(created time.Time) string {
	u := make([]byte, 16)
	_, _ = rand.Read(u)                                   // never fails
	binary.BigEndian.PutUint32(u, uint32(created.Unix())) //nolint:gosec // VSee's form holds 32 bits, until 2106
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// validSigning is how a good event is signed: by the secret in force.
func (s *session) validSigning() webhook.Signing {
	signing := s.Signing
	signing.Secrets = signing.Secrets[:min(1, len(signing.Secrets))]
	return signing
}

// post makes one request, signed as of now unless the request has another time.
func (s *session) post(ctx context.Context, r webhook.Request) answer {
	if r.At.IsZero() {
		r.At = clock.Wall()
	}
	if r.Misbehaviour.Signature == misbehaviour.SignatureOld {
		r.Signing = s.Signing
	}
	got, err := s.sender.Attempt(ctx, r)
	if err != nil {
		return answer{Reason: webhook.BrokenOff, Detail: "the run was stopped"}
	}
	if got.Reason == webhook.Timeout {
		got.Detail = s.noAnswerInTime()
	}
	return answer{got.Status, got.Reason, got.Detail}
}

// noAnswerInTime says that the receiver has exceeded the time limit.
func (s *session) noAnswerInTime() string {
	return fmt.Sprintf("the receiver took longer than %s", s.Timeout)
}

// postAll makes requests, up to so many at once, and returns the answers in the requests' order.
func (s *session) postAll(ctx context.Context, atOnce int, requests []webhook.Request) []answer {
	answers := make([]answer, len(requests))
	free := make(chan struct{}, atOnce)
	var work sync.WaitGroup
	for i, r := range requests {
		free <- struct{}{}
		work.Go(func() {
			answers[i] = s.post(ctx, r)
			<-free
		})
	}
	work.Wait()
	return answers
}

// postTogether makes requests that are all under way before the first one ends.
func (s *session) postTogether(ctx context.Context, requests []webhook.Request) []answer {
	midway := webhook.Together(len(requests), s.Timeout/2)
	for i := range requests {
		requests[i].Midway = midway
	}
	return s.postAll(ctx, len(requests), requests)
}
