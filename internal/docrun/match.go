package docrun

import (
	"fmt"
	"regexp"
	"strings"
)

// variableText matches texts different in each run: UUIDs, tokens and hashes, and times.
var variableText = regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|` +
	`\b[0-9a-f]{32,}\b|\b20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?Z|` +
	`\b[0-2]\d:[0-5]\d:[0-5]\d\b|\b1[67]\d{8}\b|\b\d+(?:\.\d+)?m?s\b`)

// bindings maps texts of a page to the texts of this run in their place.
type bindings map[string]string

// apply replaces the page's texts in a command by the run's. A page may use the start of an id.
func (b bindings) apply(command string) string {
	for shown, is := range b {
		command = strings.ReplaceAll(command, shown, is)
		if start := shown[:min(8, len(shown))]; len(shown) == 36 {
			command = strings.ReplaceAll(command, start, is[:8])
		}
	}
	return command
}

// match reports how the output of a command differs from the page, and binds the drawn texts of the page.
func (b bindings) match(shown []string, printed string) error {
	got := strings.Split(strings.TrimRight(printed, "\n"), "\n")
	at := 0 // the first unmatched line of got
	anywhere := false
	for _, want := range shown {
		if want == "..." || want == "…" {
			anywhere = true
			continue
		}
		found := b.findLine(want, got[at:], anywhere)
		if found < 0 {
			return fmt.Errorf("the page shows\n\t%s\nand the command printed\n\t%s", want, strings.Join(got[at:], "\n\t"))
		}
		at += found + 1
		anywhere = false
	}
	if rest := got[at:]; !anywhere && len(shown) > 0 && strings.Join(rest, "") != "" {
		return fmt.Errorf("the page ends there, and the command goes on:\n\t%s", strings.Join(rest, "\n\t"))
	}
	return nil
}

// findLine returns the index of the first line matching a shown line, -1 for none.
func (b bindings) findLine(want string, got []string, anywhere bool) int {
	for i, line := range got {
		if b.matchLine(want, line) {
			return i
		}
		if !anywhere {
			return -1
		}
	}
	return -1
}

// matchLine reports whether a printed line matches a shown line.
func (b bindings) matchLine(want, got string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^\s*`)
	var names []string
	rest := strings.TrimSpace(want)
	for rest != "" {
		dots, draw := ellipsis.FindStringIndex(rest), variableText.FindStringIndex(rest)
		if dots == nil && draw == nil {
			pattern.WriteString(literal(rest))
			break
		}
		next, text := dots, ".*"
		if dots == nil || draw != nil && draw[0] < dots[0] {
			next = draw
			names = append(names, rest[draw[0]:draw[1]])
			text = fmt.Sprintf("(%s)", variableText)
		}
		pattern.WriteString(literal(rest[:next[0]]) + text)
		rest = rest[next[1]:]
	}
	found := regexp.MustCompile(pattern.String() + `\s*$`).FindStringSubmatch(got)
	for i, name := range names {
		if found != nil {
			b[name] = found[i+1]
		}
	}
	return found != nil
}

var ellipsis = regexp.MustCompile(`\.\.\.|…`)

// literal matches a text, with any width of blanks: columns move with their content.
func literal(text string) string {
	return blanks.ReplaceAllString(regexp.QuoteMeta(text), `\s+`)
}

var blanks = regexp.MustCompile(` +`)
