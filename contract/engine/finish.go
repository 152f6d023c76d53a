package engine

import (
	"cmp"
	"maps"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// provisional returns the result of one requirement while the run goes on.
func (r *run) provisional(o outcome) result.Requirement {
	r.collector.mu.Lock()
	part := result.Run{Target: result.Target{Name: r.Name(), Mock: r.IsMock()}}
	for _, set := range []map[result.Key]struct{}{o.failed, o.blocked} {
		for key := range set {
			part.Causes = append(part.Causes, *r.collector.causes[key])
		}
	}
	r.collector.mu.Unlock()
	if r.Known != nil {
		r.Known.Apply(&part, r.clock.Now())
	}
	return o.result(part.Causes, map[result.Key]result.Key{})
}

// finish fills the run with the outcomes.
func (r *run) finish(out *result.Run, outcomes []outcome) {
	out.Broken, out.Left = cmp.Or(r.over(), r.broken), r.left
	into := r.collector.folded()
	r.name(outcomes, into)
	r.charge(outcomes)
	for _, o := range outcomes {
		for _, set := range []map[result.Key]struct{}{o.failed, o.blocked} {
			for key := range set {
				cause := r.collector.causes[cmp.Or(into[key], key)]
				if cause.Class != result.Additive || o.requirement.Body == nil {
					cause.Places = append(cause.Places, o.requirement.ID)
				}
			}
		}
	}
	out.Causes, out.Seen = r.collector.sorted(into), r.collector.seen(r.operations())
	out.Seen.Partial = r.partial()
	if r.Known != nil {
		r.Known.Apply(out, r.clock.Now())
	}
	for _, o := range outcomes {
		out.Requirements = append(out.Requirements, o.result(out.Causes, into))
	}
}

// maxMet is the number of requirements that a cause names as those that met it: enough to show it again.
const maxMet = 5

// name names the requirements that met each cause, those that only read first.
func (r *run) name(outcomes []outcome, into map[result.Key]result.Key) {
	for _, effect := range requirement.Effects() {
		for _, o := range outcomes {
			for key := range o.met {
				cause := r.collector.causes[cmp.Or(into[key], key)]
				if o.requirement.Effect == effect && o.notTestable == "" && len(cause.MetBy) < maxMet &&
					!slices.Contains(cause.MetBy, o.requirement.ID) {
					cause.MetBy = append(cause.MetBy, o.requirement.ID)
				}
			}
		}
	}
}

// charge charges the observed causes of an operation to the requirements of the requests, when its shape requirement
// was not selected.
func (r *run) charge(outcomes []outcome) {
	shapes := map[string]bool{}
	for _, o := range outcomes {
		if o.requirement.Body == nil {
			shapes[o.requirement.Operation] = true
		}
	}
	for _, o := range outcomes {
		for key := range o.met {
			if !shapes[key.Operation] {
				o.failed[key] = struct{}{}
			}
		}
	}
}

// operations returns the ids of the operations that the target must have.
func (r *run) operations() map[string]bool {
	must := map[string]bool{}
	for _, o := range embedded.Spec().Operations {
		if r.IsMock() || requirement.Evidence(o.Grade) != requirement.Ours {
			must[o.ID] = true
		}
	}
	return must
}

// partial returns the operations and events with a requirement that was not selected, sorted.
func (r *run) partial() []string {
	isSelected, partial := map[string]bool{}, map[string]struct{}{}
	for _, q := range r.Requirements {
		isSelected[q.ID] = true
	}
	for _, q := range r.All {
		if !isSelected[q.ID] {
			partial[q.operation()] = struct{}{}
		}
	}
	return slices.Collect(sortedKeys(partial))
}

// result returns the result of the requirement, with the causes of the run.
func (o outcome) result(causes []result.Cause, into map[result.Key]result.Key) result.Requirement {
	q := o.requirement.result()
	q.Duration, q.Stopped = o.took, o.stopped
	of := map[result.Key]result.Cause{}
	for _, c := range causes {
		of[c.Key] = c
	}
	failed, failedKnown := o.count(o.failed, of, into, &q)
	blocked, blockedKnown := o.count(o.blocked, of, into, &q)
	slices.Sort(q.Causes)
	q.Causes = slices.Compact(q.Causes)
	switch {
	case o.notTestable != "":
		q.State, q.Reason = result.NotTestable, o.notTestable
	case failed > 0:
		q.State = result.Failed
	case blocked > 0:
		q.State, q.Reason = result.Blocked, "a reply that it needs is not as it must be"
	case failedKnown+blockedKnown > 0:
		q.State = result.Known
	default:
		q.State = result.Passed
	}
	return q
}

// count adds the causes of a set to the requirement, and returns how many of them make it red and how many are known.
// Additive causes are neither.
func (o outcome) count(
	set map[result.Key]struct{}, of map[result.Key]result.Cause, into map[result.Key]result.Key, q *result.Requirement,
) (red, known int) {
	for key := range maps.Keys(set) {
		cause := of[cmp.Or(into[key], key)]
		q.Causes = append(q.Causes, cause.ID)
		switch {
		case cause.Class == result.Additive:
		case cause.Known != "":
			known++
		default:
			red++
		}
	}
	return red, known
}
