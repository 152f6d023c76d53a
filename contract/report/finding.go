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

// words is what a finding says, with the field that it is about. A rule that begins with what a field must be has none.
func words(f result.Finding) string {
	field := subject(f.Pointer)
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

// anItem is a part of a JSON pointer that is the place of an item in an array.
var anItem = regexp.MustCompile(`/[0-9]+(/|$)`)

// ofAll is a pointer with * for each item of an array.
func ofAll(pointer string) string { return anItem.ReplaceAllString(pointer, "/*$1") }

// distinct returns findings as people are told of them: each once for all items of an array, and an exchange once for
// all that was seen in it, after the last of that.
func distinct(all []result.Finding) []result.Finding {
	var told []result.Finding
	known := map[result.Finding]int{}
	for _, f := range all {
		of := f
		of.Pointer, of.Exchange = ofAll(f.Pointer), nil
		i, before := known[of]
		switch {
		case !before:
			known[of], told = len(told), append(told, f)
		case told[i].Pointer != f.Pointer:
			told[i].Pointer = of.Pointer
		}
	}
	for i := range len(told) - 1 {
		if reflect.DeepEqual(told[i].Exchange, told[i+1].Exchange) {
			told[i].Exchange = nil
		}
	}
	return told
}

// briefly returns a requirement whose findings do not begin with its title, for where that has been said.
func briefly(r result.Requirement) result.Requirement {
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		r.Findings[i].Rule = strings.TrimPrefix(r.Findings[i].Rule, r.Title+": ")
	}
	return r
}

const theField = "the field "

// subject names the field that a JSON pointer leads to, "" for the whole.
func subject(pointer string) string {
	around, name := cut(pointer)
	if name != "*" && !aNumber.MatchString(name) {
		return name
	}
	if _, list := cut(around); list != "" {
		return "an item of " + list
	}
	return "an item"
}

// cut returns the last name of a JSON pointer, and what is before it.
func cut(pointer string) (before, name string) {
	i := strings.LastIndex(pointer, "/")
	return pointer[:max(i, 0)], unescape.Replace(pointer[i+1:])
}

var (
	aNumber  = regexp.MustCompile(`^[0-9]+$`)
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// place says where a finding was seen, and by which line of openapi.yaml.
func place(f result.Finding) string {
	if f.Line == 0 {
		return seen(f)
	}
	return strings.TrimPrefix(seen(f)+", "+line(f.Line), ", ")
}

// line names a line of openapi.yaml.
func line(n int) string { return fmt.Sprintf("openapi.yaml:%d", n) }

// seen says where a finding was seen: in which reply, and where in it.
func seen(f result.Finding) string {
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

// Transcript is an exchange as people read it on a console, each line with a mark of who said it.
func Transcript(x result.Exchange) string {
	return transcript(result.Exchange{Request: cleanMessage(x.Request, consoleLimits), Reply: cleanMessage(x.Reply, consoleLimits)})
}

// transcript is an exchange as text, each line with a mark of who said it.
func transcript(x result.Exchange) string { return said("> ", x.Request) + said("< ", x.Reply) }

func said(mark string, m result.Message) string {
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

// details says what is known of a requirement beyond its title: the reason for its state, and each finding with its
// exchange. No line begins with what is not ours.
func details(r result.Requirement) string {
	var b strings.Builder
	r = briefly(r)
	if r.Reason != "" {
		b.WriteString("why: " + r.Reason + "\n")
	}
	for _, f := range r.Findings {
		b.WriteString("- " + words(f) + "\n")
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
