package mutant

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Verdict is the outcome of a mutant.
type Verdict struct {
	Mutant   Mutant
	Killed   bool         // the run has a cause at its place
	Astray   []result.Key // the causes elsewhere
	Provoked bool         // a request or an event has met the deviation
}

// read reads the causes of a run, without the usual ones.
func (v *Verdict) read(run result.Run, usual map[string]bool) {
	v.Killed, v.Astray = false, nil
	for _, c := range run.Causes {
		switch {
		case usual[c.ID]:
		case v.Mutant.Of(c.Key):
			v.Killed = true
		case !v.Mutant.explains(c.Key):
			v.Astray = append(v.Astray, c.Key)
		}
	}
}

// Good reports whether a mutant was killed, and cleanly.
func (v Verdict) Good() bool { return v.Killed && len(v.Astray) == 0 }

// String describes the outcome.
func (v Verdict) String() string {
	switch {
	case v.Good():
		return "killed"
	case len(v.Astray) > 0:
		var causes []string
		for _, k := range v.Astray {
			of := cmp.Or(k.Operation, "no operation")
			causes = append(causes, fmt.Sprintf("%s %s %s %s %s %s", k.Kind, of, k.Case, k.Pointer, k.Expected, k.Got))
		}
		killed := map[bool]string{true: "killed", false: "survived"}[v.Killed]
		return killed + ", with causes elsewhere: " + strings.Join(causes, "; ")
	case !v.Provoked:
		return "survived: no request provokes it"
	}
	return "survived"
}

// Score is the list of verdicts, in the order of the mutants.
type Score []Verdict

// Good returns how many mutants were killed cleanly.
func (s Score) Good() int {
	n := 0
	for _, v := range s {
		if v.Good() {
			n++
		}
	}
	return n
}

// Percent is the percentage of mutants that were killed cleanly, rounded down; 0 for none.
func (s Score) Percent() int { return 100 * s.Good() / max(len(s), 1) }

// Markdown returns the table of the mutants that were not killed cleanly.
func (s Score) Markdown(mode Mode) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d mutants are killed cleanly, %d %%.\n\n", mode, s.Good(), len(s), s.Percent())
	b.WriteString("| mutant | deviation | outcome |\n| --- | --- | --- |\n")
	for _, v := range s {
		if !v.Good() {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(v.Mutant.Name), cell(v.Mutant.Sentence), cell(v.String()))
		}
	}
	return b.String()
}

// cell escapes a text for a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "[", `\[`, "_", `\_`, "<", `\<`, "\n", " ").Replace(text)
}
