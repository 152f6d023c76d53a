// Package mutant measures the suite: it makes servers that deviate in one way, and asks whether a run sees it. A Mutant
// is a proxy in front of a correct server. Most mutants are generated from openapi.yaml: from each operation, status,
// field of a reply or an event, request field, encoding and path. None is made from the requests of the suite, so a
// mutant may well survive because no requirement provokes its deviation.
//
// A mutant is killed when the run has a cause at its place that the honest run lacks. It is clean when the run has no
// cause elsewhere.
package mutant

import (
	"slices"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// Mutant is one deviation of a server.
type Mutant struct {
	Name     string // unique, such as getUser/data/city/missing
	Sentence string
	Place
	Evidence requirement.Evidence // of the broken statement

	meets string // the traffic that it may change, a word of traffic; "" for all
	wide  bool   // whether the lie changes, or learns from, calls of all operations
	reply lie    // about replies of the API; nil for none
	event lie    // about events; nil for none
}

// Place is the part of the contract broken by a mutant.
type Place struct {
	Operation string        // operationId of openapi.yaml, or the type of an event
	Pointer   string        // JSON pointer with * for list items; "" for the whole
	Kinds     []result.Kind // the kinds of a cause that name the deviation
	Same      []string      // further operations that show the deviation as well as the first
	Follow    []string      // operations with consequences; "*" for all, results for the results of checks
}

// Of reports whether a cause is at the place: of one of the kinds, at the same pointer, a parent or a child.
func (p Place) Of(k result.Key) bool {
	if k.Operation != p.Operation && !slices.Contains(p.Same, k.Operation) || !slices.Contains(p.Kinds, k.Kind) {
		return false
	}
	if k.Kind == result.Undeclared { // by its new name
		return parent(k.Pointer) == parent(p.Pointer)
	}
	return k.Kind == result.Status || len(p.Same) > 0 || within(k.Pointer, p.Pointer) || within(p.Pointer, k.Pointer)
}

// explains reports whether a cause is of the place or a consequence.
func (p Place) explains(k result.Key) bool {
	isResult := strings.Contains(k.Pointer, "eligibility") && slices.Contains(p.Follow, results)
	isSigned := k.Operation == p.Operation && strings.HasPrefix(k.Pointer, "webhook-") // its headers follow from the body
	return p.Of(k) || isResult || isSigned || slices.Contains(p.Follow, k.Operation) || slices.Contains(p.Follow, "*")
}

// results in Place.Follow are the results of checks, wherever they are shown.
const results = "results"

func parent(pointer string) string { return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)] }

func within(pointer, other string) bool {
	return other == "" || pointer == other || strings.HasPrefix(pointer, other+"/")
}

// The kinds of causes, by deviation.
var (
	statuses = []result.Kind{result.Status}
	gone     = []result.Kind{result.Missing, result.LostWrite, result.Value, result.Late, result.Null}
	wrong    = []result.Kind{
		result.Type, result.Format, result.Enum, result.Text, result.Value, result.Owner, result.LostWrite,
	}
	either = slices.Concat(gone, wrong)
	sent   = append(slices.Clone(either), result.Status, result.EventExtra, result.EventMissing)
)

// of returns a mutant of the replies of an operation, or of its requests. meets is the traffic without the operation.
func of(o apispec.Operation, name, sentence string, p Place, meets string, tell lie) Mutant {
	p.Operation = o.ID
	return Mutant{
		Name: o.ID + "/" + name, Sentence: sentence, Place: p, Evidence: requirement.Evidence(o.Grade),
		meets: strings.TrimSpace(o.ID + " " + meets), reply: tell,
	}
}

// graded returns the mutant with the grade of a part of its operation. No part of an operation of ours is VSee's.
func (m Mutant) graded(grade requirement.Evidence) Mutant {
	if m.Evidence != requirement.Ours && grade != "" {
		m.Evidence = grade
	}
	return m
}

// gradeOf is the grade that extensions of openapi.yaml give, "" for none.
func gradeOf(extensions ...map[string]any) requirement.Evidence {
	grade := ""
	for _, e := range extensions {
		if own, is := apispec.EvidenceOf(e); is && grade != string(requirement.Ours) {
			grade = own.Grade
		}
	}
	return requirement.Evidence(grade)
}

func operation(id string) apispec.Operation {
	o, _ := embedded.Spec().Operation(id)
	return o
}

// All returns every mutant, each with a unique name, in the same order each time.
func All() []Mutant { return slices.Clone(every()) }

// every makes the mutants once.
var every = sync.OnceValue(func() []Mutant {
	return slices.Concat(
		fieldMutants(), listMutants(), wholeMutants(), statusMutants(), refusalMutants(), ownerMutants(), sentMutants(),
		encodingMutants(), pathMutants(), credentialMutants(), queryMutants(), textMutants(), eventMutants(), writeMutants(),
		otherMutants(),
	)
})
