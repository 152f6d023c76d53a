package play_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// A change of a card takes its result away, and a later result is on no card. The same number changes nothing.
func TestACardIsChangedBetweenTwoCalls(t *testing.T) {
	t.Parallel()
	const want = `
0s starts check 1
0s waits
10s result of 1, cards map[primary:Out of Network]
10s attempt 1, check 1, []
30s changes the card
30s starts check 2
30s waits
40s result of 2, cards map[primary:Success]
40s attempt 1, check 2, []
1m0s changes the card
1m0s starts check 3
1m0s waits
1m5s changes the card
1m10s result of 3, cards map[]
1m10s attempt 1, check 3, []
1m10s end`
	s := &script{now: begin()}
	if err := play.Play(t.Context(), load(t, `answer: Out of Network
calls: [{card: {subscriber_num: "1"}}, check, {wait: 30s}, {card: {subscriber_num: "2"}}, check, {wait: 30s},
  {card: {subscriber_num: "1", group_number: g}}, check, {wait: 5s}, {card: {group_number: h}}]`), s, s); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split("0s changes the card"+want, "\n"), s.notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
