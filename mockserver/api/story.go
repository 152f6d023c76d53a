package api

import (
	"cmp"
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// HeaderScenario is the request header with the scenario for the request, whichever user it is about.
const HeaderScenario = "X-Mock-Scenario"

// stories returns the faults of the scenario named in a request, or else of the scenarios that apply to its user.
func (a *API) stories(x *exchange, c *call) ([]fault.ScenarioFaults, error) {
	c.scenario = x.request.Header.Get(HeaderScenario)
	if c.scenario == "" && !a.Clearinghouse.Faulty(c.clinic.ID()) {
		return nil, nil
	}
	user, checks := subject(x.request.Context(), x.op, c)
	found := a.Clearinghouse.Stories(c.clinic.ID(), checks...)
	if c.scenario != "" {
		named, ok := a.Clearinghouse.Scenario(c.clinic.ID(), c.scenario)
		if !ok {
			return nil, &clinic.Error{Kind: clinic.Invalid, Message: HeaderScenario + " names no scenario in force: GET /_mock/scenarios lists them"}
		}
		found = append(found[:0], named)
	}
	stories := make([]fault.ScenarioFaults, 0, len(found))
	for _, s := range found {
		stories = append(stories, fault.ScenarioFaults{ID: s.ID, User: user.Code, Faults: s.HTTP})
	}
	return stories, nil
}

// subject returns the user that a request is about, and the checks that may start for the user: of the card of the
// carrier in the request, or else of each card. It returns no user and no checks if the caller may not know the user.
func subject(ctx context.Context, op *document.Operation, c *call) (clinic.User, []clinic.Query) {
	q := clinic.Query{Account: c.clinic.Account(), At: c.clinic.Clock().Now()}
	switch {
	case op.Needs(schemeKey):
		q.User = signingOn(c.body)
		return q.User, []clinic.Query{q}
	case op.Needs(schemeAccount):
		user, ok := c.clinic.Named(ctx, loginOf(c.body), c.body.text("refresh_token"))
		if !ok {
			return clinic.User{}, nil
		}
		q.User = user
		return user, ofCards(q)
	}
	id := cmp.Or(c.params["id"], c.body.text("member_id"), c.query.Get("member_id"), clinic.Self)
	user, err := c.clinic.User(ctx, c.token, id)
	if err != nil {
		return clinic.User{}, nil
	}
	q.User = user
	if carrier := cmp.Or(c.params["carrier_code"], c.body.text("carrier_code")); carrier != "" {
		order, ok := user.Insurance.CardOf(carrier)
		if !ok {
			return user, nil
		}
		return user, []clinic.Query{ofCard(q, order)}
	}
	if op.ID == "startEligibilityCheck" { // by the path without a carrier
		return user, []clinic.Query{ofCard(q, clinic.Primary)}
	}
	return user, ofCards(q)
}

// signingOn returns the user as described by a sign-on. It ignores a stored user: the sign-on changes it.
func signingOn(body fields) clinic.User {
	return clinic.User{
		Code: body.text("code"), Email: body.text("email"), DOB: body.text("dob"),
		FirstName: body.text("first_name"), LastName: body.text("last_name"),
	}
}

// ofCards returns a check of each card of the user, or one without a card if there is none.
func ofCards(q clinic.Query) []clinic.Query {
	var checks []clinic.Query
	for _, order := range clinic.Orders() {
		if q.User.Insurance.Card(order).IsSet() {
			checks = append(checks, ofCard(q, order))
		}
	}
	if len(checks) == 0 {
		q.Card.Relation = q.User.Insurance.Relation()
		return []clinic.Query{q}
	}
	return checks
}

func ofCard(q clinic.Query, order clinic.Order) clinic.Query {
	q.Order, q.Card = order, q.User.Insurance.Card(order)
	q.Carrier = q.Card.Carrier
	return q
}
