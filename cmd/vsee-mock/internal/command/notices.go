package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Notices prints lines about the command itself, beside its output and its log. They are JSON when the log is JSON, so
// programs can parse every line. The log's level does not apply to them.
type Notices struct {
	W    io.Writer
	JSON bool
}

// Say prints one notice. It ignores errors of the writer, because a notice is a courtesy.
func (n Notices) Say(level slog.Level, text string, attrs ...any) {
	if !n.JSON {
		if level == slog.LevelWarn {
			text = "warning: " + text
		}
		_, _ = fmt.Fprintf(n.W, "vsee-mock: %s\n", text)
		return
	}
	slog.New(slog.NewJSONHandler(n.W, nil)).Log(context.Background(), level, text, attrs...)
}

// IsJSON reports whether a command line, or the environment, asks for a mock with a JSON log. It runs before the
// command line is parsed, because an error of the parser is a line of the log too.
func IsJSON(args, environ []string, model func() *kong.Application) bool {
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
	isFirst := func(n *kong.Node) bool { return n.Name == args[0] }
	return format == "json" && // and it is no other command, without a log
		(len(args) == 0 || args[0] == "serve" || !slices.ContainsFunc(model().Children, isFirst))
}
