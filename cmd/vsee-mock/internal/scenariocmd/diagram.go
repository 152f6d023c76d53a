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
func diagram(w io.Writer, s scenarios.Scenario, in scenarios.Setting) {
	moments := s.Timeline(in)
	_, _ = fmt.Fprintf(w, "sequenceDiagram\n    title %s\n", inTitle.Replace(output.Plain(s.Title)))
	for _, who := range []scenarios.Actor{scenarios.Client, scenarios.Mock, scenarios.Insurer, scenarios.Receiver} {
		if slices.ContainsFunc(moments, func(m scenarios.Moment) bool { return m.Who == who || m.Whom == who }) {
			_, _ = fmt.Fprintf(w, "    participant %s\n", who)
		}
	}
	for _, m := range moments {
		text := inMessage.Replace(output.Plain(m.When() + ": " + m.What))
		switch {
		case m.Whom == "":
			_, _ = fmt.Fprintf(w, "    Note over %s: %s\n", m.Who, text)
		case m.Who == scenarios.Mock && m.Whom == scenarios.Client:
			_, _ = fmt.Fprintf(w, "    %s-->>%s: %s\n", m.Who, m.Whom, text)
		default:
			_, _ = fmt.Fprintf(w, "    %s->>%s: %s\n", m.Who, m.Whom, text)
		}
	}
	if len(s.ClaimSteps()) > 0 {
		_, _ = fmt.Fprintf(w, "    Note over %s: %s\n", scenarios.Mock, claimsAreOurs)
	}
}

// Replacements for the characters that end a statement in Mermaid: a message can have them as numeric entities, a
// title cannot have them at all.
var (
	inMessage = strings.NewReplacer(";", "#59;", "#", "#35;")
	inTitle   = strings.NewReplacer(";", ",", "#", "")
)
