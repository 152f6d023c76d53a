package visits_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// The whole diagram: each step from each status leads to one status, or is refused.
func TestStepsLeadAlongTheDiagram(t *testing.T) {
	t.Parallel()
	const refused, same = -1, 0
	step := visits.Step{At: noon, By: "7"}
	closing := func(reason visits.Reason, complete bool) func(visits.Visit) (visits.Visit, bool, error) {
		return func(v visits.Visit) (visits.Visit, bool, error) {
			v, moved := v.Close(reason, complete, step, noon)
			return v, moved, nil
		}
	}
	for name, tc := range map[string]struct {
		take func(visits.Visit) (visits.Visit, bool, error)
		to   [6]visits.Status // from each of visits.Statuses
	}{
		"begin": {func(v visits.Visit) (visits.Visit, bool, error) { return v.Begin(step, noon) },
			[6]visits.Status{25, 25, same, refused, refused, refused}},
		"close": {closing("", false), [6]visits.Status{40, 40, 30, same, same, same}},
		"close, patient_end_call": {closing(visits.PatientEndCall, false), [6]visits.Status{40, 40, 30, same,
			same, same}},
		"close, call_ended": {closing(visits.CallEnded, false), [6]visits.Status{40, 40, 30, same, same,
			same}},
		"close, patient_exit_room": {closing(visits.PatientExitRoom, false), [6]visits.Status{40, 40, 40, same,
			same, same}},
		"close, patient_cancel_appointment": {closing(visits.PatientCancels, false), [6]visits.Status{40, 40, 40, same,
			same, same}},
		"close, max_waiting_time_reached": {closing(visits.MaxWaitingTimeOver, false), [6]visits.Status{40, 40, 40,
			same, same, same}},
		"close, completed by the provider": {closing("", true), [6]visits.Status{30, 30, 30, same, same, same}},
		"close, completed, patient_exit_room": {closing(visits.PatientExitRoom, true), [6]visits.Status{30, 30, 40, same,
			same, same}},
		"cancel": {func(v visits.Visit) (visits.Visit, bool, error) { return v.Cancel(step, noon) },
			[6]visits.Status{40, 40, 40, refused, same, refused}},
		"refund": {func(v visits.Visit) (visits.Visit, bool, error) {
			v.Invoice = &visits.Invoice{}
			v, err := v.Refund("7", noon)
			return v, true, err
		}, [6]visits.Status{refused, refused, refused, 50, 50, refused}},
		"move": {func(v visits.Visit) (visits.Visit, bool, error) {
			v, err := v.Move(at(1), at(2), "", noon)
			return v, false, err
		}, [6]visits.Status{same, same, refused, refused, refused, refused}},
	} {
		for i, from := range visits.Statuses() {
			before := visits.Visit{Status: from}
			after, moved, err := tc.take(before)
			want := tc.to[i]
			switch {
			case want == refused:
				if err == nil || after.Status != from {
					t.Errorf("%s from %s: %s, %v", name, from.Word(), after.Status.Word(), err)
				}
			case err != nil:
				t.Errorf("%s from %s: %v", name, from.Word(), err)
			case want == same && (moved || after.Status != from) || want != same && (!moved || after.Status != want):
				t.Errorf("%s from %s leads to %s, moved: %t", name, from.Word(), after.Status.Word(), moved)
			}
		}
	}
}

func TestAnEConsultIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	v := visits.Visit{Kind: visits.EConsult, Status: visits.Confirmed}
	accepted, err := v.Accept("7", noon)
	if err != nil || accepted.ProviderID != "7" || accepted.Status != visits.Confirmed {
		t.Errorf("%+v, %v", accepted, err)
	}
	for name, wrong := range map[string]visits.Visit{
		"again": accepted, "no e-consult": {Kind: visits.WalkIn, Status: visits.Confirmed},
		"an ended one": {Kind: visits.EConsult, Status: visits.Cancelled},
	} {
		if _, err := wrong.Accept("8", noon); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestABlockIsCutIntoWholeSlots(t *testing.T) {
	t.Parallel()
	b := visits.Block{Start: at(0), End: at(50), Minutes: 15, Places: 2}
	booked := []visits.Span{{Start: at(0), End: at(15)}, {Start: at(0), End: at(15)}, {Start: at(20), End: at(25)}}
	for length, want := range map[int]string{
		0: "0-15 2/0, 15-30 1/1, 30-45 0/2", 25: "0-25 2/0, 25-50 0/2", 60: "",
	} {
		got := ""
		for i, s := range b.Slots(time.Duration(length)*time.Minute, booked) {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%v-%v %d/%d", s.Start.Sub(noon).Minutes(), s.End.Sub(noon).Minutes(), s.Booked, s.Available)
		}
		if got != want {
			t.Errorf("slots of %d minutes: %s, want %s", length, got, want)
		}
	}
}

// Bookings that follow each other need one place, those at the same time one each.
func TestAPlaceIsTakenWhileABookingLasts(t *testing.T) {
	t.Parallel()
	b := visits.Block{Start: at(0), End: at(60), Minutes: 15, Places: 1}
	booked := []visits.Span{{Start: at(0), End: at(15)}, {Start: at(30), End: at(45)}}
	for span, want := range map[[2]int]bool{
		{15, 30}: true, {45, 60}: true, {0, 15}: false, {10, 20}: false, {15, 31}: false, {0, 60}: false,
	} {
		if got := b.HasPlace(visits.Span{Start: at(span[0]), End: at(span[1])}, booked); got != want {
			t.Errorf("%v has a place: %t", span, got)
		}
	}
	for span, want := range map[[2]int]bool{{0, 60}: true, {-1, 15}: false, {45, 61}: false} {
		if got := b.Covers(visits.Span{Start: at(span[0]), End: at(span[1])}); got != want {
			t.Errorf("%v is covered: %t", span, got)
		}
	}
}

// The table of ranges of VSee's page. The free slots begin at hour 0 (past), 10, 100 and 110; it is hour 1.
func TestTheRangeOfASearchIsThatOfVSeesTable(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	var slots []visits.Slot
	for _, n := range []int{110, 10, 0, 100} {
		slots = append(slots, visits.Slot{Span: visits.Span{Start: hour(n), End: hour(n + 1)}, Available: 1})
	}
	slots = append(slots, visits.Slot{Span: visits.Span{Start: hour(20)}, Booked: 1})
	for name, tc := range map[string]struct {
		search visits.Search
		want   []int
	}{
		"nothing":           {visits.Search{}, []int{10, 100}},
		"start":             {visits.Search{Start: hour(5)}, []int{10, 100}},
		"start, later":      {visits.Search{Start: hour(14)}, []int{100}},
		"start, nearest":    {visits.Search{Start: hour(14), Nearest: true}, []int{100, 110}},
		"start, end":        {visits.Search{Start: hour(1), End: hour(100), Duration: 1}, []int{10}},
		"start, duration":   {visits.Search{Start: hour(9), Duration: time.Hour}, nil},
		"start, duration 2": {visits.Search{Start: hour(9), Duration: 2 * time.Hour}, []int{10}},
		"end":               {visits.Search{End: hour(107)}, []int{100}},
		"end, duration":     {visits.Search{End: hour(111), Duration: 2 * time.Hour}, []int{110}},
		"duration":          {visits.Search{Duration: 101 * time.Hour}, []int{10, 100, 110}},
		"none from then on": {visits.Search{Start: hour(200), Nearest: true}, nil},
	} {
		var got []int
		for _, s := range tc.search.Find(slots, hour(1)) {
			got = append(got, int(s.Start.Sub(noon).Hours()))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
