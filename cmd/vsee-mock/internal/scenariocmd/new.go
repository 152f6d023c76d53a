package scenariocmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// newCmd is `vsee-mock scenarios new`.
type newCmd struct {
	Title         string           `help:"The patient's view, in one sentence."`
	SubscriberNum []string         `sep:"none" placeholder:"TEXT" help:"Number or pattern (* and ?); can be repeated."`
	CarrierCode   []string         `sep:"none" placeholder:"TEXT" help:"Carrier code, likewise."`
	Card          string           `placeholder:"CARD" help:"primary or secondary (either)."`
	When          string           `placeholder:"YAML" help:"More fields of when, such as 'gender: female, age: 65..'."`
	Answer        []string         `sep:"none" placeholder:"TEXT" help:"Text, code, silent, or fields in braces; repeat it for the next check."`
	Undocumented  bool             `help:"The answer is a text that VSee does not list."`
	Chance        []string         `sep:"none" placeholder:"PERCENT=TEXT" help:"Answer by chance, such as 80=Success; repeat it up to 100 percent."`
	After         *scenarios.Range `placeholder:"SPAN" help:"Time from the start of a check to its answer: 10m, or 5s..20s."`
	CronDelay     *scenarios.Range `placeholder:"SPAN" help:"Duration of a check in the scenario's clinic: 20s, or 8s..15s."`
	Visit         string           `placeholder:"YAML" help:"Course of visits: completed, unanswered, left, cancelled, missed, or fields."`
	Label         []string         `sep:"none" placeholder:"TEXT" help:"Label for lists; can be repeated."`
	Webhook       string           `placeholder:"YAML" help:"Misbehaviour of events, such as 'duplicate: 2'."`
	With          []string         `sep:"none" placeholder:"YAML" help:"One more key of the file, such as 'claim: denied'; can be repeated."`
	Out           string           `placeholder:"FILE" help:"File to write (named after the title)."`
}

// Run writes the file, and fails if it exists.
func (n *newCmd) Run(a *command.App) error {
	if a.Person != nil {
		if err := n.ask(a.Person, a.Stdout); err != nil {
			return err
		}
	}
	if missing := n.missing(); len(missing) > 0 {
		return command.Usage(fmt.Errorf("missing flags: %s", strings.Join(missing, ", ")))
	}
	answers := func(text string) bool { return text != silent }
	if n.After != nil && len(n.Chance) == 0 && !slices.ContainsFunc(n.Answer, answers) {
		return command.Usage(errors.New("--after needs an answer, and silent is none: leave out --after or --answer silent"))
	}
	out, err := n.out()
	if err != nil {
		return command.Usage(err)
	}
	text, err := n.text(out)
	if err != nil {
		return command.Usage(err)
	}
	if err := create(out, text); err != nil {
		return err
	}
	printWritten(a.Stdout, out, string(text))
	return nil
}

// printWritten prints a new scenario file and the command that uses it.
func printWritten(w io.Writer, file, text string) {
	_, _ = fmt.Fprintf(w, "Wrote %s:\n\n%s\nTo use it: vsee-mock serve --scenarios %s\n", file, text, filepath.Dir(file))
}

// missing returns the required flags not given.
func (n *newCmd) missing() []string {
	var names []string
	for _, flag := range []struct {
		name string
		said bool
	}{
		{"--title=STRING", n.Title != ""},
		{"--subscriber-num=TEXT", len(n.SubscriberNum) > 0 || len(n.CarrierCode) > 0 || n.Card != "" || n.When != ""},
		{"--answer=TEXT", len(n.Answer)+len(n.Chance) > 0 || n.Visit != ""},
	} {
		if !flag.said {
			names = append(names, flag.name)
		}
	}
	return names
}

// out returns the name of the file to write.
func (n *newCmd) out() (string, error) {
	if n.Out != "" {
		if filepath.Ext(n.Out) != ".yaml" {
			return "", errors.New("--out must end in .yaml")
		}
		return n.Out, nil
	}
	name := slug(n.Title)
	if name == "" {
		return "", errors.New("--title has no letter or digit for the name of a file: name it with --out")
	}
	return name + ".yaml", nil
}

// maxSlug is the maximum length of a name made from a title.
const maxSlug = 60

// slug makes a name from the words of a title.
func slug(title string) string {
	title = strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(title))
	words := strings.FieldsFunc(title, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	name := ""
	for _, word := range words {
		if name != "" && len(name)+1+len(word) > maxSlug {
			break
		}
		name += "-" + word
		name = strings.TrimPrefix(name, "-")
	}
	return name[:min(len(name), maxSlug)]
}

