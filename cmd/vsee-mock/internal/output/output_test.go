package output_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
)

func TestCompactKeepsTheOrderAndTheWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"b":1,"a":[1.50,"x",null,true]}`: `{"b": 1, "a": [1.50, "x", null, true]}`,
		`{}`:                               `{}`,
		`[]`:                               `[]`,
		`"text"`:                           `"text"`,
		`not JSON`:                         `not JSON`,
		`{"a":"aaaaaaaaaaaa","b":"bbbbbbbbbbbb","c":{"d":1}}`: "{\n  \"a\": \"aaaaaaaaaaaa\",\n  \"b\": \"bbbbbbbbbbbb\",\n" +
			"  \"c\": {\"d\": 1}\n}",
	} {
		if diff := cmp.Diff(want, output.Compact([]byte(text), "", 40)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestWhatOthersSayMovesNoCursor(t *testing.T) {
	t.Parallel()
	if got := output.Plain("a\x1b[2Jb\tü"); got != `a\u001b[2Jb\tü` {
		t.Errorf("%q", got)
	}
}
