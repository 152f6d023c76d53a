package clinic

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// VisitSearch selects visits, and a page of the result. One matching value of a filter is enough, and a filter without
// values matches every visit. VSee publishes no filter; all of this is ours.
type VisitSearch struct {
	Statuses, Kinds           []int
	Members, Providers, Rooms []string
	Upcoming                  *bool // whether the planned end is still to come
	Sort                      string
	Ascending                 bool
	Skip                      int
	Limit                     int // 0 for all
}

// The fields to sort visits by.
const (
	SortVisitStart   = "start"
	SortVisitCreated = "created"
	SortVisitID      = "id"
)

// Visits returns the visits visible to the owner of a token, the latest start first, and how many there are in all.
func (c *Clinic) Visits(ctx context.Context, token string, s VisitSearch) ([]Visit, int, error) {
	var total int
	found, err := view(ctx, c, func(v View) ([]Visit, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return nil, err
		}
		var matches []visits.Visit
		for _, visit := range v.Visits().Newest("", v.Visits().Len()) {
			if caller.mayUse(visit) && s.matches(visit, c) {
				matches = append(matches, visit)
			}
		}
		s.sort(matches)
		total = len(matches)
		matches = matches[min(s.Skip, total):]
		if s.Limit > 0 {
			matches = matches[:min(s.Limit, len(matches))]
		}
		found := make([]Visit, 0, len(matches))
		for _, visit := range matches {
			found = append(found, detailsOf(v, visit))
		}
		return found, nil
	})
	return found, total, err
}

func (s VisitSearch) matches(visit visits.Visit, c *Clinic) bool {
	return holds(s.Statuses, int(visit.Status)) && holds(s.Kinds, int(visit.Kind)) &&
		holds(s.Members, visit.MemberID) && holds(s.Providers, cmp.Or(visit.ProviderID, "0")) &&
		holds(s.Rooms, visit.RoomCode) && (s.Upcoming == nil || *s.Upcoming == visit.End.After(c.clock.Now()))
}

func holds[T comparable](values []T, one T) bool {
	return len(values) == 0 || slices.Contains(values, one)
}

// sort orders visits, which come newest first; equal ones stay in this order.
func (s VisitSearch) sort(found []visits.Visit) {
	compare := func(a, b visits.Visit) int {
		switch s.Sort {
		case SortVisitCreated:
			return a.Created.Compare(b.Created)
		case SortVisitID:
			return cmp.Compare(numberOf(a.ID), numberOf(b.ID))
		}
		return a.Start.Compare(b.Start)
	}
	slices.SortStableFunc(found, func(a, b visits.Visit) int {
		if s.Ascending {
			return compare(a, b)
		}
		return compare(b, a)
	})
}

func numberOf(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}
