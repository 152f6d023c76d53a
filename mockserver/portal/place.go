package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/vseehost"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// place is a page that VSee's clients redirect to, as far as a mock has it: the people of a visit, and their place.
type place struct {
	Title string
	Facts []fact
	Lines []string // such as the waiting patients; nil for no list
	Path  string   // the path of VSee's page
	user
}

type fact struct{ Name, Value string }

// places are the paths of these pages below the portal's prefix, with the page of each. A * is one segment.
func (p *Portal) places() map[string]func(r *http.Request, s session, name string) (place, error) {
	return map[string]func(*http.Request, session, string) (place, error){
		"/visits/start/*":        p.visitPage,
		"/u/*":                   p.waitingRoom,
		"/members/appointment/*": p.visitPage,
		"/providers/patient/*":   p.patientPage,
		"/providers/dashboard":   p.dashboard,
	}
}

// appointments is the path of the page that a link opens without a sign-on (documented).
const appointments = "/members/appointment/*"

// placeOf returns the pattern of the place at a path, and the name of the thing in it; "" for no place.
func (p *Portal) placeOf(rest string) (pattern, name string) {
	rest = strings.TrimSuffix(rest, "/")
	head, last := rest[:strings.LastIndexByte(rest, '/')+1], rest[strings.LastIndexByte(rest, '/')+1:]
	for _, at := range [][2]string{{rest, ""}, {head + "*", last}} {
		if _, is := p.places()[at[0]]; is {
			return at[0], at[1]
		}
	}
	return "", ""
}

// showPlace answers with a place: by the link's token for an appointment, else by the browser's sign-on.
func (p *Portal) showPlace(r *http.Request, pattern, name string) answer {
	link := r.URL.Query().Get("token")
	if pattern == appointments && link != "" {
		return p.linkedAppointment(r, name, link)
	}
	s, problem := p.signedOnSession(r)
	if problem != "" {
		a := refusalAnswer(http.StatusUnauthorized, problem)
		a.clinic = s.clinic
		return a
	}
	page, err := p.places()[pattern](r, s, name)
	return p.placeAnswer(r, s.clinic, s.user, page, err)
}

func (p *Portal) placeAnswer(r *http.Request, one *clinic.Clinic, who user, page place, err error) answer {
	var refused *clinic.Error
	switch {
	case errors.As(err, &refused):
		status := http.StatusForbidden
		if refused.Kind == clinic.NotFound {
			status = http.StatusNotFound
		}
		a := refusalAnswer(status, refused.Message)
		a.clinic = one
		return a
	case err != nil:
		p.Log.Error("the portal could not read a page's data", "error", err)
		return refusalAnswer(http.StatusInternalServerError, "the page could not be read: see the mock's log")
	}
	page.user, page.Path = who, r.URL.EscapedPath()
	return answer{clinic: one, status: http.StatusOK, page: page}
}

// linkedAppointment shows an appointment to the holder of its link. The clinic is that of the host, else any with this
// appointment and link.
func (p *Portal) linkedAppointment(r *http.Request, id, link string) answer {
	account, _ := vseehost.Account(r.Host)
	for _, one := range p.Clinics.Clinics() {
		if account != "" && one.Account() != account {
			continue
		}
		if visit, err := one.LinkedVisit(r.Context(), id, link); err == nil {
			return p.placeAnswer(r, one, user{}, visitPlace(visit), nil)
		}
	}
	return refusalAnswer(http.StatusForbidden,
		"this link opens no appointment: it needs the id of the appointment and token, its one_time_link_token")
}

func (p *Portal) visitPage(r *http.Request, s session, id string) (place, error) {
	visit, err := s.clinic.Visit(r.Context(), s.token, id)
	return visitPlace(visit), err
}

