package command

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// plainWords are the words for errors of the parser that speak of Go's types.
var plainWords = []struct {
	of    *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`expected a valid \d+ bit uint but got .*`), "must be a whole number that is not negative"},
	{regexp.MustCompile(`expected a valid \d+ bit int but got .*`), "must be a whole number"},
	{regexp.MustCompile(`expected duration but got .*`), "must be a time span, such as 5s or 1m"},
	{regexp.MustCompile(`expected \w+ value but got .*; perhaps try`), "has no value, because a flag follows; try"},
}

// unexpected matches the error for an unknown command.
var unexpected = regexp.MustCompile(`^unexpected argument (\S+)$`)

// negative matches the error for an argument that begins with a minus sign, such as a time span.
var negative = regexp.MustCompile(`^unknown flag -[0-9]`)

// ExplainsNegative is a command with a remedy for a negative argument.
type ExplainsNegative interface{ ExplainNegative() string }

// otherCommands are commands of other programs, or parts of ours alone, and the command for the same purpose.
var otherCommands = map[string]string{
	"start": "serve", "run": "serve", "up": "serve", "advance": "clock advance", "validate": "scenarios validate",
	"send": "events send", "resend": "events resend", "remove": "delete", "rm": "delete", "add": "create", "new": "create",
}

// otherNames are flags of other servers, and ours for the same purpose.
var otherNames = map[string]string{
	"port": "listen", "host": "listen", "addr": "listen", "address": "listen", "bind": "listen", "url": "mock",
	"server": "mock", "base-url": "mock", "account": "clinic", "account-code": "clinic", "token": "control-token",
	"mock": "listen", "p": "listen", "v": "version",
}

// otherFlag matches the error for an unknown flag that resembles no known one. Any letter resembles -h.
var otherFlag = regexp.MustCompile(`^(unknown flag (?:--([a-z-]+)|-([a-z])))(?:, did you mean "-[a-z]"\?)?$`)

// explainFlag returns the remedy for an unknown flag; empty for none.
func explainFlag(text string, c *kong.Context) string {
	selected := c.Selected()
	if selected == nil {
		selected = c.Model.DefaultCmd
	}
	if selected == nil {
		return ""
	}
	if negative.MatchString(text) && selected.Target.CanAddr() {
		if command, ok := selected.Target.Addr().Interface().(ExplainsNegative); ok {
			return command.ExplainNegative()
		}
	}
	if sent := otherFlag.FindStringSubmatch(text); sent != nil {
		for _, flag := range slices.Concat(selected.Flags, c.Model.Flags) {
			if flag.Name == otherNames[sent[2]+sent[3]] {
				return strings.TrimSuffix(sent[1]+": use --"+flag.Name+", "+flag.Help, ", ")
			}
		}
	}
	return ""
}

// inPlainWords returns the text of the parser's error, with the command that was probably meant.
func inPlainWords(err *kong.ParseError) string {
	text := err.Error()
	for _, p := range plainWords {
		text = p.of.ReplaceAllString(text, p.words)
	}
	if err.Context != nil {
		if better := explainFlag(text, err.Context); better != "" {
			return better
		}
	}
	if sent := unexpected.FindStringSubmatch(text); sent != nil && err.Context != nil {
		if meant := cmp.Or(suggest.Name(sent[1], namesBeside(err.Context)), otherCommands[sent[1]]); meant != "" {
			text += ", did you mean " + meant + "?"
		}
	}
	return text
}

// namesBeside returns the names of the commands beside the selected one, which may be the default.
func namesBeside(c *kong.Context) []string {
	node := c.Model.Node
	if selected := c.Selected(); selected != nil && selected.Parent != nil {
		node = selected.Parent
	}
	var names []string
	for _, child := range node.Children {
		names = append(names, child.Name)
	}
	return names
}

// Moment is a time in the value of a flag or an argument.
type Moment struct{ time.Time }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Moment) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return errors.New("must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z")
	}
	m.Time = t
	return nil
}
