package printable_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/printable"
)

func TestWhatATerminalWouldActOnIsShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{ // as one line, and as lines
		"Zoë 李 👩‍🔬 \u00a0~\\":            {"Zoë 李 👩‍🔬 \u00a0~\\", "Zoë 李 👩‍🔬 \u00a0~\\"},
		"a\nb\tc":                        {`a\nb\tc`, "a\nb\tc"},
		"a\r\nb":                         {`a\r\nb`, `a\r` + "\nb"},
		"\x1b[2J\x07\x00":                {`\u001b[2J\u0007\u0000`, `\u001b[2J\u0007\u0000`},
		"\x7f":                           {`\u007f`, `\u007f`},
		"\u0085\u009b31m":                {`\u0085\u009b31m`, `\u0085\u009b31m`},
		"\u202a\u202b\u202c\u202d\u202e": {`\u202a\u202b\u202c\u202d\u202e`, `\u202a\u202b\u202c\u202d\u202e`},
		"\u2066\u2067\u2068\u2069\u200f": {`\u2066\u2067\u2068\u2069\u200f`, `\u2066\u2067\u2068\u2069\u200f`},
		"a\u2028b\u2029c":                {`a\u2028b\u2029c`, `a\u2028b\u2029c`},
		"\ufffe\U0001ffff":               {`\ufffe\ud83f\udfff`, `\ufffe\ud83f\udfff`},
		"\xff\xc3(\x9b\ufffd":            {`\xff\xc3(\x9b` + "\ufffd", `\xff\xc3(\x9b` + "\ufffd"},
		"":                               {"", ""},
	} {
		if got := [2]string{printable.Line(text), printable.Lines(text)}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAWriterShowsTheSameHoweverATextIsCut(t *testing.T) {
	t.Parallel()
	const text, want = "a\x1b[2J\n\u009bé李👩\xff\t\xc3", `a\u001b[2J` + "\n" + `\u009bé李👩\xff` + "\t"
	for size := 1; size <= len(text); size++ {
		var b strings.Builder
		w := printable.NewWriter(&b)
		for part := range slices.Chunk([]byte(text), size) {
			if n, err := w.Write(part); n != len(part) || err != nil {
				t.Fatalf("%d of %d, %v", n, len(part), err)
			}
		}
		if b.String() != want {
			t.Errorf("by %d: %q, want %q", size, b.String(), want)
		}
	}
}

// This holds for any content and any layout.
func FuzzJSONStaysTheSameJSON(f *testing.F) {
	for _, text := range []string{"\u009b31m", "\u202e\u2028\U0001ffff", "\xff\x9b", "a\n\tb\x7f\\"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		document, err := json.MarshalIndent(map[string]string{"a": text}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		var before, after map[string]string
		shown := printable.Lines(string(document))
		if err := json.Unmarshal(document, &before); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(shown), &after); err != nil || before["a"] != after["a"] {
			t.Errorf("%q: %s, %v", text, shown, err)
		}
		if again := printable.Lines(shown); again != shown || !utf8.ValidString(shown) {
			t.Errorf("%q: something is left in %q", text, shown)
		}
	})
}

// BenchmarkWriter writes a line of a log.
func BenchmarkWriter(b *testing.B) {
	w := printable.NewWriter(io.Discard)
	line := []byte("12:00:00.000 INFO  POST /users/sso request_id=5f2d7f0c9b1e4a63 status=200 took_ms=0.05\n")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Write(line); err != nil {
			b.Fatal(err)
		}
	}
}
