package suggest_test

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

func TestTheNearestNameIsSuggested(t *testing.T) {
	t.Parallel()
	known := []string{"advance", "set", "freeze", "run", "account_code", "cron_delay"}
	for unknown, want := range map[string]string{
		"adavnce":                       "advance",
		"Advance":                       "advance",
		"ADVANCE":                       "advance",
		"sett":                          "set",
		"st":                            "set",
		"rn":                            "run",
		"cronDelay":                     "cron_delay",
		"accountcode":                   "account_code",
		"account-codes":                 "account_code",
		"":                              "",
		"x":                             "",
		"thaw":                          "",
		"backwards":                     "",
		strings.Repeat("advance", 1000): "",
	} {
		if got := suggest.Name(unknown, known); got != want {
			t.Errorf("Name(%.20q) = %q, want %q", unknown, got, want)
		}
	}
	if got := suggest.Name("advance", nil); got != "" {
		t.Errorf("of no names, %q is suggested", got)
	}
}

func TestAWordOfANameFindsIt(t *testing.T) {
	t.Parallel()
	known := []string{"first_name", "carrier_code", "last_name", "names", "subscriber_num"}
	for unknown, want := range map[string]string{
		"name": "first_name last_name", "carrier": "carrier_code", "subscriber": "subscriber_num", "": "",
		"sub": "", "num_": "",
	} {
		if got := strings.Join(suggest.ByWord(unknown, known), " "); got != want {
			t.Errorf("ByWord(%q) = %q, want %q", unknown, got, want)
		}
	}
}

func TestTheDistanceIsTheNumberOfMistakesInTyping(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]int{
		{"", ""}:                    0,
		{"last_name", "last_name"}:  0,
		{"last_name", "LAST_NAME"}:  1,
		{"last_name", "last_nmae"}:  1,
		{"last_name", "last_nam"}:   1,
		{"last_name", "llast_name"}: 1,
		{"last_name", "lost_name"}:  1,
		{"lastName", "last_name"}:   1,
		{"dob", ""}:                 3,
		{"é", "e"}:                  1,
	} {
		if got := suggest.Distance(pair[0], pair[1]); got != want {
			t.Errorf("%q and %q: %d, want %d", pair[0], pair[1], got, want)
		}
	}
}
