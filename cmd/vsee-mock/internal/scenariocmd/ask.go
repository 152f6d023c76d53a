package scenariocmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// ask asks a person for the values missing from the flags. It asks again after a wrong answer, and shows what is
// allowed.
func (n *newCmd) ask(from io.Reader, to io.Writer) error {
	lines := bufio.NewScanner(from)
	for _, question := range []struct {
		text   string
		needed bool
		answer func(said string)
		check  func(said string) error
		show   func(io.Writer) error // the allowed answers; nil for any text
	}{
		{"The title, as one sentence?", n.Title == "", func(s string) { n.Title = s }, n.checkTitle, nil},
		{
			"Which subscriber number gets it, or which pattern with *?",
			len(n.SubscriberNum)+len(n.CarrierCode) == 0 && n.Card+n.When == "",
			func(s string) { n.SubscriberNum = []string{s} },
			func(said string) error { return probe(newCmd{SubscriberNum: []string{said}, Answer: []string{silent}}) }, nil,
		},
		{
			"Which answer: a text, its code, or silent?", len(n.Answer)+len(n.Chance) == 0 && n.Visit == "",
			func(s string) { n.Answer = []string{s} },
			func(said string) error { return probe(newCmd{Card: "primary", Answer: []string{said}}) },
			func(w io.Writer) error {
				_, _ = fmt.Fprintf(w, "%s never answers; these are the codes and the texts:\n", silent)
				return printTexts(w)
			},
		},
	} {
		for question.needed {
			_, _ = fmt.Fprint(to, question.text, " ")
			if !lines.Scan() {
				return command.Usage(errors.New("nothing is written, because an answer is missing"))
			}
			said := strings.TrimSpace(lines.Text())
			wrong := question.check(said)
			if wrong == nil {
				question.answer(said)
				break
			}
			if said != "" {
				_, _ = fmt.Fprintln(to, output.Plain(wrong.Error()))
			}
			if question.show != nil {
				if err := question.show(to); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkTitle returns why a title cannot be used.
func (n *newCmd) checkTitle(said string) error {
	out, err := (&newCmd{Title: said, Out: n.Out}).out()
	if err != nil {
		return errors.New("the title needs a letter or a digit: the file is named after it")
	}
	if _, err := os.Lstat(out); err == nil && n.Out == "" {
		return fmt.Errorf("%s exists already: choose another title, or a file with --out", out)
	}
	return probe(newCmd{Title: said, Card: "primary", Answer: []string{silent}})
}

// probe returns why the scenario of some flags does not load, without a place. Its title may be missing.
func probe(n newCmd) error {
	if n.Title == "" {
		n.Title = "T"
	}
	_, err := n.text("t.yaml")
	if p, ok := errors.AsType[*scenarios.Problem](err); ok {
		return errors.New(strings.TrimSuffix(p.Rule+"; "+p.Hint, "; "))
	}
	return err
}