// visitPlace describes a visit.
func visitPlace(v clinic.Visit) place {
	provider := "none"
	if v.HasProvider() {
		provider = v.Provider.FullName()
	}
	facts := []fact{
		{"Patient", v.Member.FullName()}, {"Provider", provider}, {"Room", v.Room.Name}, {"Status", v.Status.Word()},
		{"Visit id", v.ID}, {"Planned", day(v.Start) + " to " + day(v.End)},
	}
	for _, at := range []struct {
		name string
		at   time.Time
	}{{"Started", v.ActualStart}, {"Ended", v.ActualEnd}} {
		if !at.at.IsZero() {
			facts = append(facts, fact{at.name, day(at.at)})
		}
	}
	return place{Title: visitTitle(v), Facts: facts}
}

func visitTitle(v clinic.Visit) string {
	with := ""
	if v.HasProvider() {
		with = " with " + v.Provider.FullName()
	}
	switch v.Status {
	case visits.Pending:
		return fmt.Sprintf("%s waits in %s", v.Member.FullName(), v.Room.Name)
	case visits.Confirmed:
		return v.Member.FullName() + " has an appointment" + with
	case visits.InProgress:
		return v.Member.FullName() + " is in a call" + with
	case visits.Completed, visits.Cancelled, visits.Refunded:
	}
	return fmt.Sprintf("The visit of %s is %s", v.Member.FullName(), v.Status.Word())
}

func day(at time.Time) string { return at.UTC().Format("2 January 2006, 15:04 UTC") }

// waitingRoom shows the waiting patients of a room, as far as the signed-on user may see them. The room "clinic" is the
// clinic's first room.
func (p *Portal) waitingRoom(r *http.Request, s session, slug string) (place, error) {
	room, _, err := s.clinic.Room(r.Context(), slug)
	if err != nil && slug == "clinic" {
		if all, listed := s.clinic.Rooms(r.Context()); listed == nil && len(all) > 0 {
			room, err = all[0], nil
		}
	}
	if err != nil {
		return place{}, err
	}
	lines, err := p.waiting(r.Context(), s, room.Code)
	return place{
		Title: "Waiting room " + room.Name, Lines: lines,
		Facts: []fact{{"Room code", room.Code}, {"You may see", fmt.Sprint(len(lines), " waiting")}},
	}, err
}

// waiting returns a line for each waiting patient visible to the signed-on user, in any room for the code "".
func (p *Portal) waiting(ctx context.Context, s session, room string) ([]string, error) {
	search := clinic.VisitSearch{Statuses: []int{int(visits.Pending)}, Sort: clinic.SortVisitStart, Ascending: true}
	if room != "" {
		search.Rooms = []string{room}
	}
	found, _, err := s.clinic.Visits(ctx, s.token, search)
	lines := []string{}
	for _, v := range found {
		lines = append(lines, fmt.Sprintf("%s waits since %s (visit %s)", v.Member.FullName(), day(v.Start), v.ID))
	}
	return lines, err
}

func (p *Portal) dashboard(r *http.Request, s session, _ string) (place, error) {
	lines, err := p.waiting(r.Context(), s, "")
	return place{Title: "Dashboard of " + s.user.Name, Lines: lines}, err
}

// patientPage shows a patient to a provider, or to the patient.
func (p *Portal) patientPage(r *http.Request, s session, id string) (place, error) {
	patient, err := s.clinic.Patient(r.Context(), s.token, id)
	if err != nil {
		return place{}, err
	}
	found, _, err := s.clinic.Visits(r.Context(), s.token, clinic.VisitSearch{Members: []string{id}})
	lines := []string{}
	for _, v := range found {
		lines = append(lines, fmt.Sprintf("Visit %s of %s is %s", v.ID, day(v.Start), v.Status.Word()))
	}
	facts := []fact{{"User id", patient.ID}, {"Code", patient.Code}}
	if patient.DOB != "" {
		facts = append(facts, fact{"Birth date", patient.DOB})
	}
	return place{Title: patient.FullName(), Lines: lines, Facts: facts}, err
}
