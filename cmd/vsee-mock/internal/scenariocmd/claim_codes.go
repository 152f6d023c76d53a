package scenariocmd

import (
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimCodes prints the codes in replies to claims. The industry's own texts for them are licensed.
func claimCodes(w io.Writer) error {
	for _, list := range []struct {
		title string
		codes []scenarios.ClaimCode
	}{
		{"Claim status categories (277CA), A3 to A8 before : in status", scenarios.StatusCategories()},
		{"Claim status codes (277CA), after : in status", scenarios.StatusCodes()},
		{"Groups, before - in an adjustment's code", scenarios.AdjustmentGroups()},
		{"Claim adjustment reason codes (CARC), after - in an adjustment's code", scenarios.AdjustmentReasons()},
		{"Remittance advice remark codes (RARC), in remarks", scenarios.RemarkCodes()},
	} {
		_, _ = fmt.Fprintln(w, list.title)
		for _, c := range list.codes {
			_, _ = fmt.Fprintf(w, "  %-5s  %s\n", c.Code, c.Text)
		}
	}
	_, err := fmt.Fprintln(w, "The texts are vsee-mock's own; others of these codes can be written, too, and have no text. VSee has not defined claims.")
	return err
}
