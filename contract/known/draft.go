package known

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// term is the time from the first to the last day of a drafted entry.
const term = 90 * 24 * time.Hour

// Draft writes an entry for each cause that makes a run red, as YAML. Load refuses the entries until a person has
// written the reason and the owner.
func Draft(w io.Writer, run result.Run) error {
	var b strings.Builder
	for _, c := range run.Red() {
		fmt.Fprintf(&b, "# %s\n- cause: {kind: %s, operation: %s, case: %s,\n          pointer: %s, expected: %s, got: %s}\n",
			printable.Line(c.Rule), quoted(c.Kind), quoted(c.Operation), quoted(c.Case),
			quoted(c.Pointer), quoted(c.Expected), quoted(c.Got))
		fmt.Fprintf(&b, "  targets: %s\n  reason: \"\"\n  owner: \"\"\n  since: %s\n  expires: %s\n",
			quoted(run.Target.Name), run.Started.Format(time.DateOnly), run.Started.Add(term).Format(time.DateOnly))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// quoted returns a text in quotation marks. The JSON of a text is YAML, too.
func quoted[T ~string](text T) string {
	quoted, _ := json.Marshal(text) // a text can always be encoded
	return string(quoted)
}
