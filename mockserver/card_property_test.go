package mockserver_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// propertySeed is the seed of the sequences. Each adds its number.
const propertySeed = 1

// Random sequences of writes in the older and in the newer way, checks and deletions agree with a small model in both
// ways of reading, after each step. Most run on the clinic itself, and some over HTTP.
func TestBothWaysOfWritingAndReadingAreOneState(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sequences uint64
		actor     func(subject) actor
	}{
		"with the clinic": {10_000, func(s subject) actor { return &direct{s} }},
		"over HTTP":       {500, func(s subject) actor { return &remote{s} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, server := newClinicWithoutListener(t)
			if testing.Short() {
				tc.sequences /= 10
			}
			patients := 0
			run := func(ops []op) (diff string, steps int) {
				patients++
				a := tc.actor(newSubject(t, c, server, strconv.Itoa(patients)))
				expected := expectation{model: model{cards: map[string]row{}, person: defaultPerson()}}
				for i, o := range ops {
					expected.do(o)
					a.do(t, o)
					if want, got := expected.shown(), a.shown(t); !maps.EqualFunc(want, got, maps.Equal[row, row]) {
						diff, steps = cmp.Diff(want, got), i+1
						break
					}
				}
				a.end(t, len(ops)) // all pending checks are this subject's
				return diff, steps
			}
			for n := range tc.sequences {
				ops := randomOps(rand.New(rand.NewPCG(propertySeed, n)))
				if diff, _ := run(ops); diff != "" {
					ops = shrinkOps(ops, func(ops []op) int { _, at := run(ops); return at })
					diff, _ = run(ops)
					t.Fatalf("seed %d, sequence %d, without what does not matter:\n%s\n(-model +mock):\n%s", propertySeed, n,
						describeOps(ops), diff)
				}
			}
		})
	}
}

// op is one change to a user's insurance.
type op struct {
	kind     string
	relation row            // the fields the older way writes to insurance.patient
	person   row            // the fields it writes to the patient
	cards    map[string]row // the fields written to each card; the deleted card
	carrier  string         // of a check
	other    bool           // another spelling: a split name, an insurer by its name, the older fields at sign-on
}

// expectation is the model, and the pending checks.
type expectation struct {
	model
	pending []*checkSubject
}

func (e *expectation) do(o op) {
	switch o.kind {
	case "check":
		if asked := e.check(o.carrier); asked != nil {
			e.pending = append(e.pending, asked)
		}
	case "end":
		if len(e.pending) > 0 {
			e.end(e.pending[0])
			e.pending = e.pending[1:]
		}
	default:
		e.write(o)
	}
}

// shown is the expected output: each card in both ways, and the fields of `insurance.patient` the older way has.
func (e *expectation) shown() map[string]row {
	all := map[string]row{"patient": e.patient.only(relationNames()[:4]...)}
	maps.Copy(all, e.cards)
	return all
}

// randomOps returns random steps.
func randomOps(r *rand.Rand) []op {
	ops := make([]op, 1+r.IntN(12))
	for i := range ops {
		ops[i] = randomOp(r)
	}
	return ops
}

