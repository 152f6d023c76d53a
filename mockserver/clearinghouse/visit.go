package clearinghouse

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// PlanVisit implements clinic.Clearinghouse. The named scenario plans the visit if it has the course of one, otherwise
// the first one with a course that a check of the user would match. The course of an appointment starts when the
// patient enters it, unless nobody enters it before its end. A scenario of missed appointments is for no walk-in.
func (c *Clearinghouse) PlanVisit(
	q clinic.EligibilityQuery, kind visits.Kind,
) (scenario string, rulebook uint64, plan []visits.Stage) {
	book := c.books.inForce(q.Clinic)
	forKind := slices.DeleteFunc(slices.Clone(book.withVisits), func(s scenarios.Scenario) bool {
		return s.Visit.Outcome == scenarios.Missed && kind != visits.Scheduled
	})
	s, ok := forKind.ByID(q.Scenario)
	if !ok {
		s, ok = firstConcerning(forKind, q)
	}
	if !ok {
		return "", book.number, nil
	}
	if kind == visits.Scheduled && !s.Visit.EndsBooking() {
		return s.ID, book.number, nil
	}
	for _, stage := range s.Visit.Stages() {
		plan = append(plan, visits.Stage{Action: visits.Action(stage.Action), After: stage.After})
	}
	return s.ID, book.number, plan
}

// ExplainVisit says which scenario planned a visit, of those in force when the visit was made.
func (c *Clearinghouse) ExplainVisit(v visits.Visit) Decision {
	book, kept := c.books.byNumber(v.Rulebook)
	if !kept {
		return Decision{}
	}
	d := Decision{Tried: len(book.index.Set()), Kept: true}
	if s, ok := book.index.Set().ByID(v.Scenario); ok && v.Scenario != "" {
		d.Scenario, d.Line = &s, s.Line
	}
	return d
}

// firstConcerning returns the first scenario that a check of the user would match.
func firstConcerning(set scenarios.Set, q clinic.EligibilityQuery) (scenarios.Scenario, bool) {
	if len(set) == 0 {
		return scenarios.Scenario{}, false
	}
	for _, s := range set {
		for check := range q.OfCards() {
			if s.When.Concerns(FutureCheck(check)) {
				return s, true
			}
		}
	}
	return scenarios.Scenario{}, false
}
