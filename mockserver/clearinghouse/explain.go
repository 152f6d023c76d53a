package clearinghouse

import (
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Decision is the reason for the answer to a check, or for the outcome of a claim.
type Decision struct {
	Scenario *scenarios.Scenario // the deciding scenario, and the line of its answer; nil for none
	Line     int
	Tried    int  // how many scenarios were in force
	Named    bool // the request named the deciding scenario, and none was tried
	Kept     bool // false when the scenarios in force at the time are no longer known
}

// Explanation says why a check got its answer.
type Explanation struct {
	Decision
	Asked  scenarios.Check  // the input of the check
	Misses []scenarios.Miss // near misses tried before the deciding scenario, the nearest first
}

// nearMisses is the maximum number of near misses in an explanation.
const nearMisses = 5

// ExplainCheck says why a check got its answer, from the scenarios in force when the check started.
func (c *Clearinghouse) ExplainCheck(k clinic.EligibilityCheck) Explanation {
	if k.User == nil {
		return Explanation{}
	}
	query := k.Query()
	e := Explanation{Asked: scenarioCheck(&query)}
	book, kept := c.books.byNumber(k.Answer.Rulebook)
	if !kept {
		return e
	}
	e.Kept, e.Tried, e.Named = true, len(book.index.Set()), query.Scenario != "" && query.Scenario == k.Answer.Scenario
	if !e.Named {
		e.Misses = book.index.Misses(e.Asked, nearMisses)
	}
	if s, ok := book.index.Set().ByID(k.Answer.Scenario); ok && k.Answer.Scenario != "" {
		e.Scenario, e.Line = &s, s.Line
		if scripted, ok := s.Answers.Nth(e.Asked.Card, s.Nth(e.Asked.Nth, e.Asked.NthOfPatient)); ok {
			e.Line = scripted.Line
		}
	}
	return e
}
