package clearinghouse_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// A scenario plans a walk-in, or a booking that the provider cancels. `nth`, which counts checks, does not matter.
func TestAVisitIsPlannedByItsScenario(t *testing.T) {
	t.Parallel()
	cancelled := []visits.Stage{{Action: visits.CancelAction, After: 5 * time.Minute}}
	left := []visits.Stage{{Action: "patient_exit_room", After: 5 * time.Minute}}
	house := newClearinghouse(t, map[string]string{
		"left":      "when: {subscriber_num: \"1\", nth: 7}\nvisit: left",
		"cancelled": "when: {subscriber_num: \"2\"}\nvisit: {outcome: cancelled, type: appointment}",
		"answered":  "when: {subscriber_num: \"3\"}\nanswer: Success",
		"missed":    "when: {code: pat}\nvisit: missed",
	})
	uninsured := clinic.EligibilityQuery{User: &clinic.User{Code: "pat", Insurance: &clinic.Insurance{}}}
	for name, tc := range map[string]struct {
		query    clinic.EligibilityQuery
		kind     visits.Kind
		scenario string
		plan     []visits.Stage
	}{
		"a walk-in":                    {queryOf("1"), visits.WalkIn, "left", left},
		"an e-consult":                 {queryOf("1"), visits.EConsult, "left", left},
		"a booking before a walk-in":   {queryOf("1"), visits.Scheduled, "left", nil},
		"a booking that is cancelled":  {queryOf("2"), visits.Scheduled, "cancelled", cancelled},
		"another subscriber":           {queryOf("9"), visits.WalkIn, "", nil},
		"a scenario without a visit":   {queryOf("3"), visits.WalkIn, "", nil},
		"a patient without a card":     {uninsured, visits.Scheduled, "missed", nil},
		"a walk-in is not missed":      {uninsured, visits.WalkIn, "", nil},
		"nor by name":                  {named("1", "missed"), visits.WalkIn, "left", left},
		"the named scenario":           {named("9", "left"), visits.WalkIn, "left", left},
		"the named one has no visit":   {named("1", "answered"), visits.WalkIn, "left", left},
		"the named one is not there":   {named("1", "lost"), visits.WalkIn, "left", left},
		"the named one is for another": {named("1", "cancelled"), visits.WalkIn, "cancelled", cancelled},
	} {
		scenario, _, plan := house.PlanVisit(tc.query, tc.kind)
		if diff := cmp.Diff(tc.plan, plan); diff != "" || scenario != tc.scenario {
			t.Errorf("%s: %s (-want +got):\n%s", name, scenario, diff)
		}
	}
}

// queryOf returns the query of a user with a secondary card of a subscriber.
func queryOf(subscriber string) clinic.EligibilityQuery {
	card := clinic.Card{Carrier: "car7556", Subscriber: subscriber}
	return clinic.EligibilityQuery{User: &clinic.User{Insurance: &clinic.Insurance{Secondary: card}}}
}

func named(subscriber, scenario string) clinic.EligibilityQuery {
	query := queryOf(subscriber)
	query.Scenario = scenario
	return query
}
