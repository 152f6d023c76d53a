package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// maxRows is the number of rows on a page of a list, and maxSearched the number of users that a search reads.
const (
	maxRows     = 100
	maxSearched = 10_000
)

// patients is the data of the list of users.
type patients struct {
	Users []controlapi.User
	Query string
	Older string // the address of the users before
}

// patients lists the users of a clinic, or those that match a search.
func (u *UI) patients(c *call) (answer, error) {
	p := patients{Query: c.FormValue("q")}
	request := controlapi.PageRequest{Limit: maxRows, After: c.FormValue("after")}
	if p.Query != "" {
		request.Limit = maxSearched
	}
	page, err := c.client.ListUsers(c.Context(), c.account, request)
	if err != nil {
		return answer{}, err
	}
	query := strings.ToLower(p.Query)
	p.Users = slices.DeleteFunc(page.Data, func(u controlapi.User) bool {
		return !strings.Contains(strings.ToLower(strings.Join([]string{u.ID, u.FullName, u.Code, u.Email}, " ")), query)
	})
	p.Users = p.Users[:min(maxRows, len(p.Users))]
	if page.Next != "" && p.Query == "" {
		p.Older = c.address("/patients?after=" + page.Next)
	}
	return answer{view: "patients", data: p}, nil
}

// patient is the data of the view of one user.
type patient struct {
	controlapi.UserDetail
	Tokens []token
	Checks []controlapi.Check
	Claims []controlapi.Claim
	Visits []controlapi.Visit
}

// token is a token of a user, without its text.
type token struct {
	controlapi.Token
	Name, RefreshName string // tell it and its refresh token from the others
}

// nameOf returns the name of a token for a form. It reveals nothing of the text.
func nameOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// patient shows a user with the cards, and the newest checks, claims and visits.
func (u *UI) patient(c *call) (answer, error) {
	detail, err := c.client.GetUser(c.Context(), c.account, c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	p := patient{UserDetail: detail}
	tokens, err := c.client.ListTokens(c.Context(), c.account, detail.User.ID)
	if err != nil {
		return answer{}, err
	}
	for _, k := range tokens.Data {
		p.Tokens = append(p.Tokens, token{k, nameOf(k.Token), nameOf(k.Refresh)})
	}
	page := controlapi.PageRequest{Limit: maxSearched}
	checks, err := c.client.ListChecks(c.Context(), c.account, page)
	if err != nil {
		return answer{}, err
	}
	claims, err := c.client.ListClaims(c.Context(), c.account, page)
	if err != nil {
		return answer{}, err
	}
	visits, err := c.client.ListVisits(c.Context(), c.account, page)
	if err != nil {
		return answer{}, err
	}
	id := detail.User.ID
	p.Checks = slices.DeleteFunc(checks.Data, func(k controlapi.Check) bool { return k.MemberID != id })
	p.Claims = slices.DeleteFunc(claims.Data, func(k controlapi.Claim) bool { return k.MemberID != id })
	p.Visits = slices.DeleteFunc(visits.Data, func(v controlapi.Visit) bool { return v.MemberID != id })
	return answer{view: "patient", data: p}, nil
}

// revealToken answers with a token of a user, or with the refresh token issued with it.
func (c *call) revealToken() (answer, error) {
	tokens, err := c.client.ListTokens(c.Context(), c.account, c.PostFormValue("id"))
	for _, k := range tokens.Data {
		switch c.PostFormValue("name") {
		case nameOf(k.Token):
			return answer{text: k.Token}, nil
		case nameOf(k.Refresh):
			return answer{text: k.Refresh}, nil
		}
	}
	return failure(http.StatusNotFound, "The user has no token of this name any more."), err
}

// claim shows the course of a claim, and why it was decided as it was.
func (u *UI) claim(c *call) (answer, error) {
	why, err := c.client.ExplainClaim(c.Context(), c.account, c.PathValue("id"))
	return answer{view: "claim", data: why}, err
}

// visit shows the course of a visit, and why it goes so.
func (u *UI) visit(c *call) (answer, error) {
	why, err := c.client.ExplainVisit(c.Context(), c.account, c.PathValue("id"))
	return answer{view: "visit", data: why}, err
}

// userType names VSee's number of a type of users.
func userType(number int) string {
	switch number {
	case 100:
		return "administrator"
	case 200:
		return "patient"
	case 400:
		return "provider"
	case 600:
		return "guest"
	}
	return fmt.Sprint("type ", number)
}

// assigned returns the lists that an administrator gave a user, by their labels.
func assigned(u controlapi.User) map[string]string {
	lists := map[string]string{}
	for label, list := range map[string][]string{"Roles": u.Roles, "Rooms": u.Rooms, "Groups": u.Groups,
		"Providers": u.Providers} {
		if len(list) > 0 {
			lists[label] = strings.Join(list, ", ")
		}
	}
	return lists
}

// cents writes an amount of cents, or a pointer to one, as dollars.
func cents(amount any) string {
	n, ok := amount.(int64)
	if at, is := amount.(*int64); is {
		n, ok = *at, true
	}
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}
