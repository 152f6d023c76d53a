package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// setCredentials gives a user what they log in with.
func (c *Control) setCredentials(r *http.Request, one *clinic.Clinic) (any, error) {
	var body controlapi.Credentials
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Password == nil && body.EmailToken == nil {
		return nil, bad("send password, email_token or both")
	}
	return nil, one.SetCredentials(r.Context(), mux.Vars(r)["id"], clinic.NewCredentials(body))
}
