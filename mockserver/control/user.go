package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func (c *Control) userRoutes() []clinicRoute {
	return []clinicRoute{
		{"listUsers", http.MethodGet, "/users", listHandler((*clinic.Clinic).Users, userOf,
			func(u clinic.User) string { return u.ID })},
		{"getUser", http.MethodGet, "/users/{id}", showHandler((*clinic.Clinic).UserByID, userDetailOf)},
		{"listTokens", http.MethodGet, "/users/{id}/tokens", rowHandler((*clinic.Clinic).UserByID, listTokens)},
		{"setCredentials", http.MethodPut, "/users/{id}/credentials", bodyHandler(c.setCredentials)},
		{"assign", http.MethodPut, "/users/{id}/assignments", bodyHandler(c.assign)},
	}
}

func userOf(u clinic.User) controlapi.User {
	return controlapi.User{
		ID: u.ID, Code: u.Code, Type: int(u.Type), FullName: u.FullName(), Email: u.Email, Created: u.Created,
		Roles: u.Assigned.Roles, Rooms: u.Assigned.Rooms, Groups: u.Assigned.Groups, Providers: u.Assigned.Providers,
		Responses: controlapi.CardResponses{Primary: u.Responses[clinic.Primary], Secondary: u.Responses[clinic.Secondary]},
	}
}

func userDetailOf(u clinic.User) controlapi.UserDetail {
	detail := controlapi.UserDetail{User: userOf(u), DOB: u.DOB, Gender: u.Gender, Phone: u.Phone,
		Cards: []controlapi.Card{}}
	for _, order := range []clinic.Order{clinic.Primary, clinic.Secondary} {
		if card := u.Insurance.Card(order); card.IsSet() {
			detail.Cards = append(detail.Cards, controlapi.Card{
				Card: order.String(), Carrier: card.Carrier, OtherCarrier: card.OtherCarrier, Subscriber: card.Subscriber,
				Group: card.Group, Response: u.Responses[order],
			})
		}
	}
	return detail
}

// listTokens returns the newest tokens of a user.
func listTokens(r *http.Request, one *clinic.Clinic, user clinic.User) (any, error) {
	tokens, err := one.TokensOf(r.Context(), user.ID)
	reply := controlapi.Tokens{Data: []controlapi.Token{}}
	now := one.Clock().Now()
	for _, k := range tokens {
		shown := controlapi.Token{
			Token: k.Text, Created: k.Created.Time(), Expiry: k.Expiry.Time(), Status: "valid",
			Refresh: k.Refresh.Text, RefreshExpiry: k.Refresh.Expiry.Time(), RefreshUsed: k.Refresh.Used,
		}
		switch {
		case k.Ended:
			shown.Status = "ended"
		case !now.Before(k.Expiry.Time()):
			shown.Status = "expired"
		}
		reply.Data = append(reply.Data, shown)
	}
	return reply, err
}

// setCredentials sets a user's credentials for logging in.
func (c *Control) setCredentials(r *http.Request, one *clinic.Clinic, body controlapi.Credentials) (any, error) {
	if body.Password == nil && body.EmailToken == nil {
		return nil, badRequest("send password, email_token or both")
	}
	return nil, one.SetCredentials(r.Context(), mux.Vars(r)["id"], clinic.NewCredentials(body))
}

// assign sets the properties of a user reserved for the clinic's administrator.
func (c *Control) assign(r *http.Request, one *clinic.Clinic, body controlapi.Assignments) (any, error) {
	if body.Roles == nil && body.Rooms == nil && body.Groups == nil && body.Providers == nil {
		return nil, badRequest("send roles, rooms, groups or providers")
	}
	return nil, one.SetAssignments(r.Context(), mux.Vars(r)["id"], clinic.NewAssignments{
		Roles: listOf(body.Roles), Rooms: listOf(body.Rooms), Groups: listOf(body.Groups), Providers: listOf(body.Providers),
	})
}

// listOf returns a list from a request, possibly empty; nil for none.
func listOf(sent []string) *[]string {
	if sent == nil {
		return nil
	}
	return &sent
}
