package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Each check is answered by its own scenario, in whatever field the scenarios differ.
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

// BenchmarkLook looks at 9,000 files, and at ninety, told apart by their insurers alone: the cost of one file does not
// depend on their number.
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

// many returns the files of n scenarios, each with one text in `when`.
func many(n int, want func(i int) string) map[string][]byte {
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("s%05d.yaml", i)] = fmt.Appendf(nil, "title: T\nwhen: %s\nanswer: Success\n", want(i))
	}
	return files
}

// Each pattern is compared with each before it. The test counts the comparisons and does not time them, so it is the
// same everywhere.
func TestThousandsOfStarredFilesAreRefusedInsteadOfComparedForSeconds(t *testing.T) {
	t.Parallel()
	exact := func(i int) string { return fmt.Sprintf(`{subscriber_num: "%d"}`, i) }
	for name, tc := range map[string]struct {
		files map[string][]byte
		want  string // how the error begins; "" for none
	}{
		"2,340 patterns": {
			many(2_340, func(i int) string { return fmt.Sprintf(`{subscriber_num: "%d*"}`, i+10_000) }),
			"s02335.yaml:2:1: this file and the files before it have too many texts with * or ? to compare",
		},
		"2,240 that share a number": {
			many(2_240, func(i int) string { return fmt.Sprintf(`{subscriber_num: "1", group_number: "g%d"}`, i) }),
			"s02236.yaml:2:1: this file and the files before it have too many texts with * or ? to compare",
		},
		"long patterns and long texts": {
			many(60, func(i int) string {
				return fmt.Sprintf(`{email: [%s"%d"]}`, strings.Repeat(fmt.Sprintf(`"%s%c", `,
					strings.Repeat([]string{"*a", "a"}[i%2], 200), 'b'+i%2), 100), i)
			}),
			"this file and the files before it have too many texts with * or ? to compare",
		},
		"2,400 exact numbers": {many(2_400, exact), ""},
		"more than a set has": {many(10_001, exact), "a set has at most 10000 scenarios"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, err := scenarios.LoadFiles(tc.files)
			switch {
			case tc.want == "" && (err != nil || len(set) != len(tc.files)):
				t.Errorf("%d of %d, %.200v", len(set), len(tc.files), err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("%.200v, want %s", err, tc.want)
			}
		})
	}
}

func TestATextInWhenHasALength(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]string{500: "", 501: "email must have at most 500 characters; "} {
		_, err := scenarios.Load("f.yaml", []byte("title: T\nwhen: {email: \""+strings.Repeat("é",
			length)+"\"}\nanswer: Success\n"))
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d characters: %.200v", length, err)
		}
	}
}
