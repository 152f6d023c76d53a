package api

import (
	"cmp"
	"context"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// HeaderScenario is the request header with the scenario for the request, whichever user it is about.
const HeaderScenario = "X-Mock-Scenario"

// scenarioFaults returns the faults of the scenario named in a request, or else of the scenarios that apply to its
// user.
func (a *API) scenarioFaults(x *exchange, now time.Time) ([]fault.ScenarioFaults, error) {
	c := &x.call
	c.scenario = first(x.request.Header, HeaderScenario)
	index := a.Clearinghouse.RequestFaults(c.clinic.ID())
	if c.scenario == "" && index.IsEmpty() {
		return nil, nil
	}
	var space [2]scenarios.Check
	code, checks := c.subject(x.request.Context(), x.op.ID, now, space[:0])
	found := index.Concerning(checks...)
	if c.scenario != "" {
		named, ok := a.Clearinghouse.Scenario(c.clinic.ID(), c.scenario)
		if !ok {
			const rule = " must be the id of a scenario in force: GET /_mock/scenarios lists them"
			meant := a.Clearinghouse.ScenariosInForce(c.clinic.ID()).DidYouMean(c.scenario)
			return nil, &clinic.Error{Kind: clinic.Invalid, Message: HeaderScenario + rule + meant}
		}
		found = scenarios.Set{named}
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

// subject returns the code of the user that a request is about, and appends the checks that may start for the user: of
// the card of the carrier in the request, or else of each card. It returns no code and no checks if the caller may not
// know the user. A path parameter `id` is always a user's.
func (c *call) subject(
	ctx context.Context, operation string, now time.Time, checks []scenarios.Check,
) (string, []scenarios.Check) {
	q := clinic.EligibilityQuery{Account: c.clinic.Account(), At: now, User: c.user}
	switch id := c.member(); {
	case c.scheme == schemeKey:
		return c.body.text("code"), append(checks, c.signingOn(now))
	case c.scheme == schemeAccount:
		user, ok := c.clinic.FindUnverified(ctx, loginOf(c.body), c.body.text("refresh_token"))
		if !ok {
			return "", nil
		}
		q.User = user
	case c.scheme == "":
		return "", nil
	case id != "" && id != clinic.Self && id != q.User.ID:
		user, err := c.clinic.User(ctx, c.token, id)
		if err != nil {
			return "", nil
		}
		q.User = user
	}
	carrier := cmp.Or(c.params.Get("carrier_code"), c.body.text("carrier_code"))
	switch {
	case carrier != "" && c.scheme != schemeAccount:
		if order, ok := q.User.Insurance.OrderForCarrier(carrier); ok {
			checks = append(checks, clearinghouse.FutureCheck(q.OfCard(order)))
		}
	case operation == "startEligibilityCheck": // by the path without a carrier
		checks = append(checks, clearinghouse.FutureCheck(q.OfCard(clinic.Primary)))
	default:
		for of := range q.OfCards() {
			checks = append(checks, clearinghouse.FutureCheck(of))
		}
	}
	return q.User.Code, checks
}

// signingOn returns the check of a user as described by a sign-on. It ignores a stored user: the sign-on changes it.
func (c *call) signingOn(at time.Time) scenarios.Check {
	return scenarios.Check{
		AccountCode: c.clinic.Account(), At: at, Respparty: "self",
		Code: c.body.text("code"), Email: c.body.text("email"), DOB: c.body.text("dob"),
		FirstName: c.body.text("first_name"), LastName: c.body.text("last_name"),
	}
}

// member returns the id of the user that a request names, "" for none.
func (c *call) member() string {
	return cmp.Or(c.params.Get("id"), c.body.text("member_id"), c.query.Get("member_id"))
}
