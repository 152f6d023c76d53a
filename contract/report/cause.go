package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// KeyText returns a cause on one line, such as: status getMe (no-token): 401 -> 403.
func KeyText(k result.Key) string {
	return strings.TrimSuffix(placeText(k)+": "+change(k), ": ")
}

// classText returns a class as text.
func classText(c result.Class) string {
	if !slices.Contains(result.Classes(), c) {
		return "of an unknown class"
	}
	return string(c)
}

// placeText returns the kind of a cause, its operation and case, and its place in the reply.
func placeText(k result.Key) string {
	text := fmt.Sprintf("%s %s (%s)", k.Kind, cmp.Or(k.Operation, "an unknown path"), cmp.Or(k.Case, "any case"))
	if k.Pointer != "" {
		text += " " + k.Pointer
	}
	return text
}

// change returns the difference of a cause, such as 401 -> 403, and "" if it has none.
func change(k result.Key) string {
	if k.Expected == "" && k.Got == "" {
		return ""
	}
	return cmp.Or(k.Expected, "nothing") + " -> " + cmp.Or(k.Got, "nothing")
}

// notes returns the rest of a cause on one line: its rule, evidence and line in openapi.yaml, and how many replies lack
// its field, unless all do.
func notes(c result.Cause) string {
	texts := []string{c.Rule, c.Evidence, Count(len(c.Places), "requirement")}
	if c.Line > 0 {
		texts = append(texts, fmt.Sprintf("openapi.yaml:%d", c.Line))
	}
	if c.Seen < c.Replies {
		texts = append(texts, fmt.Sprintf("absent in %d of %s", c.Seen, Count(c.Replies, "reply")))
	}
	if c.Known != "" {
		texts = append([]string{"known: " + c.Known}, texts...)
	}
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "; ")
}

// ordered returns the causes in the order of a report: red ones, other ones, and known ones.
func ordered(run result.Run) []result.Cause {
	rank := func(c result.Cause) int {
		switch {
		case run.Fails(c):
			return 0
		case c.Known == "":
			return 1
		}
		return 2
	}
	return slices.SortedStableFunc(slices.Values(run.Causes), func(a, b result.Cause) int { return rank(a) - rank(b) })
}

// more returns a line about the causes that a report leaves out, "" for none.
func more(left []result.Cause) string {
	if len(left) == 0 {
		return ""
	}
	known := slices.DeleteFunc(slices.Clone(left), func(c result.Cause) bool { return c.Known == "" })
	text := classes(left)
	if len(known) > 0 {
		text += fmt.Sprintf("; %d known", len(known))
	}
	return fmt.Sprintf("and %d more (%s) in results.json and the HTML page (--json, --html)", len(left), text)
}

// transcript returns an exchange as text. Lines of the request begin with >, those of the reply with <.
func transcript(x result.Exchange) string {
	return messageText("> ", x.Request) + messageText("< ", x.Reply)
}

func messageText(mark string, m result.Message) string {
	lines := []string{m.Line}
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		lines = append(lines, name+": "+m.Header[name])
	}
	if m.Body != "" {
		lines = append(append(lines, ""), strings.Split(strings.TrimSuffix(m.Body, "\n"), "\n")...)
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(mark+line, " ") + "\n")
	}
	return b.String()
}

// details returns the server's own message and the exchange of a cause. Every line begins with text of our own, so that
// a CI server finds no command in it.
func details(c result.Cause) string {
	text := ""
	if c.Message != "" {
		text = "the target says: " + c.Message + "\n"
	}
	if c.Exchange != nil {
		text += transcript(*c.Exchange)
	}
	return text
}

// indented returns a text with an indent before each line.
func indented(text, indent string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(indent + line)
	}
	return b.String()
}
