package scenariocmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// diagram prints the course of a scenario as a sequence diagram of Mermaid.
func diagram(w io.Writer, s scenarios.Scenario, lines []line) {
	_, _ = fmt.Fprintf(w, "sequenceDiagram\n    title %s\n", inTitle.Replace(output.Plain(s.Title)))
	for _, party := range []actor{client, mock, insurer, portal, receiver} {
		if slices.ContainsFunc(lines, func(l line) bool { return l.from == party || l.to == party }) {
			_, _ = fmt.Fprintf(w, "    participant %s\n", party)
		}
	}
	for _, l := range lines {
		text := inMessage.Replace(output.Plain(l.when() + ": " + l.text))
		switch {
		case l.to == none:
			_, _ = fmt.Fprintf(w, "    Note over %s: %s\n", l.from, text)
		case l.from == mock && l.to == client:
			_, _ = fmt.Fprintf(w, "    %s-->>%s: %s\n", l.from, l.to, text)
		default:
			_, _ = fmt.Fprintf(w, "    %s->>%s: %s\n", l.from, l.to, text)
		}
	}
	if s.Visit != nil {
		_, _ = fmt.Fprintf(w, "    Note over %s: %s\n", mock, visitsAreOurs)
	}
	if len(s.ClaimSteps()) > 0 {
		_, _ = fmt.Fprintf(w, "    Note over %s: %s\n", mock, claimsAreOurs)
	}
}

// Replacements for the characters that end a statement in Mermaid: a message can have them as numeric entities, a
// title cannot have them at all.
var (
	inMessage = strings.NewReplacer(";", "#59;", "#", "#35;")
	inTitle   = strings.NewReplacer(";", ",", "#", "")
)
