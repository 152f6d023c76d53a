package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// assign gives a user what the administrator of a clinic assigns.
func (c *Control) assign(r *http.Request, one *clinic.Clinic) (any, error) {
	var body struct {
		Roles     *[]string `json:"roles"`
		Rooms     *[]string `json:"rooms"`
		Groups    *[]string `json:"groups"`
		Providers *[]string `json:"providers"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Roles == nil && body.Rooms == nil && body.Groups == nil && body.Providers == nil {
		return nil, bad("send roles, rooms, groups or providers")
	}
	return nil, one.Assign(r.Context(), mux.Vars(r)["id"], clinic.NewAssignments(body))
}
