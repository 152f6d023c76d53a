// Package specs has the requirements of the contract run: the behaviour in openapi.yaml and in the scenarios, one file
// for an operation or a subject. Package engine tries them.
package specs

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// rule describes one requirement. Ids are permanent, because users' reports contain them: never reuse the id of a
// dropped requirement. An empty level follows from the evidence. The default effect is to write to the target, and the
// default operation is every operation.
type rule = requirement.Requirement

const (
	seed       = requirement.Seed
	documented = requirement.Documented
	observed   = requirement.Observed
	inferred   = requirement.Inferred
	ours       = requirement.Ours

	safe = requirement.Safe
)

// need is a capability of the target, beyond those implied by the requirement's effect and evidence.
type need = requirement.Capability

const (
	aClock    = requirement.Clock
	aReceiver = requirement.Webhook
	aMock     = requirement.Mock
	aMember   = requirement.Member
	visits    = requirement.Visits
)

// All returns all requirements, in the order of the report: those of this package, and the shape requirements of the
// engine. The error is for scenarios that cannot be loaded, and for a wrong or repeated requirement.
func All() ([]engine.Requirement, error) {
	suite, err := every()
	return slices.Clone(suite.all), err
}

// Catalogue returns the requirements without their code, so a caller can select some by id, level or label. The
// caller must not change it. The error is that of All.
func Catalogue() (*requirement.Catalogue, error) {
	suite, err := every()
	return suite.catalogue, err
}

// suite is all requirements, in two forms.
type suite struct {
	all       []engine.Requirement
	catalogue *requirement.Catalogue
}

// every makes the requirements once, because a process may run the suite often.
var every = sync.OnceValues(func() (suite, error) {
	stories, err := scenarios.Catalogue()
	if err != nil {
		return suite{}, fmt.Errorf("loading the scenarios: %w", err)
	}
	l := list{stories: stories}
	for _, s := range stories {
		if s.Preview != nil {
			l.preview = *s.Preview
			break
		}
	}
	for _, add := range []func(*list){
		authSpecs, userSpecs, cardSpecs, eligibilitySpecs, webhookSpecs, claimSpecs, failureSpecs,
		signOnSpecs, insurerSpecs, pathSpecs, bodySpecs, searchSpecs, createdSpecs, loginSpecs, accountSpecs, scenarioSpecs,
		memberSpecs, encodedSpecs, fileSpecs, intakeSpecs, visitSpecs, slotSpecs, roomSpecs, visitEventSpecs,
		wholeVisitSpecs,
	} {
		add(&l)
	}
	all := slices.Concat(l.all, engine.Shapes())
	catalogue, err := catalogueOf(all)
	return suite{all, catalogue}, err
})

// catalogueOf returns the catalogue of requirements. It stops at the first invalid requirement: the error joins the
// mistakes in that one.
func catalogueOf(all []engine.Requirement) (*requirement.Catalogue, error) {
	spec := embedded.Spec()
	c := requirement.New(slices.Concat(spec.IDs(), spec.Types()))
	byID := slices.SortedFunc(slices.Values(all), func(a, b engine.Requirement) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range byID {
		if err := c.Add(r.Requirement); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Published returns the published values of VSee's sandbox patients and of its guide: they are nobody's private data.
func Published() ([]string, error) {
	stories, err := scenarios.Catalogue()
	if err != nil {
		return nil, fmt.Errorf("loading the scenarios: %w", err)
	}
	values := append(slices.Concat(madeUpTexts(), specialTexts()), "234234") // the guide's own subscriber
	for _, r := range scenarios.Reasons() {
		values = append(values, sandboxNumber(r.Code))
	}
	for _, s := range stories {
		if p := s.Preview; p != nil {
			for _, text := range []scenarios.Text{p.Code, p.FirstName, p.LastName, p.Email, p.SubscriberNum, p.GroupNumber,
				p.GuarantorName} {
				values = append(values, string(text))
			}
		}
	}
	return values, nil
}

// list collects requirements.
type list struct {
	all     []engine.Requirement
	stories scenarios.Set
	preview scenarios.Patient // the first published patient of VSee's sandbox
}

// require adds a requirement. On a mock, setUp changes the settings of its clinic.
func (l *list) require(r rule, body func(t *trial), setUp ...func(*controlapi.ClinicSettings)) {
	r.Level = cmp.Or(r.Level, levelOf(r.Evidence))
	r.Effect = cmp.Or(r.Effect, requirement.Changes)
	r.Operation = cmp.Or(r.Operation, requirement.EveryOperation)
	l.all = append(l.all, engine.Requirement{Requirement: r, SetUp: setUp,
		Body: func(t *engine.Trial) { body(&trial{t, l.preview}) }})
}

// add adds a requirement of an operation, which writes to the target.
func (l *list) add(evidence requirement.Evidence, id, operation, title string, body func(t *trial), needs ...need) {
	l.require(rule{ID: id, Title: title, Operation: operation, Evidence: evidence, Needs: needs}, body)
}

// addSafe adds a requirement of an operation, which only reads.
func (l *list) addSafe(evidence requirement.Evidence, id, operation, title string, body func(t *trial), needs ...need) {
	l.require(rule{ID: id, Title: title, Operation: operation, Evidence: evidence, Needs: needs, Effect: safe}, body)
}

// levelOf returns the default level for an evidence grade.
func levelOf(evidence requirement.Evidence) requirement.Level {
	switch evidence {
	case seed, documented:
		return requirement.Must
	case ours:
		return requirement.May
	case observed, inferred:
	}
	return requirement.Should
}
