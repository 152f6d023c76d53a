// Package docrun runs the console blocks of Markdown pages, so that readers get the output shown on the page. It is for
// tests. It needs no shell and no curl: it reads the small part of the shell language used by the pages, and implements
// the few flags of curl itself.
//
// A block of the language `console` has commands, each after "$ ", and below a command the start of its output. In the
// output, "..." or "…" stands for any text on its line; alone on a line it stands for any number of lines. Ids,
// tokens and times differ from run to run: where a page has one, any other of the same form matches, and later commands
// of the page use the run's value for the page's. "# the value of data.token.token" behind an assignment takes it from
// the last reply. A YAML or JSON block below a comment <!-- file: NAME --> is written to that file first.
package docrun

import (
	"regexp"
	"strings"
)

// Step is one command of a page with the shown part of its output, or a file written by the page.
type Step struct {
	Line    int      // of the page, counted from 1
	Command string   // with line continuations joined; "" for a file
	Output  []string // lines shown below the command
	File    string   // the name of a file that Text is written to; "" for a command
	Text    string
}

var fileComment = regexp.MustCompile(`^<!-- file: ([\w./-]+) -->$`)

// Steps returns the commands and files of a page, in order.
func Steps(page string) []Step {
	var steps []Step
	lines := strings.Split(page, "\n")
	file := ""
	for i := 0; i < len(lines); i++ {
		if found := fileComment.FindStringSubmatch(lines[i]); found != nil {
			file = found[1]
			continue
		}
		language, opens := strings.CutPrefix(lines[i], "```")
		if !opens {
			continue
		}
		start := i + 1
		for i = start; i < len(lines) && lines[i] != "```"; {
			i++
		}
		switch block := lines[start:min(i, len(lines))]; {
		case file != "":
			steps = append(steps, Step{Line: start, File: file, Text: strings.Join(block, "\n") + "\n"})
		case language == "console":
			steps = append(steps, commands(block, start+1)...)
		}
		file = ""
	}
	return steps
}

// commands returns the commands of a console block. line is the line of the page where the block begins.
func commands(block []string, line int) []Step {
	var steps []Step
	for i := 0; i < len(block); i++ {
		command, is := strings.CutPrefix(block[i], "$ ")
		if !is {
			if n := len(steps); n > 0 {
				steps[n-1].Output = append(steps[n-1].Output, block[i])
			}
			continue
		}
		step := Step{Line: line + i}
		for i+1 < len(block) && (strings.HasSuffix(command, `\`) || openQuote(command)) {
			i++
			command = strings.TrimSuffix(command, `\`) + "\n" + block[i]
		}
		step.Command = command
		steps = append(steps, step)
	}
	for i := range steps { // a blank line between two commands is not output
		for n := len(steps[i].Output); n > 0 && steps[i].Output[n-1] == ""; n-- {
			steps[i].Output = steps[i].Output[:n-1]
		}
	}
	return steps
}

// openQuote reports whether a quotation in a command continues on the next line.
func openQuote(command string) bool {
	var quote rune
	for _, r := range command {
		switch {
		case quote == r:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		}
	}
	return quote != 0
}
