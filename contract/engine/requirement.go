package engine

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Requirement is a requirement with its test.
type Requirement struct {
	requirement.Requirement
	Scenario *scenarios.Scenario // of the test; nil for none

	SetUp   []func(*controlapi.ClinicSettings) // change the settings of the test's clinic on a mock
	Missing func(config.Config) string         // why the target cannot be tested beyond Needs, "" if it can; nil for ""
	Body    func(*Trial)                       // nil for a shape requirement: see Shapes
}

// Shapes returns a requirement for each operation and event of openapi.yaml. It owns the causes observed in the
// messages of the operation or event, whichever requirement made the call.
func Shapes() []Requirement {
	spec := embedded.Spec()
	var all []Requirement
	add := func(id, what string, own apispec.Evidence) {
		all = append(all, Requirement{Requirement: requirement.Requirement{
			ID: ShapeID(id), Title: what, Level: requirement.Must, Operation: id, Effect: requirement.Safe,
			Evidence: requirement.Evidence(own.Grade), Labels: []string{"shape"},
		}})
	}
	for _, o := range spec.Operations {
		add(o.ID, "Each reply of "+o.ID+" has the status, headers and fields that openapi.yaml declares, and is about the "+
			"right user", o.Evidence)
	}
	for _, e := range spec.Events {
		add(e.Type, "Each event "+e.Type+" comes as openapi.yaml declares it, and is about the right user", e.Evidence)
	}
	return all
}

// ShapeID returns the id of the shape requirement of an operation or of an event's type.
func ShapeID(operation string) string { return requirement.Shape(operation) }

// result returns the entry of the requirement in a run, without a state.
func (r Requirement) result() result.Requirement {
	return result.Requirement{
		ID: r.ID, Title: r.Title, Level: string(r.Level), Operation: r.operation(), Effect: string(r.Effect),
		Evidence: string(r.Evidence),
	}
}

// operation returns the operation of the requirement or the type of its event, "" for the API as a whole.
func (r Requirement) operation() string {
	if r.Operation == requirement.EveryOperation {
		return ""
	}
	return r.Operation
}

// Lacks returns why a requirement is not testable with a configuration, "" if it is.
func Lacks(c config.Config, r Requirement) string {
	if r.Missing != nil {
		if reason := r.Missing(c); reason != "" {
			return reason
		}
	}
	lacking := r.Lacks(func(need requirement.Capability) bool {
		switch need {
		case requirement.Webhook:
			return c.IsMock() || c.ReceiverListen != ""
		case requirement.Mutating:
			return c.IsMock() || c.AllowMutating
		case requirement.Visits:
			return c.IsMock() || c.AllowMutating && c.AllowVisits
		case requirement.Member:
			return c.IsMock() || c.AllowMutating || c.MemberToken != ""
		case requirement.Clock, requirement.Mock:
		}
		return c.IsMock()
	})
	if len(lacking) == 0 || r.Body == nil && !slices.Contains(lacking, requirement.Mock) {
		return ""
	}
	switch lacking[0] { // one reason is enough
	case requirement.Mock:
		if r.Evidence == requirement.Ours {
			return "VSee says nothing about this; vsee-mock decided it"
		}
		return "only a mock can be told to do this: set " + config.EnvControlURL + " if the target is one"
	case requirement.Clock:
		return "only a mock's clock can be moved: set " + config.EnvControlURL + " if the target is one"
	case requirement.Webhook:
		return "there is no receiver for the clinic's events: set " + config.EnvReceiver
	case requirement.Member:
		return "there is no patient to read: set " + config.EnvMemberToken + " to the token of a synthetic one, or " +
			config.EnvAllowMutating + "=true if the run may make one"
	case requirement.Visits:
		return "it books a visit, which is not allowed: set " + config.EnvAllowVisits + "=true, and " +
			config.EnvAllowMutating + "=true, if it may"
	case requirement.Mutating:
		return "it writes to the target, which is not allowed: set " + config.EnvAllowMutating + "=true if it may"
	}
	return "the target lacks what it needs: " + string(lacking[0])
}
