// Package docrun runs the console blocks of Markdown pages, so that what a page shows is what a reader gets. It is for
// tests. It needs no shell and no curl: it reads the small part of a shell's language that the pages use, and speaks the
// few flags of curl itself.
//
// A block of the language `console` has commands, each after "$ ", and below a command the start of what it prints.
// In that, "..." or "…" stands for anything on its line, and a line of its own for any number of lines. Ids, tokens and
// times differ from run to run: where a page has one, any other of the same form is right, and later commands of the page
// that name the page's get the run's. "# the value of data.token.token" behind an assignment takes it from the last reply.
// A YAML or JSON block below a comment <!-- file: NAME --> is written to that file first.
package docrun

import (
	"regexp"
	"strings"
)

// Step is one command of a page and what it shows of the output, or a file that the page writes.
type Step struct {
	Line    int      // of the page, counted from 1
	Command string   // with line continuations joined; "" for a file
	Output  []string // lines that the page shows below the command
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

// commands returns the commands of a console block that begins at a line of its page.
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
	for i := range steps { // a blank line between two commands is no output
		for n := len(steps[i].Output); n > 0 && steps[i].Output[n-1] == ""; n-- {
			steps[i].Output = steps[i].Output[:n-1]
		}
	}
	return steps
}

// openQuote reports whether a quotation in a command goes on in the next line.
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
