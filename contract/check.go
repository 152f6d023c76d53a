package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// breach is a difference of a reply or an event from openapi.yaml. It has no values.
type breach struct {
	what     string // for example: the reply to signOn (200)
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

// hold returns an error with the findings, nil for none.
func hold(what string, findings []result.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	return &breach{what, findings}
}

// reply validates a reply against openapi.yaml. A path without an operation there is not validated.
func (c *client) reply(operation string, r response) error {
	if operation == "" {
		return nil
	}
	return hold(fmt.Sprintf("the reply to %s (%d)", operation, r.Status), c.checker.Reply(operation, r.Status, r.Header, r.Body))
}

// event validates an event against openapi.yaml, in the envelope of its clinic; "" when the envelope is not known.
// An event that is deliberately wrong may have fields unknown to openapi.yaml; event returns their number.
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

// inEnvelope returns the findings for the payload of an event. A payload that is valid in another envelope gets
// one finding, about the envelope alone.
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

// about returns an error if an event names a patient other than the one its check belongs to.
func (c *client) about(e event, patient string) error {
	if e.Data.MemberID == patient {
		return nil
	}
	return c.untrue(e.delivery, result.Finding{
		Operation: e.Type, Pointer: "/data/member_id", Rule: "must be the patient whose check it is, and is another",
	})
}

// untrue returns the error of an event with findings, nil without any.
func (c *client) untrue(d delivery, wrong ...result.Finding) error {
	if len(wrong) > 0 {
		c.last = exchange{Findings: wrong, Shown: c.shown(d)}
	}
	return hold("the event", wrong)
}

// shown returns an event and the receiver's answer, redacted.
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

// undeclared is the rule of a finding about a field missing from openapi.yaml.
const undeclared = "the field is not declared"
