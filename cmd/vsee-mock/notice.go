package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// notices says what a command has to say about itself, beside its output and its log: a line of text, or of JSON where
// the log is JSON too, so that whoever reads that can read every line. It does not go by the log's level.
type notices struct {
	w    io.Writer
	json bool
}

// say says something. A notice that does not arrive has nobody to miss it.
func (n notices) say(level slog.Level, text string, attrs ...any) {
	if !n.json {
		_, _ = fmt.Fprintf(n.w, "vsee-mock: %s\n", text)
		return
	}
	slog.New(slog.NewJSONHandler(n.w, nil)).Log(context.Background(), level, text, attrs...)
}

// isJSON reports whether a command line, or the environment, has the mock served with a log that is JSON. It is asked
// before the command line is parsed, for what is wrong with that is a line of the log as well.
func isJSON(args, environ []string, model *kong.Application) bool {
	if len(args) > 0 && args[0] != "serve" && slices.ContainsFunc(model.Children, func(n *kong.Node) bool { return n.Name == args[0] }) {
		return false // another command, which has no log
	}
	const flag, variable = "--log-format", "VSEE_MOCK_LOG_FORMAT="
	format := ""
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, variable); ok {
			format = value
		}
	}
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, flag+"="); ok {
			format = value
		} else if arg == flag && i+1 < len(args) {
			format = args[i+1]
		}
	}
	return format == "json"
}
