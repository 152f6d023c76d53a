package scenariocmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// ask asks a person for the values missing from the flags.
func (n *newCmd) ask(from io.Reader, to io.Writer) error {
	lines := bufio.NewScanner(from)
	for _, question := range []struct {
		text   string
		needed bool
		answer func(string)
	}{
		{"What does the patient or the integrator see, in one sentence?", n.Title == "", func(s string) { n.Title = s }},
		{
			"Which subscriber number invokes it?", len(n.SubscriberNum)+len(n.CarrierCode) == 0 && n.Card == "",
			func(s string) { n.SubscriberNum = []string{s} },
		},
		{"What is answered: a text, its code, or silent?", len(n.Answer) == 0, func(s string) { n.Answer = []string{s} }},
	} {
		if !question.needed {
			continue
		}
		said := ""
		for said == "" {
			_, _ = fmt.Fprint(to, question.text, " ")
			if !lines.Scan() {
				return command.Usage(errors.New("nothing is written: not everything was answered"))
			}
			said = strings.TrimSpace(lines.Text())
		}
		question.answer(said)
	}
	return nil
}
