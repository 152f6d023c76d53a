package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

const (
	// maxItems is the number of the stream's items on one timeline.
	maxItems = 400
	// maxStories is the number of its rows.
	maxStories = 100
	// maxAhead is the number of times ahead.
	maxAhead = 5
	// sameMoment is how far two things may be apart to stand in one column, on the clinic's clock.
	sameMoment = time.Second
)

// moment is a column of the timeline.
type moment struct {
	At    time.Time
	Gap   time.Duration // from the moment before; 0 for the first
	Ahead bool
	Day   bool // it is the first one of its day, on a timeline of several days
}

// story is a row of the timeline: one patient's marks by moments.
type story struct {
	Member, Name string
	Cells        [][]*mark
	newest       int
}

// timeline is the data of the front page.
type timeline struct {
	Moments []moment
	Days    bool // the moments are of several days
	Stories []*story
	More    int    // the number of rows left out
	Older   string // the address of the items before
	Newest  string // the address of the newest items, on a page of older ones
	Query   string
	Empty   bool
}

// timeline shows the latest changes of a clinic: a row for each patient, a column for each moment.
func (u *UI) timeline(c *call) (answer, error) {
	after := c.FormValue("after")
	page, err := c.client.ListChanges(c.Context(), c.account, controlapi.PageRequest{Limit: maxItems, After: after})
	if err != nil {
		return answer{}, err
	}
	users, err := c.client.ListUsers(c.Context(), c.account, controlapi.PageRequest{Limit: 1000})
	if err != nil {
		return answer{}, err
	}
	// An exchange comes into the stream when it ends. It stands where it began: before its own effects.
	began := func(i controlapi.StreamItem) time.Time {
		if i.Exchange != nil {
			return i.Exchange.RealAt
		}
		return i.RealAt
	}
	slices.Reverse(page.Data)
	slices.SortStableFunc(page.Data, func(a, b controlapi.StreamItem) int { return began(a).Compare(began(b)) })
	all := marks{call: c, ahead: map[string]*mark{}, events: map[string]*mark{}}
	for _, item := range page.Data {
		all.add(item)
	}
	t := timeline{Query: c.FormValue("q"), Empty: len(all.past) == 0 && after == ""}
	names := map[string]controlapi.User{}
	for _, user := range users.Data {
		names[user.ID] = user
	}
	shown := all.past
	if after == "" {
		shown = append(shown, soonest(all.ahead)...)
	} else {
		t.Newest = c.address("")
	}
	if page.Next != "" {
		t.Older = c.address("?after=" + page.Next)
	}
	t.fill(shown, names)
	return answer{view: "timeline", data: t}, nil
}

// soonest returns the marks ahead, in due order, up to maxAhead different times.
func soonest(ahead map[string]*mark) []*mark {
	var all []*mark
	for _, m := range ahead {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *mark) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.To, b.To)) })
	times := 0
	for i, m := range all {
		if i == 0 || m.At.Sub(all[i-1].At) >= sameMoment {
			times++
		}
		if times > maxAhead {
			return all[:i]
		}
	}
	return all
}

// fill lays the marks out in rows and columns.
func (t *timeline) fill(shown []*mark, users map[string]controlapi.User) {
	rows := map[string]*story{}
	for n, m := range t.matching(shown, users) {
		last := len(t.Moments) - 1
		if last < 0 || m.Ahead != t.Moments[last].Ahead || m.At.Sub(t.Moments[last].At) >= sameMoment {
			next := moment{At: m.At, Ahead: m.Ahead}
			if last >= 0 {
				next.Gap = max(0, m.At.Sub(t.Moments[last].At))
			}
			t.Moments = append(t.Moments, next)
			last++
		}
		row := rows[m.member]
		if row == nil {
			row = &story{Member: m.member, Name: users[m.member].FullName}
			rows[m.member] = row
			t.Stories = append(t.Stories, row)
		}
		row.grow(last + 1)
		row.Cells[last], row.newest = append(row.Cells[last], m), n
	}
	t.markDays()
	for _, row := range t.Stories {
		row.grow(len(t.Moments))
	}
	slices.SortFunc(t.Stories, func(a, b *story) int { return cmp.Compare(b.newest, a.newest) })
	if t.More = len(t.Stories) - maxStories; t.More > 0 {
		t.Stories = t.Stories[:maxStories]
	}
}

// markDays marks the first moment of each day, unless all are of one day.
func (t *timeline) markDays() {
	const day = 24 * time.Hour // the clock is in UTC
	for i, m := range t.Moments {
		t.Moments[i].Day = i == 0 || !m.At.Truncate(day).Equal(t.Moments[i-1].At.Truncate(day))
		t.Days = t.Days || i > 0 && t.Moments[i].Day
		if m.Gap >= 2*day {
			t.Moments[i].Gap = m.Gap.Truncate(time.Hour)
		}
	}
}

func (s *story) grow(cells int) {
	s.Cells = append(s.Cells, make([][]*mark, max(0, cells-len(s.Cells)))...)
}

// matching returns the marks of the patients that the query matches, by their data or by one of their marks.
func (t *timeline) matching(shown []*mark, users map[string]controlapi.User) []*mark {
	query := strings.ToLower(t.Query)
	matched := map[string]bool{}
	for _, m := range shown {
		user := users[m.member]
		text := strings.Join([]string{m.member, user.FullName, user.Code, user.Email, m.Kind, m.Label, m.Note}, " ")
		if strings.Contains(strings.ToLower(text), query) {
			matched[m.member] = true
		}
	}
	return slices.DeleteFunc(shown, func(m *mark) bool { return !matched[m.member] })
}
