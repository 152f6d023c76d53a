package api

import (
	"cmp"
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// HeaderScenario is the request header with the scenario for the request, whichever user it is about.
const HeaderScenario = "X-Mock-Scenario"

// scenarioFaults returns the faults of the scenario named in a request, or else of the scenarios that apply to its
// user.
func (a *API) scenarioFaults(x *exchange) ([]fault.ScenarioFaults, error) {
	c := &x.call
	c.scenario = x.request.Header.Get(HeaderScenario)
	if c.scenario == "" && !a.Clearinghouse.HasRequestFaults(c.clinic.ID()) {
		return nil, nil
	}
	code, checks := c.subject(x.request.Context(), x.op.ID)
	found := a.Clearinghouse.RequestFaultScenarios(c.clinic.ID(), checks...)
	if c.scenario != "" {
		named, ok := a.Clearinghouse.Scenario(c.clinic.ID(), c.scenario)
		if !ok {
			const rule = " must be the id of a scenario in force: GET /_mock/scenarios lists them"
			meant := a.Clearinghouse.ScenariosInForce(c.clinic.ID()).DidYouMean(c.scenario)
			return nil, &clinic.Error{Kind: clinic.Invalid, Message: HeaderScenario + rule + meant}
		}
		found = append(found[:0], named)
	}
	if len(found) == 0 {
		return nil, nil
	}
	faults := make([]fault.ScenarioFaults, 0, len(found))
	for _, s := range found {
		faults = append(faults, fault.ScenarioFaults{ID: s.ID, User: code, Faults: s.HTTP})
	}
	return faults, nil
}

// subject returns the code of the user that a request is about, and the checks that may start for the user: of the card
// of the carrier in the request, or else of each card. It returns no code and no checks if the caller may not know the
// user. A path parameter `id` is always a user's.
func (c *call) subject(ctx context.Context, operation string) (code string, checks []clinic.EligibilityQuery) {
	q := clinic.EligibilityQuery{Account: c.clinic.Account(), At: c.clinic.Clock().Now(), User: &c.user}
	switch c.scheme {
	case schemeKey:
		q.User = signingOn(c.body)
		return q.User.Code, []clinic.EligibilityQuery{q}
	case schemeAccount:
		user, ok := c.clinic.FindUnverified(ctx, loginOf(c.body), c.body.text("refresh_token"))
		if !ok {
			return "", nil
		}
		q.User = &user
		return user.Code, q.OfCards()
	case "":
		return "", nil
	}
	if id := c.member(); id != "" && id != clinic.Self && id != c.user.ID {
		user, err := c.clinic.User(ctx, c.token, id)
		if err != nil {
			return "", nil
		}
		q.User = &user
	}
	if carrier := cmp.Or(c.params["carrier_code"], c.body.text("carrier_code")); carrier != "" {
		order, ok := q.User.Insurance.OrderForCarrier(carrier)
		if !ok {
			return q.User.Code, nil
		}
		return q.User.Code, []clinic.EligibilityQuery{q.OfCard(order)}
	}
	if operation == "startEligibilityCheck" { // by the path without a carrier
		return q.User.Code, []clinic.EligibilityQuery{q.OfCard(clinic.Primary)}
	}
	return q.User.Code, q.OfCards()
}

// member returns the id of the user that a request names, "" for none.
func (c *call) member() string {
	return cmp.Or(c.params["id"], c.body.text("member_id"), c.query.Get("member_id"))
}

// signingOn returns the user as described by a sign-on. It ignores a stored user: the sign-on changes it.
func signingOn(body fields) *clinic.User {
	return &clinic.User{
		Code: body.text("code"), Email: body.text("email"), DOB: body.text("dob"),
		FirstName: body.text("first_name"), LastName: body.text("last_name"),
	}
}
