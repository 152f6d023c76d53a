package api

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// userRow is a user in a list, in the order of the default keys. A field not asked for is nil, and so is an unset
// one.
type userRow struct {
	Email     *string `json:"email,omitempty"`
	ID        *string `json:"id,omitempty"`
	FullName  *string `json:"full_name,omitempty"`
	Username  *string `json:"username,omitempty"`
	FirstName *string `json:"first_name,omitempty"`
	LastName  *string `json:"last_name,omitempty"`
	LastLogin *int64  `json:"last_login,omitempty"`
	Type      *int    `json:"type,omitempty"`
	Subtype   *string `json:"subtype,omitempty"`
}

// defaultLimit is the number of rows in a page if the request does not set it.
const defaultLimit = 20

// searchUsers finds users of the clinic.
func searchUsers(ctx context.Context, c call) (any, error) {
	found, total, err := c.clinic.SearchUsers(ctx, c.token, searchOf(c.query))
	if err != nil {
		return nil, err
	}
	fields := c.query["fields"]
	if len(fields) == 0 {
		fields = []string{"email", "id", "full_name"}
	}
	page := make([]userRow, 0, len(found))
	for _, u := range found {
		page = append(page, userRowOf(u, fields))
	}
	return envelope{Data: page, Total: &total}, nil
}

// searchOf returns the search in a query already validated against the document.
func searchOf(query url.Values) clinic.Search {
	s := clinic.Search{
		IDs: query["id"], FullNames: query["full_name"], Emails: query["email"], Texts: query["q"],
		Subtypes: query["subtype"], Accounts: query["account_code"],
		Roles: query["role"], Rooms: query["room_code"], Groups: query["group"],
		Admin: yesOrNo(query["is_admin"]), Hidden: yesOrNo(query["is_hidden"]),
		Start: number(query, "start", 0), Limit: number(query, "limit", defaultLimit),
	}
	for _, said := range query["type"] {
		s.Types = append(s.Types, clinic.Type(whole(said)))
	}
	for _, said := range query["status"] {
		s.Statuses = append(s.Statuses, whole(said))
	}
	for _, said := range query["ex_filter"] {
		s.Reaches = append(s.Reaches, clinic.Reach(said))
	}
	field, direction, _ := strings.Cut(query.Get("sort"), ".")
	s.Sort, s.Descending = clinic.SortField(field), direction == "desc"
	return s
}

func number(query url.Values, name string, otherwise int) int {
	if !query.Has(name) {
		return otherwise
	}
	return whole(query.Get(name))
}

// whole returns a number from a text already validated as one.
func whole(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func yesOrNo(said []string) []bool {
	var answers []bool
	for _, text := range said {
		answers = append(answers, text == "1" || text == "true")
	}
	return answers
}

func userRowOf(u clinic.User, fields []string) userRow {
	fullName, kind, none := u.FullName(), int(u.Type), ""
	row := userRow{
		Email: set(u.Email), ID: &u.ID, FullName: &fullName, Username: &u.Username, FirstName: &u.FirstName, LastName: &u.LastName,
		Type: &kind, Subtype: &none,
	}
	if !u.LastLogin.IsZero() {
		at := u.LastLogin.Unix()
		row.LastLogin = &at
	}
	keep(fields, "email", &row.Email)
	keep(fields, "id", &row.ID)
	keep(fields, "full_name", &row.FullName)
	keep(fields, "username", &row.Username)
	keep(fields, "first_name", &row.FirstName)
	keep(fields, "last_name", &row.LastName)
	keep(fields, "last_login", &row.LastLogin)
	keep(fields, "type", &row.Type)
	keep(fields, "subtype", &row.Subtype)
	return row
}

// set returns a text, nil if it is empty.
func set(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// keep removes a field that the caller did not ask for.
func keep[T any](fields []string, name string, value **T) {
	if !slices.Contains(fields, name) {
		*value = nil
	}
}
