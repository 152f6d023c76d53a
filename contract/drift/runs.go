package drift

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Runs compares the results of two runs: their causes, and the seen parts of openapi.yaml. A part counts only where
// both runs have seen the part around it, so a lost operation is one line. A part counts for nothing where only one run
// has completed the requirements with such replies: see asked. The notes say why the runs may not be comparable.
func Runs(before, now report.File) (lines []Line, notes []string) {
	lines, changed := causeLines(before, now)
	if before.Coverage != nil && now.Coverage != nil {
		was, is := sightOf(before.Coverage), sightOf(now.Coverage)
		if before.Broken == "" {
			lines = append(lines, is.without(was, Added, "is seen for the first time", changed, asked(now, before))...)
		}
		if now.Broken == "" {
			lines = append(lines, was.without(is, Removed, "is no longer seen", changed, asked(before, now))...)
			lines = append(lines, rarer(before, now, changed)...)
		}
	} else {
		notes = append(notes, "the fields are not compared, because one of the results has no coverage")
	}
	return sorted(lines), append(notes, notesOn(before, now)...)
}

// notesOn returns notes about two runs of different kinds.
func notesOn(before, now report.File) (notes []string) {
	note := func(is bool, format string, args ...any) {
		if is {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	note(
		before.Target.Name != now.Target.Name || before.Target.Mock != now.Target.Mock,
		"the two runs have different targets",
	)
	note(before.Document != now.Document, "the two runs have different versions of openapi.yaml")
	note(before.Broken != "", "the run before ended early: %s", before.Broken)
	note(now.Broken != "", "the run now ended early: %s", now.Broken)
	note(len(tested(now)) == 0, "nothing was tested now")
	const only = "%d of the requirements completed %s were stopped or not tested %s; " +
		"the parts of openapi.yaml that only they may show are not compared"
	lost, gained := alone(before, now), alone(now, before)
	note(lost > 0, only, lost, "before", "now")
	note(gained > 0, only, gained, "now", "before")
	return notes
}

// tested returns the ids of the requirements that a run has tested.
func tested(f report.File) map[string]bool {
	ids := map[string]bool{}
	for _, r := range f.Requirements {
		if r.State != result.NotTestable {
			ids[r.ID] = true
		}
	}
	return ids
}

// completed returns the ids of the requirements tested to their ends.
func completed(f report.File) map[string]bool {
	ids := tested(f)
	for _, r := range f.Requirements {
		if stopped(r) {
			delete(ids, r.ID)
		}
	}
	return ids
}

// stopped reports whether a requirement ended early. Older results say so of blocked ones alone.
func stopped(r result.Requirement) bool { return r.Stopped || r.State == result.Blocked }

// alone returns the number of requirements that one run has completed and another has not.
func alone(f, other report.File) int {
	ids, others := completed(f), completed(other)
	maps.DeleteFunc(ids, func(id string, _ bool) bool { return others[id] })
	return len(ids)
}

// asked reports, for a part seen by another run, whether a run would have seen it. It would with the same requirements,
// and with fewer of them if their replies of the operation are as many. A field in each of the objects around it would
// be in any of them.
func asked(other, run report.File) func(p result.Part) bool {
	lost, gained := alone(other, run), alone(run, other)
	return func(p result.Part) bool {
		return lost == 0 || gained == 0 && (run.Coverage.Messages[p.Operation] >= other.Coverage.Messages[p.Operation] ||
			isInEach(p, other.Coverage))
	}
}

// retested reports whether one of the requirements with a cause of a run is among the given ones. A cause without
// requirements counts as tested.
func retested(id string, run report.File, ids map[string]bool) bool {
	none := true
	for _, r := range run.Requirements {
		if slices.Contains(r.Causes, id) {
			if ids[r.ID] {
				return true
			}
			none = false
		}
	}
	return none
}

// causeLines compares the causes, and returns those that only one run has, too. A cause is gone only if the run now has
// sent requests of its kind, and new only if the run before has tested it.
func causeLines(before, now report.File) (lines []Line, changed []result.Key) {
	were, are := byID(before.Causes), byID(now.Causes)
	for _, c := range now.Causes {
		_, both := were[c.ID]
		line := Line{Verdict: NewCause, Class: c.Class, Text: report.KeyText(c.Key), At: c.Line}
		switch {
		case both || c.Known != "":
			line.Verdict = KnownCause
		case !retested(c.ID, now, tested(before)):
			line.Verdict = FirstTested
		default:
			line.Stopped = behind(c.ID, before, now)
		}
		if !both {
			changed = append(changed, c.Key)
		}
		lines = append(lines, line)
	}
	for _, c := range before.Causes {
		exercised := now.Broken == "" && slices.Contains(now.Seen.Exercised, c.Operation+" "+string(c.Case))
		if _, both := are[c.ID]; !both && exercised && retested(c.ID, before, completed(now)) {
			changed = append(changed, c.Key)
			lines = append(lines, Line{Verdict: GoneCause, Class: c.Class, Text: report.KeyText(c.Key), At: c.Line})
		}
	}
	return lines, changed
}

// behind returns the ids of the requirements stopped by a cause now, and completed by the run before.
func behind(id string, before, now report.File) (ids []string) {
	were := completed(before)
	for _, r := range now.Requirements {
		if were[r.ID] && stopped(r) && slices.Contains(r.Causes, id) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func byID(causes []result.Cause) map[string]result.Cause {
	all := map[string]result.Cause{}
	for _, c := range causes {
		all[c.ID] = c
	}
	return all
}

// sight is a set of seen and declared parts, and of operations.
type sight map[result.Part]bool

// sightOf returns the seen and declared parts of a run. An undeclared part is a cause already.
func sightOf(c *result.Coverage) sight {
	s := sight{}
	for _, part := range c.Seen {
		s[part], s[result.Part{Operation: part.Operation}] = true, true
	}
	for _, part := range c.Undeclared {
		s[result.Part{Operation: part.Operation}] = true
	}
	return s
}

// parent returns the part around a part; around a status and an envelope is the operation or event itself.
func parent(p result.Part) result.Part {
	if around, ok := p.Parent(); ok {
		return around
	}
	return result.Part{Operation: p.Operation}
}

// without returns a line for each part of a sight that another one lacks, unless a changed cause explains it, or the
// operation was not asked for it.
func (s sight) without(
	other sight, verdict Verdict, is string, changed []result.Key, asked func(p result.Part) bool,
) []Line {
	var lines []Line
	for _, p := range slices.SortedFunc(maps.Keys(s), result.Part.Compare) {
		operation := p == result.Part{Operation: p.Operation}
		around := operation || other[parent(p)] && s[parent(p)]
		if other[p] || !around || !asked(p) || explained(p, changed) {
			continue
		}
		kind, class := singular[p.Kind()], result.Additive
		if operation {
			kind = "operation"
		}
		if verdict == Removed && (operation || p.Kind() == result.FieldPart) {
			class = result.Unclear // the field may be optional, and the operation may not have been called
		}
		lines = append(
			lines,
			Line{Verdict: verdict, Class: class, Text: fmt.Sprintf("%s %s %s", kind, strings.TrimSuffix(p.String(), " 0"), is)},
		)
	}
	return lines
}

var singular = map[string]string{
	result.StatusPart: "status", result.EnvelopePart: "envelope", result.MediaTypePart: "media type",
	result.FieldPart: "field", result.ValuePart: "value",
}

// explained reports whether a changed cause is the reason why a part is or is not there.
func explained(p result.Part, changed []result.Key) bool {
	return slices.ContainsFunc(changed, func(k result.Key) bool {
		status := strconv.Itoa(p.Status)
		switch {
		case k.Operation != p.Operation:
			return false
		case k.Kind == result.Status:
			return p.Kind() == result.StatusPart && (k.Expected == status || k.Got == status)
		case k.Kind == result.MediaType:
			return p.Kind() == result.MediaTypePart
		case k.Kind == result.EventMissing, k.Kind == result.EventExtra:
			return p.Status == 0
		}
		return k.Pointer != "" && (p.Pointer == k.Pointer || strings.HasPrefix(p.Pointer, k.Pointer+"/"))
	})
}
