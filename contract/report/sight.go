package report

import (
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// sight is one thing that was found, in however many requirements. What several operations have of one line of
// openapi.yaml, and differs in one way, is one thing.
type sight struct {
	What   string // a sentence
	Line   int    // of openapi.yaml; 0 when it is about none
	Places []string
	IDs    []string // of the requirements
}

// sights returns what was found in requirements that are wrong, each thing once: what most of them have met first. An
// item of an array stands for all.
func sights(run result.Run) []sight {
	var all []sight
	for _, r := range in(run) {
		for _, f := range r.Findings {
			f.Pointer = ofAll(f.Pointer)
			what, where := words(f), seen(f)
			i := slices.IndexFunc(all, func(s sight) bool {
				return s.What == what && s.Line == f.Line && (f.Line != 0 || slices.Equal(s.Places, []string{where}))
			})
			if i < 0 {
				i, all = len(all), append(all, sight{What: what, Line: f.Line})
			}
			if s := &all[i]; !slices.Contains(s.Places, where) {
				s.Places = append(s.Places, where)
			}
			if s := &all[i]; !slices.Contains(s.IDs, r.ID) {
				s.IDs = append(s.IDs, r.ID)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b sight) int { return len(b.IDs) - len(a.IDs) })
	return all
}

// fewPlaces is how many places of one thing a line tells.
const fewPlaces = 5

// Where says where a thing was seen, place by place.
func (s sight) Where() []string {
	if more := len(s.Places) - fewPlaces; more > 0 {
		return append(slices.Clone(s.Places[:fewPlaces]), "and "+count(more, "more place"))
	}
	return s.Places
}

// where is Where on one line, with the line of openapi.yaml.
func (s sight) where() string {
	text := strings.Join(s.Where(), "; ")
	if s.Line == 0 {
		return text
	}
	return strings.TrimPrefix(text+", "+line(s.Line), ", ")
}
