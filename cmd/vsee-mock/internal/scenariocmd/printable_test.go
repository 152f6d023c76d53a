package scenariocmd

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
)

// A scenario file from elsewhere may be dangerous as well.
func TestScenariosArePrintedWithNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{
		"own.yaml": "title: \"\u009b31m\u202e\"\nwhen: {nth: 1}\nanswer: Success\n",
	})
	wrong := cmdtest.Folder(t, map[string]string{"own.yaml": "title: \u009b31m\u202e\nwehn: {nth: 1}\n"})
	for _, line := range []string{
		"list --scenarios " + dir, "list --json --scenarios " + dir, "show own --scenarios " +
			dir, "explain own --scenarios " + dir,
		"explain --mermaid own --scenarios " + dir, "validate " + wrong, "validate --json " + wrong, "list --scenarios " +
			wrong,
	} {
		_, stdout, stderr := run(t, append([]string{"scenarios"}, strings.Fields(line)...)...)
		cmdtest.ShowsNothingHostile(t, line, stdout+stderr)
	}
}
