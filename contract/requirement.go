package contract

import . "github.com/onsi/ginkgo/v2"

// The grades of evidence, which every spec has as a label.
const (
	seed       = "seed"
	documented = "documented"
	observed   = "observed"
	inferred   = "inferred"
	ours       = "ours"
)

// need is what a spec needs of the target.
type need int

const (
	aClock    need = iota + 1 // that can be moved
	aReceiver                 // of the clinic's events
)

// require adds a spec. It is skipped, with the reason, where the target lacks what it needs; and, where the target is
// not the mock, when VSee has not said what it requires.
func (t *target) require(title, grade string, needs []need, body func(w *world)) {
	It(title, Label(grade), func(ctx SpecContext) {
		if reason := t.lacks(grade, needs); reason != "" {
			Skip(reason)
		}
		body(t.enter(ctx))
	})
}

// lacks says why a spec cannot be tested against the target, "" when it can.
func (t *target) lacks(grade string, needs []need) string {
	if grade == ours && !t.isMock() {
		return "VSee says nothing about this; vsee-mock decided it"
	}
	for _, n := range needs {
		switch {
		case n == aClock && !t.isMock():
			return "only a mock's clock can be moved: set " + EnvControlURL + " if the target is one"
		case n == aReceiver && t.receiver == nil:
			return "there is no receiver for the clinic's events: set " + EnvReceiver
		}
	}
	return ""
}
