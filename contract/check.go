package contract

import (
	"errors"
	"fmt"
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

// event holds the payload of an event to openapi.yaml.
func (c *client) event(payload []byte) error {
	err := hold("the event", c.checker.Event(payload, ""))
	if broken, ok := errors.AsType[*breach](err); ok {
		c.last = exchange{Findings: broken.findings}
	}
	return err
}

// extras returns how many fields an event has that openapi.yaml does not know. The error is for what else is wrong
// with it.
func (c *client) extras(payload []byte) (int, error) {
	var wrong []result.Finding
	extra := 0
	for _, f := range c.checker.Event(payload, "") {
		if f.Rule == undeclared {
			extra++
		} else {
			wrong = append(wrong, f)
		}
	}
	return extra, hold("the event", wrong)
}

// undeclared is the rule of a finding about a field that openapi.yaml does not have.
const undeclared = "the field is not declared"
