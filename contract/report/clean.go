package report

import (
	"cmp"
	"fmt"
	"maps"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// limits bound the size of a report for people. results.json has no limits.
type limits struct {
	text     int // characters of a text on one line
	body     int // characters of a message's body
	findings int // findings of one requirement
}

// clean returns a copy of a run that is safe to print. Its texts are valid UTF-8 without control characters and within
// the limits. They are on one line, except for bodies. Each requirement has only distinct findings. The caller must
// still escape the texts for its format.
func clean(run result.Run, most limits) result.Run {
	line := func(texts ...*string) {
		for _, text := range texts {
			*text = oneLine(*text, most.text)
		}
	}
	broken := run.Broken != ""
	line(&run.ID, &run.Target.Name, &run.Target.BaseURL, &run.Suite, &run.Document, &run.Broken)
	if broken { // a broken run stays broken, even if its reason is empty now
		run.Broken = cmp.Or(run.Broken, noReason)
	}
	requirements := make([]result.Requirement, 0, len(run.Requirements))
	for _, r := range run.Requirements {
		line(&r.ID, &r.Title, &r.Level, &r.Operation, &r.Effect, &r.Evidence, &r.Reason)
		r.Findings = cleanFindings(r.Findings, most)
		requirements = append(requirements, r)
	}
	run.Requirements = requirements
	return run
}

func cleanFindings(all []result.Finding, most limits) []result.Finding {
	var findings []result.Finding
	all = distinct(all)
	for i, f := range all {
		if i == most.findings {
			rest := fmt.Sprintf("%s more in results.json", count(len(all)-i, "finding"))
			return append(findings, result.Finding{Rule: rest})
		}
		f.Rule, f.Operation, f.Pointer = oneLine(f.Rule, most.text), oneLine(f.Operation, most.text), oneLine(f.Pointer, most.text)
		if f.Exchange != nil {
			f.Exchange = &result.Exchange{
				Request: cleanMessage(f.Exchange.Request, most), Reply: cleanMessage(f.Exchange.Reply, most),
			}
		}
		findings = append(findings, f)
	}
	return findings
}

func cleanMessage(m result.Message, most limits) result.Message {
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
