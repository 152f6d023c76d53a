package report

import (
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// findingGroup holds equal findings of several requirements. Findings of several operations are equal if they have the
// same text and the same line of openapi.yaml: a change of a shared schema is one group.
type findingGroup struct {
	Text   string   // one sentence
	Line   int      // in openapi.yaml; 0 for none
	Places []string // distinct places in replies
	IDs    []string // the requirements with the finding
}

// groupFindings groups the findings of the red requirements, the group with most requirements first. All items of an
// array count as one place.
func groupFindings(run result.Run) []findingGroup {
	var all []findingGroup
	for _, r := range withState(run) {
		for _, f := range r.Findings {
			f.Pointer = ofAll(f.Pointer)
			text, where := findingText(f), replyPlace(f)
			i := slices.IndexFunc(all, func(s findingGroup) bool {
				return s.Text == text && s.Line == f.Line && (f.Line != 0 || slices.Equal(s.Places, []string{where}))
			})
			if i < 0 {
				i, all = len(all), append(all, findingGroup{Text: text, Line: f.Line})
			}
			if s := &all[i]; !slices.Contains(s.Places, where) {
				s.Places = append(s.Places, where)
			}
			if s := &all[i]; !slices.Contains(s.IDs, r.ID) {
				s.IDs = append(s.IDs, r.ID)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b findingGroup) int { return len(b.IDs) - len(a.IDs) })
	return all
}

// fewPlaces is the largest number of places shown for a group.
const fewPlaces = 5

// ShownPlaces returns the places of a group, at most fewPlaces and the number of the rest.
func (s findingGroup) ShownPlaces() []string {
	if more := len(s.Places) - fewPlaces; more > 0 {
		return append(slices.Clone(s.Places[:fewPlaces]), "and "+count(more, "more place"))
	}
	return s.Places
}

// placesLine returns ShownPlaces on one line, with the line of openapi.yaml.
func (s findingGroup) placesLine() string {
	text := strings.Join(s.ShownPlaces(), "; ")
	if s.Line == 0 {
		return text
	}
	return strings.TrimPrefix(text+", "+line(s.Line), ", ")
}
