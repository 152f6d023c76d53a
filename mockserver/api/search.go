package api

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// userRow is a user in a list, in the order of the default keys. A field is nil if it is unset, or if the request does
// not ask for it.
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

// SearchUsers finds users of the clinic.
func (handlers) SearchUsers(ctx context.Context, c call) (reply, error) {
	found, total, err := c.clinic.SearchUsers(ctx, c.token, searchOf(c.query))
	if err != nil {
		return reply{}, err
	}
	fields := c.query["fields"]
	if len(fields) == 0 {
		fields = []string{"email", "id", "full_name"}
	}
	page := make([]userRow, 0, len(found))
	for _, u := range found {
		page = append(page, userRowOf(u, fields))
	}
	return reply{data: page, total: &total}, nil
}

// searchOf returns the search in a query already validated against the document.
func searchOf(query url.Values) clinic.Search {
	s := clinic.Search{
		IDs: query["id"], FullNames: query["full_name"], Emails: query["email"], Texts: query["q"],
		Subtypes: query["subtype"], Accounts: query["account_code"],
		Roles: query["role"], Rooms: query["room_code"], Groups: query["group"],
		Admin: booleans(query["is_admin"]), Hidden: booleans(query["is_hidden"]),
		Start: number(query, "start", 0), Limit: number(query, "limit", defaultLimit),
	}
	for _, text := range query["type"] {
		s.Types = append(s.Types, clinic.Type(whole(text)))
	}
	for _, text := range query["status"] {
		s.Statuses = append(s.Statuses, whole(text))
	}
	for _, text := range query["ex_filter"] {
		s.Reaches = append(s.Reaches, clinic.Reach(text))
	}
	field, direction, _ := strings.Cut(query.Get("sort"), ".")
	s.Sort, s.Descending = clinic.SortField(field), direction == "desc"
	return s
}

func number(query url.Values, name string, absent int) int {
	if !query.Has(name) {
		return absent
	}
	return whole(query.Get(name))
}

// whole returns a number from a text already validated as one.
func whole(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func booleans(texts []string) []bool {
	var values []bool
	for _, text := range texts {
		values = append(values, text == "1" || text == "true")
	}
	return values
}

func userRowOf(u clinic.FoundUser, fields []string) userRow {
	fullName, kind, none := u.FullName(), int(u.Type), ""
	row := userRow{
		Email: orNil(u.Email), ID: &u.ID, FullName: &fullName, Username: &u.Username,
		FirstName: &u.FirstName, LastName: &u.LastName, Type: &kind, Subtype: &none,
	}
	if u.LastLogin != 0 {
		at := u.LastLogin.Time().Unix()
		row.LastLogin = &at
	}
	clearUnlessListed(fields, "email", &row.Email)
	clearUnlessListed(fields, "id", &row.ID)
	clearUnlessListed(fields, "full_name", &row.FullName)
	clearUnlessListed(fields, "username", &row.Username)
	clearUnlessListed(fields, "first_name", &row.FirstName)
	clearUnlessListed(fields, "last_name", &row.LastName)
	clearUnlessListed(fields, "last_login", &row.LastLogin)
	clearUnlessListed(fields, "type", &row.Type)
	clearUnlessListed(fields, "subtype", &row.Subtype)
	return row
}

// orNil returns a text, nil if it is empty.
func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// clearUnlessListed removes a field unless the caller asks for it.
func clearUnlessListed[T any](fields []string, name string, value **T) {
	if !slices.Contains(fields, name) {
		*value = nil
	}
}
