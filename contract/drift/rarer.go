package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// isInEach reports whether a field was in each of the objects around it.
func isInEach(p result.Part, c *result.Coverage) bool {
	_, gap := c.Gaps[p]
	return c.Gaps != nil && !gap && p.Kind() == result.FieldPart
}

// rarer returns a line for each field that fewer of the objects around it have than before. openapi.yaml allows that,
// so the run before is the evidence:
//   - the field was in each object, and the run now has completed no other requirements;
//   - the requirements and the number of objects are the same, and a quarter of the fields is gone. With other numbers,
//     a check may have ended earlier or later.
func rarer(before, now report.File, changed []result.Key) []Line {
	if before.Coverage.Gaps == nil || alone(now, before) > 0 {
		return nil
	}
	var lines []Line
	same := alone(before, now) == 0
	for _, p := range now.Coverage.Seen {
		is, partly := now.Coverage.Gaps[p]
		was := before.Coverage.Gaps[p]
		switch {
		case !partly || explained(p, changed) || !slices.Contains(before.Coverage.Seen, p):
			continue
		case isInEach(p, before.Coverage):
			if strings.Contains(p.Pointer, "/*") && 10*is.Without < is.Of {
				continue // an item of a list may be of other people
			}
		case !same || is.Of != was.Of || 4*(is.Of-is.Without) > 3*(was.Of-was.Without):
			continue
		}
		lines = append(lines, Line{Verdict: Rarer, Class: result.Unclear, Text: fmt.Sprintf(
			"field %s is missing from %d of %d objects now, and was missing from %s before", p, is.Without, is.Of,
			map[bool]string{true: "none", false: fmt.Sprint(was.Without)}[was.Without == 0])})
	}
	return lines
}
