package memberid_test

import (
	"testing"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
)

func TestANumberIsComparedWithoutSpacesHyphensAndCase(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"":                           "",
		"11000075":                   "11000075",
		"1100 0075":                  "11000075",
		"1100-0075":                  "11000075",
		" 1100\t0075\n":              "11000075",
		"1100\u00a00075":             "11000075", // a no-break space
		"1100\u202f00\u200975":       "11000075", // narrow spaces
		"1100\u20100075":             "11000075", // a hyphen outside ASCII
		"11\u201300\u201400\u221275": "11000075", // dashes and a minus
		"1100\u200b0075\ufeff":       "11000075", // invisible ones
		"w123-abc":                   "W123ABC",
		"é1":                         "É1",
		"7100-????":                  "7100????",
		"hmo *":                      "HMO*",
		"1100.0075":                  "1100.0075",
		"1100_0075":                  "1100_0075",
		"-":                          "-",
		" - ":                        " - ",
	} {
		if got := memberid.Normal(sent); got != want {
			t.Errorf("Normal(%q) = %q, want %q", sent, got, want)
		}
	}
}

// The normal form of a normal form is itself, so it does not matter which of the two numbers was normal before.
func FuzzNormal(f *testing.F) {
	for _, seed := range []string{"", "1100-0075", "ab c", "-", "ß", "ǆ", "ı"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := memberid.Normal(text)
		if utf8.ValidString(text) && memberid.Normal(once) != once {
			t.Errorf("Normal(%q) = %q, and of that %q", text, once, memberid.Normal(once))
		}
		if (once == "") != (text == "") {
			t.Errorf("Normal(%q) = %q", text, once)
		}
	})
}
