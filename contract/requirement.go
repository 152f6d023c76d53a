package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The grades of evidence.
const (
	seed       = "seed"
	documented = "documented"
	observed   = "observed"
	inferred   = "inferred"
	ours       = "ours"
)

// The levels, as in RFC 2119: VSee has written it, it was seen or follows, or a server may well do otherwise.
const (
	must   = "must"
	should = "should"
	may    = "may"
)

// The effects: whether a requirement writes to the target, or may write if the target wrongly accepts a request.
const (
	safe     = "safe"
	mutating = "mutating"
)

// need is a capability of the target, beyond those implied by the requirement's effect and evidence.
type need = requirement.Capability

const (
	aClock    = requirement.Clock
	aReceiver = requirement.Webhook
	aMock     = requirement.Mock
)

// required describes one requirement. Its id is permanent: it stands in the reports and known differences of other
// people. The number of a dropped requirement is not given again.
type required struct {
	id, title, level string
	operation        string // operationId of openapi.yaml, or the type of an event; "" for neither
	effect, evidence string
	needs            []need
}

// spec is a requirement with its test.
type spec struct {
	required
	group   string
	labels  []string            // of a scenario
	missing func() string       // what a scenario lacks for the target; nil for nothing
	story   *scenarios.Scenario // nil for what is written by hand
	setUp   []func(*controlapi.ClinicSettings)
	body    func(w *world)
}

// catalogue has all requirements, in the order of the report.
type catalogue struct {
	specs []*spec
	group string // of the requirements being added
}

// specsOf returns the catalogue for a target.
func specsOf(t *target, stories scenarios.Set) ([]*spec, error) {
	scenarioSpecs(t, stories)
	authSpecs(t)
	failureSpecs(t)
	signOnSpecs(t)
	userSpecs(t)
	typeSpecs(t)
	insurerSpecs(t)
	requestSpecs(t)
	eligibilitySpecs(t)
	webhookSpecs(t)
	cardSpecs(t)
	directorySpecs(t)
	claimSpecs(t)
	seen := map[string]bool{}
	var wrong []error
	for _, s := range t.specs {
		if seen[s.id] {
			wrong = append(wrong, fmt.Errorf("two requirements have the id %s", s.id))
		}
		seen[s.id] = true
		wrong = append(wrong, s.check())
	}
	return t.specs, errors.Join(wrong...)
}

// in adds the requirements of f as one group.
func (c *catalogue) in(title string, f func()) {
	c.group = title
	f()
}

// require adds a requirement, whose clinic is set up, on a mock, by setUp.
func (c *catalogue) require(r required, body func(w *world), setUp ...func(*controlapi.ClinicSettings)) {
	c.specs = append(c.specs, &spec{required: r, group: c.group, setUp: setUp, body: body})
}

// check returns an error for each missing or wrong field of a requirement.
func (r required) check() error {
	var wrong []error
	for _, field := range []struct {
		name, value string
		among       []string // any when empty
	}{
		{"id", r.id, nil},
		{"title", r.title, nil},
		{"level", r.level, []string{must, should, may}},
		{"effect", r.effect, []string{safe, mutating}},
		{"evidence", r.evidence, []string{seed, documented, observed, inferred, ours}},
	} {
		if field.value == "" || len(field.among) > 0 && !slices.Contains(field.among, field.value) {
			wrong = append(wrong, fmt.Errorf("requirement %q has no %s, or none that there is", r.id+" "+r.title, field.name))
		}
	}
	return errors.Join(wrong...)
}

// sentence is the whole title: the group, which is its subject, and the rest.
func (s *spec) sentence() string { return s.group + " " + s.title }

// tags are the labels of a requirement: `id:AUTH-001`, and so on.
func (s *spec) tags() []string { return s.data().Tags() }

// result returns the entry of the requirement in a run, without a state.
func (s *spec) result() result.Requirement {
	return result.Requirement{ID: s.id, Title: s.sentence(), Level: s.level, Operation: s.operation, Effect: s.effect, Evidence: s.evidence}
}

// refuseUnknown returns a transformer of Ginkgo's tree. It refuses a spec outside these requirements: one without
// an id, or with labels that differ from the requirement's.
func refuseUnknown(specs []*spec) NodeArgsTransformer {
	return func(kind types.NodeType, _ Offset, text string, args []any) (string, []any, []error) {
		if !kind.Is(types.NodeTypeIt) {
			return text, args, nil
		}
		var labels []string
		for _, arg := range args {
			if l, ok := arg.(Labels); ok {
				labels = append(labels, l...)
			}
		}
		id := idOf(labels)
		if id == "" {
			return text, args, []error{fmt.Errorf("the spec %q has no id: add it with require", text)}
		}
		for _, s := range specs {
			if s.id == id && slices.Equal(labels, s.tags()) {
				return text, args, nil
			}
		}
		return text, args, []error{fmt.Errorf("the labels of the spec %q are not those of the requirement %s", text, id)}
	}
}

// idOf returns the id in labels, "" for none.
func idOf(labels []string) string {
	for _, label := range labels {
		if id, ok := strings.CutPrefix(label, "id:"); ok {
			return id
		}
	}
	return ""
}

// plant adds specs to the tree of the running suite.
func (t *target) plant(specs []*spec) {
	var decorators []any
	if t.alone() {
		decorators = append(decorators, Serial)
	}
	Describe(root, append(decorators, func() {
		defer AddTreeConstructionNodeArgsTransformer(refuseUnknown(specs))()
		t.watch(specs)
		for _, s := range specs {
			Describe(s.group, func() {
				It(s.title, Label(s.tags()...), func(ctx SpecContext) {
					t.show(ctx, s)
				})
			})
		}
	})...)
}

// lacks returns the reason that a requirement is not testable with the target, "" when it is testable.
func (t *target) lacks(s *spec) string {
	if s.missing != nil {
		if reason := s.missing(); reason != "" {
			return reason
		}
	}
	lacking := s.data().Lacks(t.has)
	if len(lacking) == 0 {
		return ""
	}
	switch lacking[0] { // one reason is enough
	case requirement.Mock:
		if s.evidence == ours {
			return "VSee says nothing about this; vsee-mock decided it"
		}
		return "only a mock can be told to do this: set " + EnvControlURL + " if the target is one"
	case requirement.Clock:
		return "only a mock's clock can be moved: set " + EnvControlURL + " if the target is one"
	case requirement.Webhook:
		return "there is no receiver for the clinic's events: set " + EnvReceiver
	case requirement.Mutating:
		return "it writes to the target, which is not allowed: set " + EnvAllowMutating + "=true if it may"
	}
	return "the target lacks what it needs: " + string(lacking[0])
}

// has reports whether the target, or the run, has a capability.
func (t *target) has(c requirement.Capability) bool {
	switch c {
	case requirement.Webhook:
		return t.hears()
	case requirement.Mutating:
		return t.isMock() || t.AllowMutating
	case requirement.Clock, requirement.Mock:
		return t.isMock()
	}
	return false
}
