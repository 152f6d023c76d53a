package scenarios_test

import (
	"fmt"
	"testing"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Whatever scenarios are told apart by, each check is answered by its own.
func TestScenariosAreFoundByWhateverTellsThemApart(t *testing.T) {
	t.Parallel()
	set := load(t,
		`when: {subscriber_num: ["1", "2*"], code: [a, b]}`+"\nanswer: Success",
		`when: {email: Pat@Example.com}`+"\nanswer: Success",
		`when: {last_name: [Ünal, "Sam*"]}`+"\nanswer: Success",
		`when: {last_name: [Ünal, Sample], carrier_code: c}`+"\nanswer: Success",
		`when: {group_number: g}`+"\nanswer: Success",
		`when: {carrier_code: [c, d]}`+"\nanswer: Success",
	)
	x := set.Index()
	for want, c := range map[string]scenarios.Check{
		"00": {SubscriberNum: "25", Code: "b", Email: "pat@example.COM", Card: "primary"},
		"01": {SubscriberNum: "25", Code: "c", Email: "pat@example.COM", LastName: "Sam", Card: "primary"},
		"02": {LastName: "ÜNAL", CarrierCode: "c", Card: "primary"},
		"04": {GroupNumber: "g", CarrierCode: "c", Card: "primary"},
		"05": {CarrierCode: "d", GroupNumber: "h", Card: "primary"},
		"":   {CarrierCode: "e", Code: "a", SubscriberNum: "3", Card: "primary"},
	} {
		if got, _ := x.Find(c); got.ID != want {
			t.Errorf("%+v is answered by %q, not %q", c, got.ID, want)
		}
	}
}

// BenchmarkLook looks at 9,000 files, and at ninety, that are told apart by their insurers alone: what one costs does
// not go by how many there are.
func BenchmarkLook(b *testing.B) {
	for _, n := range []int{90, 9_000} {
		var set scenarios.Set
		for i := range n {
			set = append(set, scenarios.Scenario{
				File: fmt.Sprint(i), When: scenarios.When{CarrierCode: scenarios.Match{fmt.Sprint("car", i)}},
				Answers: both(scenarios.Answer{Text: scenarios.Success}),
			})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if ties := set.Ties(); len(ties) > 0 {
					b.Fatal(ties[0])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/file")
		})
	}
}