func randomOp(r *rand.Rand) op {
	o := op{
		kind:  pickOne(r, "older", "older", "older", "import", "save", "save", "delete", "check", "check", "end", "end"),
		cards: map[string]row{}, relation: row{}, person: row{}, other: r.IntN(2) == 0,
		carrier: pickOne(r, "car7556", "car7551"),
	}
	some := func(fields row, name string, values ...string) {
		if r.IntN(2) == 0 {
			fields[name] = pickOne(r, values...)
		}
	}
	writes := func(fields row, names []string) {
		for _, name := range names {
			some(fields, name, map[string][]string{
				"responsible_party": {"", "self", "child"}, "guarantor_name": {"", "Sam Sample", "Kim Roe"},
				"guarantor_dob": {"", "1960-01-01"}, "guarantor_zip": {"", "89501"}, "guarantor_gender": {"", "1", "2"},
				"guarantor_address_2": {"", "Apt 2"}, "subscriber_number": {"", "1", "11000075"}, "group_number": {"", "g"},
				"consent": {"", "true"},
			}[name]...)
		}
	}
	if o.kind == "older" {
		o.cards = map[string]row{"primary": {}, "secondary": {}}
		if r.IntN(2) == 0 {
			writes(o.relation, relationNames()[:4])
		}
		if r.IntN(4) == 0 {
			some(o.person, "first_name", "Pat", "Kim")
			some(o.person, "dob", "1980-02-29", "1990-09-09")
			some(o.person, "gender", "1", "2")
		}
		if o.other && o.person["first_name"] == "" {
			o.person["first_name"] = "Pat" // every sign-on sends it
		}
	}
	for _, order := range [][]string{{"primary"}, {"secondary"}, cardOrders()}[r.IntN(3)] {
		if o.kind == "save" || o.kind == "delete" {
			o.cards = map[string]row{} // of one card
		}
		fields := row{}
		if o.cards[order] = fields; o.kind == "delete" {
			continue
		}
		writes(fields, []string{"subscriber_number", "group_number"})
		if o.kind == "older" {
			some(fields, "insurer_code", "", "car7556", "car7551", "unknown")
			continue
		}
		writes(fields, append(relationNames(), "consent"))
		if some(fields, "insurer_code", "car7556", "car7551"); o.kind == "import" {
			fields["insurer_code"] = pickOne(r, "car7556", "car7551")
		}
	}
	return o
}

func pickOne(r *rand.Rand, among ...string) string { return among[r.IntN(len(among))] }

// shrinkOps removes from a failing sequence every step that the failure does not need. fails returns the number of
// steps up to the failure, 0 for none.
func shrinkOps(ops []op, fails func([]op) int) []op {
	ops = ops[:fails(ops)]
	for i := len(ops) - 2; i >= 0; i-- {
		if without := slices.Delete(slices.Clone(ops), i, i+1); fails(without) > 0 {
			ops = without
		}
	}
	return ops
}

func describeOps(ops []op) string {
	var lines []string
	for _, o := range ops {
		line := o.kind
		switch o.kind {
		case "older":
			line += fmt.Sprint(" ", o.older())
		case "import", "save":
			for order := range o.cards {
				line += fmt.Sprint(" ", order, " ", o.newer(order))
			}
		case "delete":
			line += fmt.Sprint(" ", slices.Collect(maps.Keys(o.cards)))
		case "check":
			line += " " + o.carrier
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// older returns the fields of a write of the older way, by their places in the JSON object.
func (o op) older() map[string]string {
	names := map[string]string{"insurer_code": "carrier_code", "subscriber_number": "subscriber_num",
		"group_number": "group_number", "responsible_party": "respparty"}
	fields := map[string]string{}
	for order, card := range o.cards {
		for name, value := range o.spelled(card) {
			fields["insurance."+order+"."+names[name]] = value
		}
	}
	for name, value := range o.relation {
		if older := names[name]; older != "" {
			name = older
		}
		fields["insurance.patient."+name] = value
	}
	maps.Copy(fields, o.person)
	return fields
}

// newer returns the fields of a write of a card.
func (o op) newer(order string) map[string]string {
	fields := o.spelled(o.cards[order])
	if !o.other {
		return fields
	}
	if name, sent := fields["guarantor_name"]; sent {
		first, last, _ := strings.Cut(name, " ")
		delete(fields, "guarantor_name")
		fields["guarantor_first_name"], fields["guarantor_middle_name"], fields["guarantor_last_name"] = first, "", last
	}
	return fields
}

// spelled returns the fields of a card, with the insurer in the op's spelling.
func (o op) spelled(card row) map[string]string {
	fields := maps.Clone(card)
	if o.other && fields["insurer_code"] == "car7551" {
		fields["insurer_code"] = "AETNA"
	}
	return fields
}
