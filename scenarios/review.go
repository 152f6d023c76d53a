package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
)

// Review is the result of looking at files meant for use together.
type Review struct {
	Set      Set        // the loadable scenarios, in the order of trial
	Problems []*Problem // errors
	Notes    []*Problem // no errors, but possibly not intended
	Warnings []*Problem // likewise, and probably not intended
}

// ReviewFiles loads files and reports every error in each and in all of them together. LoadDir, in contrast, loads a
// whole
// folder or nothing. The order of trial is the order of their names, in whatever folder they are.
func ReviewFiles(files []File) Review {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(path.Base(a.Name), path.Base(b.Name)) })
	var r Review
	for _, file := range files {
		p := nameProblem(file.Name)
		if p == nil {
			p = file.Problem()
		}
		if p != nil {
			r.Problems = append(r.Problems, p)
			continue
		}
		s, err := Load(file.Name, file.Data)
		switch {
		case errors.As(err, &p):
			r.Problems = append(r.Problems, p)
			continue
		case len(r.Set) > 0 && r.Set[len(r.Set)-1].ID == s.ID:
			r.Problems = append(r.Problems, &Problem{
				File: file.Name, Rule: fmt.Sprintf("%s has the id %s, too", r.Set[len(r.Set)-1].File,
					s.ID), Hint: "rename one of the two",
			})
			continue
		}
		r.Set = append(r.Set, s)
	}
	r.Problems = append(r.Problems, r.Set.neverAnswering()...)
	r.Notes, r.Warnings = r.Set.Ties(), r.Set.Warnings()
	return r
}

// FaultyFiles returns how many of the files something is wrong with.
func (r Review) FaultyFiles() int {
	files := map[string]bool{}
	for _, p := range r.Problems {
		files[p.File] = true
	}
	return len(files)
}