// silent means no answer ever.
const silent = "silent"

// text returns the file in the style of one written by hand. The error comes from loading it.
func (n *newCmd) text(out string) ([]byte, error) {
	for flag, values := range map[string][]string{
		"subscriber-num": n.SubscriberNum, "carrier-code": n.CarrierCode, "answer": n.Answer, "label": n.Label,
		"with": n.With,
	} {
		for _, typed := range values {
			if err := scenarios.CheckTyped(typed); err != nil {
				return nil, fmt.Errorf("--%s: %w", flag, err)
			}
		}
	}
	s := scenarios.Scenario{
		ID: strings.TrimSuffix(filepath.Base(out), ".yaml"), Title: n.Title, Labels: n.Label,
		Clinic: scenarios.Clinic{CronDelay: n.CronDelay},
	}
	if n.When != "" {
		with, err := scenarios.Load(filepath.Base(out), []byte("title: T\nanswer: Success\nwhen: {"+n.When+"}\n"))
		if err != nil {
			return nil, err
		}
		s.When = with.When
	}
	for _, field := range []struct {
		to   *scenarios.Match
		said scenarios.Match
	}{{&s.When.SubscriberNum, n.SubscriberNum}, {&s.When.CarrierCode, n.CarrierCode}, {&s.When.Card, n.cards()}} {
		if len(field.said) > 0 {
			*field.to = field.said
		}
	}
	for _, text := range n.Answer {
		answer, err := n.answer(text)
		if err != nil {
			return nil, err
		}
		s.Answers.Both = append(s.Answers.Both, answer)
	}
	if chance, err := n.chance(); err != nil {
		return nil, err
	} else if len(chance) > 0 {
		s.Answers.Both = append(s.Answers.Both, scenarios.Answer{Chance: chance})
	}
	if n.Visit != "" {
		with, err := scenarios.Load(filepath.Base(out), []byte("title: T\nwhen: {nth: 1}\nvisit: "+n.Visit+"\n"))
		if err != nil {
			return nil, err
		}
		s.Visit = with.Visit
	}
	text, err := scenarios.Write(s)
	with := n.With
	if n.Webhook != "" {
		with = append(with, "webhook: {"+n.Webhook+"}")
	}
	if err == nil && len(with) > 0 {
		text = append(text, strings.Join(with, "\n")+"\n"...)
		if s, err = scenarios.Load(filepath.Base(out), text); err == nil {
			text, err = scenarios.Write(s)
		}
	}
	return append([]byte(schemaLine), text...), err
}

func (n *newCmd) cards() scenarios.Match {
	if n.Card == "" {
		return nil
	}
	return scenarios.Match{n.Card}
}

// answer returns the answer of a flag; the fields of one are in braces.
func (n *newCmd) answer(text string) (scenarios.Answer, error) {
	switch {
	case text == silent:
		return scenarios.Answer{Silent: true}, nil
	case strings.HasPrefix(text, "{"):
		with, err := scenarios.Load("answer.yaml", []byte("title: T\nwhen: {nth: 1}\nanswer: "+text+"\n"))
		if err != nil {
			return scenarios.Answer{}, err
		}
		return with.Answers.Both[0], nil
	}
	return scenarios.Answer{Text: text, After: n.After, Undocumented: n.Undocumented && !scenarios.IsText(text)}, nil
}

// chance returns the answers by chance.
func (n *newCmd) chance() ([]scenarios.Chance, error) {
	var all []scenarios.Chance
	for _, one := range n.Chance {
		percent, text, found := strings.Cut(one, "=")
		count, err := strconv.Atoi(percent)
		if !found || err != nil {
			return nil, errors.New("--chance must be a percentage and an answer, such as 80=Success")
		}
		answer, err := n.answer(text)
		if err != nil {
			return nil, err
		}
		all = append(all, scenarios.Chance{Percent: count, Answer: answer})
	}
	return all, nil
}

// schemaLine tells editors the schema of the language.
const schemaLine = "# yaml-language-server: $schema=" + scenarios.SchemaURL + "\n"

// create writes a new file, and fails for an existing one.
func create(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // the user chooses the file
	if errors.Is(err, fs.ErrExist) {
		return command.Usage(fmt.Errorf("%s exists already: choose another name with --out", name))
	}
	if err != nil {
		return fmt.Errorf("writing a scenario: %w", err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing a scenario: %w", err)
	}
	return nil
}
