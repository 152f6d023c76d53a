package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Review is the result of looking at files meant for use together.
type Review struct {
	Set      Set        // the loadable scenarios, in the order of trial
	Problems []*Problem // errors
	Notes    []*Problem // no errors, but possibly not intended
	Warnings []*Problem // likewise, and probably not intended
}

// ReviewFiles loads the good files, and reports every error in each file and in all of them together. The order of
// trial is that of their paths. LoadDir and LoadFiles, in contrast, load all files or nothing.
func ReviewFiles(files []File) Review {
	r := review(files)
	r.Notes, r.Warnings = r.Set.Ties(), r.Set.Warnings()
	return r
}

func review(files []File) Review {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(a.path(), b.path()) })
	var r Review
	set := Set{}
	for _, file := range files {
		file.Path = file.path()
		p := file.Problem()
		if p == nil {
			p = nameProblem(file.Name, file.Path)
		}
		if p != nil {
			r.Problems = append(r.Problems, p)
			continue
		}
		s, err := load(file)
		switch last := len(set) - 1; {
		case err != nil:
			r.Problems = append(r.Problems, problemsOf(err)...)
		case last >= 0 && set[last].ID == s.ID:
			r.Problems = append(r.Problems, &Problem{
				File: file.Name, Rule: fmt.Sprintf("%s has the id %s, too", set[last].File, s.ID), Hint: "rename one of the two",
			})
		default:
			set = append(set, s)
		}
	}
	hidden, kept := set.neverAnswering()
	r.Problems, r.Set = append(r.Problems, hidden...), kept
	return r
}

// problemsOf returns the problems that an error of Load joins.
func problemsOf(err error) []*Problem {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Problem
		for _, one := range joined.Unwrap() {
			all = append(all, problemsOf(one)...)
		}
		return all
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		return []*Problem{p}
	}
	return nil
}

// FaultyFiles returns how many of the files something is wrong with.
func (r Review) FaultyFiles() int {
	files := map[string]bool{}
	for _, p := range r.Problems {
		files[p.File] = true
	}
	return len(files)
}
