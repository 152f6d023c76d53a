package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// limits bound the size of a report for people. results.json has no limits.
type limits struct {
	text int // characters of a text on one line
	body int // characters of a message's body
}

// maxReason is the smallest limit for the reason of a broken run: its end says how to mend the run.
const maxReason = 500

// clean returns a copy of a run that is safe to print. Its texts are valid UTF-8 without control characters and within
// the limits. They are on one line, except for bodies. The caller must still escape the texts for its format.
func clean(run result.Run, most limits) result.Run {
	broken := run.Broken != ""
	most.lines(&run.ID, &run.Target.Name, &run.Target.BaseURL, &run.Suite, &run.Document)
	run.Broken = oneLine(run.Broken, max(most.text, maxReason))
	if broken { // a broken run stays broken, even if its reason is empty now
		run.Broken = cmp.Or(run.Broken, noReason)
	}
	run.FailOn, run.WarnOn = slices.Clone(run.FailOn), slices.Clone(run.WarnOn)
	for _, classes := range [][]result.Class{run.FailOn, run.WarnOn} {
		for i := range classes { // equal to the cleaned classes of causes
			classes[i] = word(classes[i], most.text)
		}
	}
	run.Left = most.list(run.Left)
	causes := make([]result.Cause, 0, len(run.Causes))
	for _, c := range run.Causes {
		known := c.Known != ""
		most.key(&c.Key)
		c.Class = word(c.Class, most.text)
		most.lines(&c.ID, &c.Evidence, &c.Rule, &c.Known, &c.Message)
		if known {
			c.Known = cmp.Or(c.Known, noReason)
		}
		c.Places = most.list(c.Places)
		if c.Exchange != nil {
			c.Exchange = &result.Exchange{Request: most.message(c.Exchange.Request), Reply: most.message(c.Exchange.Reply)}
		}
		causes = append(causes, c)
	}
	entries := make([]result.KnownEntry, 0, len(run.Known))
	for _, e := range run.Known {
		most.key(&e.Key)
		e.State = word(e.State, most.text)
		most.lines(&e.Owner, &e.Reason)
		entries = append(entries, e)
	}
	requirements := make([]result.Requirement, 0, len(run.Requirements))
	for _, r := range run.Requirements {
		most.lines(&r.ID, &r.Title, &r.Level, &r.Operation, &r.Effect, &r.Evidence, &r.Reason)
		r.Causes = most.list(r.Causes)
		requirements = append(requirements, r)
	}
	run.Causes, run.Known, run.Requirements = causes, entries, requirements
	return run
}

func (most limits) lines(texts ...*string) {
	for _, text := range texts {
		*text = oneLine(*text, most.text)
	}
}

func (most limits) list(texts []string) []string {
	cleaned := make([]string, 0, len(texts))
	for _, text := range texts {
		cleaned = append(cleaned, oneLine(text, most.text))
	}
	return cleaned
}

func (most limits) key(k *result.Key) {
	k.Kind, k.Case = word(k.Kind, most.text), word(k.Case, most.text)
	most.lines(&k.Operation, &k.Pointer, &k.Expected, &k.Got)
}

// word returns a word of a fixed set; a wrong file may have any other text in its place.
func word[T ~string](text T, most int) T { return T(oneLine(string(text), most)) }

func (most limits) message(m result.Message) result.Message {
	header := map[string]string{}
	for name, value := range maps.All(m.Header) {
		header[oneLine(name, most.text)] = oneLine(value, most.text)
	}
	return result.Message{Line: oneLine(m.Line, most.text), Header: header, Body: clip(lines(m.Body), most.body)}
}

func oneLine(text string, most int) string {
	return clip(strings.Join(strings.Fields(lines(text)), " "), most)
}

// lines replaces characters that are invalid, invisible or control a terminal by escapes. Line breaks stay.
func lines(text string) string { return printable.Lines(strings.ReplaceAll(text, "\r\n", "\n")) }

// clip shortens a text to a number of characters. A shortened text ends with its full length.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	characters := []rune(text)
	if len(characters) <= most {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", string(characters[:most]), len(characters))
}
