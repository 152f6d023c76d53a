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
		{"The title, as one sentence?", n.Title == "", func(s string) { n.Title = s }},
		{
			"Which subscriber number gets it?", len(n.SubscriberNum)+len(n.CarrierCode) == 0 && n.Card+n.When == "",
			func(s string) { n.SubscriberNum = []string{s} },
		},
		{"Which answer: a text, its code, or silent?", len(n.Answer)+len(n.Chance) == 0 && n.Visit == "",
			func(s string) { n.Answer = []string{s} }},
	} {
		if !question.needed {
			continue
		}
		said := ""
		for said == "" {
			_, _ = fmt.Fprint(to, question.text, " ")
			if !lines.Scan() {
				return command.Usage(errors.New("nothing is written, because an answer is missing"))
			}
			said = strings.TrimSpace(lines.Text())
		}
		question.answer(said)
	}
	return nil
}
