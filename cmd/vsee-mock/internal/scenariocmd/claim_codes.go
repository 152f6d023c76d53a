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
		{"Claim status categories (277CA): the first part of status, such as A7 in A7:562; A3 to A8 only",
			scenarios.StatusCategories()},
		{"Claim status codes (277CA): the second part of status, such as 562 in A7:562", scenarios.StatusCodes()},
		{"Adjustment groups: the first part of the code of an adjustment, such as CO in CO-97", scenarios.AdjustmentGroups()},
		{"Claim adjustment reason codes (CARC): the second part, such as 97 in CO-97", scenarios.AdjustmentReasons()},
		{"Remittance advice remark codes (RARC): the remarks of an adjustment", scenarios.RemarkCodes()},
	} {
		_, _ = fmt.Fprintln(w, list.title)
		for _, c := range list.codes {
			_, _ = fmt.Fprintf(w, "  %-5s  %s\n", c.Code, c.Text)
		}
	}
	_, err := fmt.Fprintln(w, "The texts are vsee-mock's own. Scenarios can also use the other codes of these lists, "+
		"without a text.\nVSee has not defined claims.")
	return err
}
