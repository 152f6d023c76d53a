package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// breach is what is wrong with a reply or an event by openapi.yaml. It has no values.
type breach struct {
	what     string // the reply to signOn (200)
	findings []result.Finding
}

// Error implements error.
func (b *breach) Error() string {
	rules := make([]string, 0, len(b.findings))
	for _, f := range b.findings {
		rule := f.Rule
		if f.Pointer != "" {
			rule = f.Pointer + ": " + rule
		}
		rules = append(rules, rule)
	}
	return b.what + " breaks openapi.yaml: " + strings.Join(rules, "; ")
}

// hold returns the error of findings, nil for none.
func hold(what string, findings []result.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	return &breach{what, findings}
}

// reply holds a reply to openapi.yaml. What is not an operation there has nothing to be held to.
func (c *client) reply(operation string, r response) error {
	if operation == "" {
		return nil
	}
	return hold(fmt.Sprintf("the reply to %s (%d)", operation, r.Status), c.checker.Reply(operation, r.Status, r.Header, r.Body))
}

// event holds an event to openapi.yaml, in the envelope that its clinic is known to be set to; "" for one that is not
// known. One that is spoiled on purpose may have fields that openapi.yaml does not know; how many it has is returned.
func (c *client) event(d delivery, envelope string, spoiled bool) (int, error) {
	var wrong []result.Finding
	extra := 0
	for _, f := range c.inEnvelope(d.Body, envelope) {
		if spoiled && f.Rule == undeclared {
			extra++
		} else {
			wrong = append(wrong, f)
		}
	}
	return extra, c.untrue(d, wrong...)
}

// inEnvelope returns what is wrong with the payload of an event. One that is right in another envelope than the one that
// it must be in is wrong in that alone.
func (c *client) inEnvelope(payload []byte, envelope string) []result.Finding {
	anyhow := c.checker.Event(payload, "")
	kind, is := c.checker.EnvelopeOf(payload)
	switch {
	case envelope == "" || kind == "" || is == envelope:
		return anyhow
	case len(anyhow) == 0:
		return []result.Finding{{Operation: kind, Rule: "the envelope must be " + envelope + ", which the clinic is set to, and is " + is}}
	}
	return c.checker.Event(payload, envelope)
}

// about returns the error of an event about another patient than the one whose check it tells of.
func (c *client) about(e event, patient string) error {
	if e.Data.MemberID == patient {
		return nil
	}
	return c.untrue(e.delivery, result.Finding{
		Operation: e.Type, Pointer: "/data/member_id", Rule: "must be the patient whose check it is, and is another",
	})
}

// untrue returns the error of an event that findings tell about, nil for none.
func (c *client) untrue(d delivery, wrong ...result.Finding) error {
	if len(wrong) > 0 {
		c.last = exchange{Findings: wrong, Shown: c.shown(d)}
	}
	return hold("the event", wrong)
}

// shown returns an event and what was answered, redacted.
func (c *client) shown(d delivery) *result.Exchange {
	return &result.Exchange{
		Request: result.Message{
			Line:   "POST, to the clinic's webhook",
			Header: c.redactor.Header(d.Header),
			Body:   c.redactor.Body(d.Header.Get("Content-Type"), d.Body),
		},
		Reply: result.Message{Line: fmt.Sprintf("%d %s", d.Status, http.StatusText(d.Status))},
	}
}

// undeclared is the rule of a finding about a field that openapi.yaml does not have.
const undeclared = "the field is not declared"
