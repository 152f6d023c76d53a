package clinic

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestAPatchThatMayChangeNothingChangesNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	card := func() Card {
		return Card{
			Carrier: pick("", "", "a", "Insurer A", "b"), Subscriber: pick("", "", "1"), Consent: random.IntN(4) == 0,
			Relation: Relation{pick("", "child"), Guarantor{Name: pick("", "Pat Roe"), First: pick("", "Pat")}},
		}
	}
	settings := &Settings{Insurers: []Insurer{{ID: "a", Name: "Insurer A"}}}
	same, changed := 0, 0
	for range 5_000 {
		user := User{FirstName: pick("", "Pat"), Gender: random.IntN(4), Insurance: &Insurance{
			Primary: card(), Secondary: card(), Patient: Relation{Respparty: pick("", "", "child")},
		}}
		if random.IntN(2) == 0 {
			*user.Insurance = user.Insurance.withSharedRelation(*user.Insurance, Relation{}, false)
		}
		var patch Patch
		for range random.IntN(3) {
			patch.Fields = append(patch.Fields, Field{
				pick("first_name", "gender", "disable_emails", "insurance.primary.carrier_code", "insurance.patient.respparty",
					"insurance.secondary.carrier_code", "insurance.primary.subscriber_num", "insurance.patient.guarantor_name", "x"),
				pick("", "1", "2", "male", "3", "a", "Insurer A", "b", "Pat", "Pat Roe", "child"),
			})
		}
		after := user
		err := patch.apply(settings, &after)
		switch {
		case patch.mayChange(settings, &user):
			changed++
		case err != nil || !reflect.DeepEqual(user, after):
			t.Fatalf("%q of %+v: %v, %+v", patch.Fields, user, err, after)
		default:
			same++
		}
	}
	if same < 500 || changed < 500 {
		t.Errorf("%d change nothing and %d may", same, changed)
	}
}
