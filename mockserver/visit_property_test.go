package mockserver_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The block of the model: slots of a quarter of an hour.
const (
	modelSlots  = 3
	modelPlaces = 2
)

var blockStart = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

// modelVisit is a visit of the model.
type modelVisit struct {
	id      string
	status  visits.Status
	slot    int // -1 for none
	partner int // its walk-in or its appointment; -1 for none
}

// visitModel is the small model: VSee's diagram, and the places of a block.
type visitModel struct{ visits []modelVisit }

// free returns the free places of a slot, without a visit.
func (m *visitModel) free(slot, without int) int {
	free := modelPlaces
	for i, v := range m.visits {
		if v.slot == slot && i != without && v.status != 40 {
			free--
		}
	}
	return free
}

// end ends a visit and its partner at a status.
func (m *visitModel) end(at int, as visits.Status) {
	for _, i := range []int{at, m.visits[at].partner} {
		if i >= 0 && m.visits[i].status < 30 {
			m.visits[i].status = as
		}
	}
}

// visitRun is one sequence of steps: of the model, and of a clinic.
type visitRun struct {
	t                *testing.T
	c                *clinic.Clinic
	token, staff     string
	intake, provider string
	model            visitModel
	random           *rand.Rand
}

func newVisitRun(t *testing.T, server *mockserver.Server, n uint64) *visitRun {
	t.Helper()
	c, err := server.Clinics().Create(t.Context(), clinic.Settings{
		AccountCode: "p" + strconv.FormatUint(n, 10), Clock: clinic.ClockSettings{Frozen: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	enter := func(kind clinic.Type, code string) clinic.SignedOn {
		on, err := c.SignOn(t.Context(), clinic.SignOn{Code: code, Type: kind, Room: clinic.FirstRoom,
			Patch: clinic.Patch{Fields: []clinic.Field{{"first_name", "A"}, {"last_name", "B"}}}})
		if err != nil {
			t.Fatal(err)
		}
		return on
	}
	member, provider := enter(clinic.Member, "m"), enter(clinic.Provider, "p")
	settings, _ := c.Settings(t.Context())
	r := &visitRun{t: t, c: c, token: member.Token.Text, staff: settings.AdminToken, provider: provider.User.ID,
		random: rand.New(rand.NewPCG(propertySeed, n))}
	room := clinic.FirstRoom
	intake, err := c.CreateIntake(t.Context(), r.token, clinic.IntakePatch{Room: &room})
	if err != nil {
		t.Fatal(err)
	}
	r.intake = intake.ID
	_, err = c.AddBlock(t.Context(), clinic.NewBlock{Room: room, Start: blockStart,
		End: blockStart.Add(modelSlots * 15 * time.Minute), Minutes: 15, Places: modelPlaces})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// add notes a visit in the model, if it was made.
func (r *visitRun) add(v clinic.Visit, err error, allowed bool, status visits.Status, slot, partner int) string {
	if (err == nil) != allowed {
		return fmt.Sprintf("made: %v, in the model: %t", err, allowed)
	}
	if err == nil {
		r.model.visits = append(r.model.visits, modelVisit{v.ID, status, slot, partner})
		if partner >= 0 {
			r.model.visits[partner].partner = len(r.model.visits) - 1
		}
	}
	return ""
}

// book books a slot, or adds a walk-in or an e-consult.
func (r *visitRun) book() string {
	ctx, slot := r.t.Context(), r.random.IntN(modelSlots)
	switch r.random.IntN(4) {
	case 0:
		v, err := r.c.AddWalkIn(ctx, r.token, clinic.NewWalkIn{Intake: r.intake})
		return r.add(v, err, true, 10, -1, -1)
	case 1:
		v, err := r.c.AddEConsult(ctx, r.token, clinic.NewEConsult{Intake: r.intake, Room: clinic.FirstRoom})
		return r.add(v, err, true, 20, -1, -1)
	}
	start := blockStart.Add(time.Duration(slot) * 15 * time.Minute)
	v, err := r.c.AddAppointment(ctx, r.token, clinic.NewAppointment{
		Intake: r.intake, Start: start, End: start.Add(15 * time.Minute),
	})
	return r.add(v, err, r.model.free(slot, -1) > 0, 20, slot, -1)
}

// enter lets the patient enter a visit.
func (r *visitRun) enter(at int) string {
	before := r.model.visits[at]
	v, err := r.c.AddWalkIn(r.t.Context(), r.token, clinic.NewWalkIn{Appointment: before.id})
	allowed := before.slot >= 0 && before.status == 20
	if allowed && before.partner >= 0 { // entered before
		if err != nil || v.ID != r.model.visits[before.partner].id {
			return fmt.Sprintf("entered again: %s, %v", v.ID, err)
		}
		return ""
	}
	return r.add(v, err, allowed, 10, -1, at)
}

// change takes a step with a visit.
func (r *visitRun) change(at int) string {
	ctx, v := r.t.Context(), &r.model.visits[at]
	token, complete := r.token, false
	if r.random.IntN(3) == 0 {
		token, complete = r.staff, r.random.IntN(2) == 0
	}
	var err error
	allowed := true
	switch kind := r.random.IntN(6); kind {
	case 0, 1:
		err = r.c.StartVisit(ctx, token, v.id, nil)
		allowed = v.status < 30
		for _, i := range []int{at, v.partner} {
			if allowed && i >= 0 && r.model.visits[i].status < 25 {
				r.model.visits[i].status = 25
			}
		}
	case 2, 3:
		reason := []visits.Reason{"", visits.CallEnded, visits.PatientExitRoom}[r.random.IntN(3)]
		err = r.c.CloseVisit(ctx, token, v.id, clinic.Closing{Reason: reason, Complete: complete})
		as := visits.Status(40)
		if v.status == 25 && reason != visits.PatientExitRoom || v.status < 25 && complete {
			as = 30
		}
		if v.status < 30 {
			r.model.end(at, as)
		}
	case 4:
		err = r.c.DeleteVisit(ctx, token, v.id)
		if allowed = v.status <= 25 || v.status == 40; allowed {
			r.model.end(at, 40)
		}
	default:
		slot := r.random.IntN(modelSlots)
		start := blockStart.Add(time.Duration(slot) * 15 * time.Minute)
		_, err = r.c.ChangeVisit(ctx, token, v.id, clinic.VisitChange{Start: &start})
		if allowed = v.status < 25 && (v.slot < 0 || r.model.free(slot, at) > 0); allowed && v.slot >= 0 {
			v.slot = slot
		}
	}
	if (err == nil) != allowed {
		return fmt.Sprintf("%v, in the model: %t", err, allowed)
	}
	return ""
}

// compare compares the clinic with the model: every status, and the places of each slot.
func (r *visitRun) compare() string {
	want, got := map[string]visits.Status{}, map[string]visits.Status{}
	for _, v := range r.model.visits {
		want[v.id] = v.status
	}
	all, _, err := r.c.Visits(r.t.Context(), r.token, clinic.VisitSearch{})
	for _, v := range all {
		got[v.ID] = v.Status
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		return fmt.Sprintf("statuses (-model +clinic), %v:\n%s", err, diff)
	}
	var free, offered []int
	slots, err := r.c.Slots(r.t.Context(), r.token, clinic.SlotSearch{Room: clinic.FirstRoom})
	for i := range modelSlots {
		start := blockStart.Add(time.Duration(i) * 15 * time.Minute)
		at := slices.IndexFunc(slots, func(s visits.Slot) bool { return s.Start.Equal(start) })
		places := 0
		if at >= 0 {
			places = slots[at].Available
		}
		free, offered = append(free, r.model.free(i, -1)), append(offered, places)
	}
	if diff := cmp.Diff(free, offered); diff != "" || err != nil {
		return fmt.Sprintf("free places (-model +clinic), %v:\n%s", err, diff)
	}
	return ""
}

// Random steps agree with a small model after each step: statuses move along VSee's diagram only, and no slot is booked
// beyond its places.
func TestVisitsMoveAlongTheDiagramAndFillTheirPlaces(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{Scenarios: scenarios.Set{}})
	if err != nil {
		t.Fatal(err)
	}
	const sequences, steps = 60, 40
	ended, full := 0, 0
	for n := range uint64(sequences) {
		r := newVisitRun(t, server, n)
		for i := range steps {
			var wrong string
			at := 0
			if len(r.model.visits) > 0 {
				at = r.random.IntN(len(r.model.visits))
			}
			switch kind := r.random.IntN(5); {
			case kind == 0 || len(r.model.visits) == 0:
				wrong = r.book()
			case kind == 1:
				wrong = r.enter(at)
			default:
				wrong = r.change(at)
			}
			if wrong == "" {
				wrong = r.compare()
			}
			if wrong != "" {
				t.Fatalf("sequence %d, step %d: %s\n%+v", n, i, wrong, r.model.visits)
			}
			full += min(1, max(0, 1-r.model.free(0, -1)))
		}
		for _, v := range r.model.visits {
			if v.status.Ended() {
				ended++
			}
		}
	}
	if ended < sequences || full < sequences {
		t.Errorf("too little happened: %d visits ended, and a slot was full %d times", ended, full)
	}
}
