package mutant

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the score as a page, survivors first. The page has nothing in it that differs from run to
// run.
func (s Score) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# What the contract run sees\n\nThis file is written by `vsee-contract mutants --table`. A mutant is a server that is wrong in one way; "+
		"it is caught when those requirements fail that must, and no other.\n\nOf %d mutants %d are caught, %d %%. Survivors: %d.\n",
		len(s), s.Count(Caught), s.Percent(), s.Count(Survived))
	for _, part := range []struct {
		outcome     Outcome
		title, head string
	}{{Unclear, "Unclear", "what is wrong"}, {Survived, "Survivors", "why nothing fails"}, {Caught, "Caught", "by"}} {
		if s.Count(part.outcome) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| mutant | %s |\n| --- | --- |\n", part.title, part.head)
		for _, v := range s {
			if v.Outcome() == part.outcome {
				fmt.Fprintf(&b, "| %s | %s |\n", cell(v.Mutant.Name), cell(v.String()))
			}
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the score: %w", err)
	}
	return nil
}

// String describes the outcome for a mutant: the requirements that killed it, the reason for its survival, or the
// wrong failures and the missing ones.
func (v Verdict) String() string {
	switch v.Outcome() {
	case Caught:
		return strings.Join(v.Mutant.Caught, " ")
	case Survived:
		return cmp.Or(v.Mutant.Survives, fmt.Sprintf("nothing fails, of %d that were lied to", len(v.LiedTo)))
	case Unclear:
	}
	var parts []string
	for _, part := range []struct{ what, ids string }{
		{"the run broke: ", v.Broken}, {"did not fail: ", strings.Join(v.Missed(), " ")}, {"failed without being lied to: ", strings.Join(v.Astray(), " ")},
	} {
		if part.ids != "" {
			parts = append(parts, part.what+part.ids)
		}
	}
	return strings.Join(parts, "; ")
}

// cell escapes a text for a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "[", `\[`, "_", `\_`, "<", `\<`, "\n", " ").Replace(text)
}
