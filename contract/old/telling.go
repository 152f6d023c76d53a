//go:build ignore

package contract

import (
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// retries are the waits between a refused attempt and the next one, from openapi.yaml.
func retries() []time.Duration {
	return []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

// shift is the distance from now of a stale timestamp, or of one in the future.
const shift = 10 * time.Minute

// told returns the events about the patient that the clinic's webhook received. If requests fail, the target may
// have started a check whose id the client never saw; events of such a check are left out.
func (s *story) told() []event {
	GinkgoHelper()
	events := s.events(s.patient)
	if len(s.tale.HTTP) == 0 {
		return events
	}
	return slices.DeleteFunc(events, func(e event) bool { return !slices.Contains(s.started, e.Data.CheckID) })
}

// copies is the number of requests in one attempt to deliver the event of a check.
func copies(m scenarios.Webhook) int { return max(int(m.Duplicate), 1) * max(int(m.Burst), 1) }

// prepares makes the suite's receiver refuse the attempts with a scenario's deliberate faults, so that others
// follow. For a slow attempt, it also measures the time.
func (s *story) prepares(m scenarios.Webhook) {
	if m.Attempts > 0 {
		s.receiver.refuse(s.hookPath, int(m.Attempts)*copies(m))
	}
	if m.Slow > 0 {
		s.receiver.limit(s.hookPath, time.Duration(m.Slow)/4) // a quarter: this process may read it late
	}
}

// isTold requires that the clinic's webhook gets the events of a check as described by the scenario.
func (s *story) isTold(id string, step scenarios.Step, told int) {
	GinkgoHelper()
	m := step.Webhook
	if m.Drop || noWebhook(s.tale) {
		s.staysQuiet(48*time.Hour, told)
		return
	}
	s.isHeldBack(m, told)
	schedule := retries()
	for _, wait := range schedule[:m.Refused] {
		Expect(s.told()).To(HaveLen(told), "the events before the webhook is no longer refused")
		s.pass(wait)
	}
	for n := range m.Attempts {
		told = s.arrives(id, step.Response, told, m)
		s.pass(schedule[m.Refused+n])
	}
	if m.Attempts > 0 { // the later attempts are right
		m = scenarios.Webhook{Burst: m.Burst}
	}
	s.arrives(id, step.Response, told, m)
}

// staysQuiet requires that the webhook gets no event about the patient for a time.
func (s *story) staysQuiet(span time.Duration, told int) {
	GinkgoHelper()
	s.pass(span)
	Expect(s.told()).To(HaveLen(told), "the events "+span.String()+" later")
}

// isHeldBack requires that a held event does not come too early, and then releases it.
func (s *story) isHeldBack(m scenarios.Webhook, told int) {
	GinkgoHelper()
	switch {
	case m.AfterRead: // it has been read, to see that the result is saved
		s.pass(0)
	case m.Hold.Next:
		s.staysQuiet(12*time.Hour, told)
		other := s.insured()
		s.start(other, s.carrier())
		s.pass(cronDelay)
		all := s.receiver.received(s.hookPath)
		first := s.events(other)
		Expect(first).To(HaveLen(1), "the events about the other patient")
		Expect(s.told()).To(HaveLen(told+copies(m)), "the events after the next one")
		Expect(all[len(all)-1-copies(m)].Body).To(Equal(first[0].Body), "the next event comes first")
	case m.Hold.For > 0:
		s.staysQuiet(m.Hold.For-1, told)
		s.pass(1)
	}
}

// arrives requires an attempt to deliver an event of a check, with the deliberate faults and no others. It returns
// the number of requests so far.
func (s *story) arrives(id, response string, told int, m scenarios.Webhook) int {
	GinkgoHelper()
	all := told + copies(m)
	s.eventually("how many events have come", func() any { return len(s.told()) }, Equal(all))
	ids := map[string]bool{}
	for _, e := range s.told()[told:] {
		ids[e.ID] = true
		Expect(e.Type).To(Equal("eligibility.checked"), "the type of the event")
		Expect(e.Account).To(Equal(s.clinic.AccountCode), "the account code in the event")
		Expect(e.Data.CheckID).To(Equal(id), "the id of the check in the event")
		Expect(e.Data.Response).To(Equal(response), "the response in the event")
		s.hasBody(e, m)
		s.isSigned(e, m)
	}
	Expect(ids).To(HaveLen(max(int(m.Burst), 1)), "the events that have come")
	s.pass(0)
	Expect(s.told()).To(HaveLen(all), "what has come of the attempt")
	return all
}

// hasBody requires that the body of an event is valid by openapi.yaml, apart from its deliberate faults.
func (s *story) hasBody(e event, m scenarios.Webhook) {
	GinkgoHelper()
	encoding := ""
	if m.Gzip {
		encoding = "gzip"
	}
	Expect(e.Header.Get("Content-Encoding")).To(Equal(encoding), "how the event is compressed")
	Expect(e.Late).To(Equal(m.Slow > 0), "the body takes its time")
	extra, err := s.client.event(e.delivery, s.clinic.Webhook.Envelope, m.Altered || m.ExtraField)
	Expect(err).NotTo(HaveOccurred(), "the event by openapi.yaml")
	if m.ExtraField { // how one is altered does not matter
		Expect(extra).To(Equal(1), "fields that VSee does not know")
	}
}

// isSigned requires that the signature of an event is genuine and current, apart from its deliberate faults.
func (s *story) isSigned(e event, m scenarios.Webhook) {
	GinkgoHelper()
	if s.clinic.Webhook.Secret == "" {
		return
	}
	current, old := verify(e.Header, s.clinic.Webhook.Secret, e.Body), verify(e.Header, oldSecret, e.Body)
	switch {
	case m.Signature == "bad" || m.Altered:
		Expect(current).To(HaveOccurred(), "it verifies")
		Expect(old).To(HaveOccurred(), "it verifies by the previous secret")
	case m.Signature == "old":
		Expect(current).To(HaveOccurred(), "it verifies by the secret in force")
		Expect(old).To(Succeed(), "by the previous secret")
	default:
		Expect(current).To(Succeed(), "by the secret of "+EnvWebhookSecret)
	}
	if s.isMock() {
		signed, err := signedAt(e.Header)
		Expect(err).NotTo(HaveOccurred(), "the second as of which it is signed can be read")
		off := map[string]time.Duration{"stale": -shift, "future": shift}[string(m.Timestamp)]
		Expect(signed).To(BeTemporally("~", e.Began.Add(off), tolerance), "the second as of which it is signed")
	}
}
