package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// assign gives a user what the administrator of a clinic assigns.
func (c *Control) assign(r *http.Request, one *clinic.Clinic) (any, error) {
	var body controlapi.Assignments
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Roles == nil && body.Rooms == nil && body.Groups == nil && body.Providers == nil {
		return nil, bad("send roles, rooms, groups or providers")
	}
	return nil, one.Assign(r.Context(), mux.Vars(r)["id"], clinic.NewAssignments{
		Roles: listOf(body.Roles), Rooms: listOf(body.Rooms), Groups: listOf(body.Groups), Providers: listOf(body.Providers),
	})
}

// listOf returns a list that was sent, which may be empty; nil for none.
func listOf(sent []string) *[]string {
	if sent == nil {
		return nil
	}
	return &sent
}
