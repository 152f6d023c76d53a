package rule_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/rule"
)

type door struct {
	Colour string   `yaml:"colour"`
	Locks  []string `yaml:"locks"`
	Open   bool     `yaml:"open"`
	Width  *int     `yaml:"width"`
}

var rules = rule.NewSet[door](rule.Rows{
	{Key: "colour", Value: rule.Texts("red", "blue"), Hint: "leave it out for wood"},
	{Key: "locks", Each: rule.Pattern("[a-z]+"), Says: "a lock is letters"},
	{Key: "width", Value: rule.Whole(1, 9)},
	{If: rule.On("open"), Must: rule.Not(rule.Has("locks")), Says: "an open door has no locks"},
})

func TestEachRuleThatIsBrokenHasItsPlace(t *testing.T) {
	t.Parallel()
	none, nine := 0, 9
	for name, tc := range map[string]struct {
		door door
		want []string
	}{
		"nothing is set":       {door{}, nil},
		"all is well":          {door{Colour: "red", Locks: []string{"a"}, Width: &nine}, nil},
		"another text":         {door{Colour: "green"}, []string{".colour: colour must be red or blue"}},
		"one of several items": {door{Locks: []string{"a", "1"}}, []string{".locks[1]: a lock is letters"}},
		"0 behind a pointer":   {door{Width: &none}, []string{".width: width must be a whole number from 1 to 9"}},
		"two at once": {door{Open: true, Locks: []string{"1"}},
			[]string{".locks[0]: a lock is letters", ": an open door has no locks"}},
	} {
		var got []string
		for broken := range rules.Broken(tc.door) {
			got = append(got, broken.Place+": "+broken.Says)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestABrokenRuleKnowsWhatItsKeyTakes(t *testing.T) {
	t.Parallel()
	for broken := range rules.Broken(door{Colour: "blu"}) {
		if broken.Got != "blu" || !slices.Equal(broken.Known, []string{"red", "blue"}) || broken.Hint == "" {
			t.Errorf("%+v", broken)
		}
	}
}

func TestARowOfAKeyThatThereIsNotPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("it does not")
		}
	}()
	for range rule.NewSet[door](rule.Rows{{Key: "handle", Must: rule.Has("handle"), Says: "no handle"}}).Broken(door{}) {
		t.Error("a rule is broken")
	}
}

// A rule about several keys says nothing new where one of them is wrong already, or not known.
func TestARuleThatFollowsFromAnotherFaultIsLeftOut(t *testing.T) {
	t.Parallel()
	wrong := door{Open: true, Locks: []string{"1"}, Colour: "green"}
	for unknown, want := range map[string]int{"": 2, "locks": 1, "colour": 1, rule.Unknown: 2} {
		if got := rules.All(wrong, unknown); len(got) != want {
			t.Errorf("with %q unknown: %+v", unknown, got)
		}
	}
	if got := rules.All(door{Open: true, Locks: []string{"a"}}); len(got) != 1 ||
		got[0].Says != "an open door has no locks" {
		t.Errorf("%+v", got)
	}
}
