package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
)

// Review is what there is to say of files that are meant to be in force together.
type Review struct {
	Set      Set        // those that load, in the order in which they are tried
	Problems []*Problem // what is wrong
	Notes    []*Problem // what is not wrong, but may not be meant
}

// Look loads files and says all that is wrong with each and with them together, where LoadDir takes a folder or not.
// They are tried in the order of their names, whatever folder they are in.
func Look(files []File) Review {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(path.Base(a.Name), path.Base(b.Name)) })
	var r Review
	for _, file := range files {
		p := badName(file.Name)
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
				File: file.Name, Rule: fmt.Sprintf("%s has the id %s, too", r.Set[len(r.Set)-1].File, s.ID), Hint: "rename one of the two",
			})
			continue
		}
		r.Set = append(r.Set, s)
	}
	r.Problems = append(r.Problems, r.Set.shadowed()...)
	r.Notes = r.Set.Ties()
	return r
}

// Wrong returns how many of the files something is wrong with.
func (r Review) Wrong() int {
	files := map[string]bool{}
	for _, p := range r.Problems {
		files[p.File] = true
	}
	return len(files)
}
