package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// place says where a finding was seen: in which reply, where in it, and by which line of openapi.yaml.
func place(f result.Finding) string {
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
	if f.Line != 0 {
		parts = append(parts, fmt.Sprintf("openapi.yaml:%d", f.Line))
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
	if r.Reason != "" {
		b.WriteString("why: " + r.Reason + "\n")
	}
	for _, f := range r.Findings {
		b.WriteString("- " + f.Rule + "\n")
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
