package clearinghouse

import (
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Decision is what decided on a check or a claim.
type Decision struct {
	Scenario *scenarios.Scenario // the one that decided, and the line of what it says; nil when none did
	Line     int
	Tried    int  // how many scenarios were in force
	Named    bool // the request named the scenario that decided, and none was tried
	Kept     bool // false: what was in force then is no longer known
}

// Explanation says why a check was answered as it was.
type Explanation struct {
	Decision
	Asked  scenarios.Check  // what the check was made with
	Misses []scenarios.Miss // those that came near and were tried before, the nearest first
}

// nearMisses is how many scenarios that did not answer are told of.
const nearMisses = 5

// Explain says why a check was answered as it was, by the scenarios that were in force when it was started.
func (c *Clearinghouse) Explain(k clinic.Check) Explanation {
	if k.Query == nil {
		return Explanation{}
	}
	e := Explanation{Asked: checkOf(*k.Query)}
	book, kept := c.books.numbered(k.Answer.Rulebook)
	if !kept {
		return e
	}
	e.Kept, e.Tried, e.Named = true, len(book.index.Set()), k.Query.Scenario != "" && k.Query.Scenario == k.Answer.Scenario
	if !e.Named {
		e.Misses = book.index.Misses(e.Asked, nearMisses)
	}
	if s, ok := book.index.Set().ByID(k.Answer.Scenario); ok && k.Answer.Scenario != "" {
		e.Scenario, e.Line = &s, s.Line
		if said, ok := s.Answers.Nth(e.Asked.Card, e.Asked.Nth); ok {
			e.Line = said.Line
		}
	}
	return e
}
