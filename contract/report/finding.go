package report

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// findingText returns the sentence of a finding. Rules such as "is required" have no subject, so it adds the field's name.
func findingText(f result.Finding) string {
	field := fieldName(f.Pointer)
	switch {
	case strings.HasPrefix(f.Rule, "is ") || strings.HasPrefix(f.Rule, "must ") || strings.HasPrefix(f.Rule, "breaks "):
		if field == "" && f.Operation != "" {
			field = "the body"
		}
		return strings.TrimPrefix(field+" "+f.Rule, " ")
	case strings.HasPrefix(f.Rule, theField) && field != "":
		return theField + field + " " + strings.TrimPrefix(f.Rule, theField)
	}
	return f.Rule
}

// anItem matches the index of an array in a JSON pointer.
var anItem = regexp.MustCompile(`/[0-9]+(/|$)`)

// ofAll replaces each index of an array in a pointer by *.
func ofAll(pointer string) string { return anItem.ReplaceAllString(pointer, "/*$1") }

// distinct removes repetitions for readers. It merges the findings on several items of one array. If consecutive
// findings have the same exchange, only the last of them keeps it.
func distinct(all []result.Finding) []result.Finding {
	var kept []result.Finding
	known := map[result.Finding]int{}
	for _, f := range all {
		of := f
		of.Pointer, of.Exchange = ofAll(f.Pointer), nil
		i, before := known[of]
		switch {
		case !before:
			known[of], kept = len(kept), append(kept, f)
		case kept[i].Pointer != f.Pointer:
			kept[i].Pointer = of.Pointer
		}
	}
	for i := range len(kept) - 1 {
		if reflect.DeepEqual(kept[i].Exchange, kept[i+1].Exchange) {
			kept[i].Exchange = nil
		}
	}
	return kept
}

// withoutTitle returns a copy of a requirement whose findings do not repeat its title, for use below a heading.
func withoutTitle(r result.Requirement) result.Requirement {
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		r.Findings[i].Rule = strings.TrimPrefix(r.Findings[i].Rule, r.Title+": ")
	}
	return r
}

const theField = "the field "

// fieldName returns the name of a JSON pointer's field, or "an item of …" for an array. It returns "" for the whole body.
func fieldName(pointer string) string {
	around, name := splitPointer(pointer)
	if name != "*" && !aNumber.MatchString(name) {
		return name
	}
	if _, list := splitPointer(around); list != "" {
		return "an item of " + list
	}
	return "an item"
}

// splitPointer splits a JSON pointer before its last name.
func splitPointer(pointer string) (before, name string) {
	i := strings.LastIndex(pointer, "/")
	return pointer[:max(i, 0)], unescape.Replace(pointer[i+1:])
}

var (
	aNumber  = regexp.MustCompile(`^[0-9]+$`)
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// place returns the reply of a finding, and the line of openapi.yaml.
func place(f result.Finding) string {
	if f.Line == 0 {
		return replyPlace(f)
	}
	return strings.TrimPrefix(replyPlace(f)+", "+line(f.Line), ", ")
}

// line returns a reference to a line of openapi.yaml.
func line(n int) string { return fmt.Sprintf("openapi.yaml:%d", n) }

// replyPlace returns the place of a finding: the operation and status of the reply, and the JSON pointer in it.
func replyPlace(f result.Finding) string {
	var parts []string
	if f.Operation != "" {
		parts = append(parts, f.Operation)
	}
	if f.Status != 0 {
		parts = append(parts, fmt.Sprintf("status %d", f.Status))
	}
	if f.Pointer != "" {
		parts = append(parts, "at "+f.Pointer)
	}
	return strings.Join(parts, ", ")
}

// Transcript returns an exchange as text that is safe on a console. Lines of the request begin with >, those of the
// reply with <.
func Transcript(x result.Exchange) string {
	return transcript(result.Exchange{Request: cleanMessage(x.Request, consoleLimits), Reply: cleanMessage(x.Reply, consoleLimits)})
}

// transcript returns an exchange as text. It expects a clean exchange.
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

// details returns the reason for a requirement's state, and each finding with its exchange. Every line begins with text
// of our own, so that a CI server finds no command in it.
func details(r result.Requirement) string {
	var b strings.Builder
	r = withoutTitle(r)
	if r.Reason != "" {
		b.WriteString("why: " + r.Reason + "\n")
	}
	for _, f := range r.Findings {
		b.WriteString("- " + findingText(f) + "\n")
		if where := place(f); where != "" {
			b.WriteString("  seen in " + where + "\n")
		}
		if f.Exchange != nil {
			for line := range strings.Lines(transcript(*f.Exchange)) {
				b.WriteString("    " + line)
			}
		}
	}
	return b.String()
}
