package api

import (
	"context"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// listInsurers is step 1 of the guide.
func listInsurers(ctx context.Context, c call) (any, error) {
	insurers, err := c.clinic.Insurers(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]insurer, 0, len(insurers))
	for _, i := range insurers {
		rows = append(rows, insurer(i))
	}
	return struct {
		Insurers []insurer `json:"insurers"`
	}{rows}, nil
}

// signOn is step 2 of the guide.
func signOn(ctx context.Context, c call) (any, error) {
	request := clinic.SignOn{Code: c.body.text("code"), Patch: c.body.patch("code", "type")}
	if said := c.body.text("type"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil {
			return nil, err
		}
		request.Type = clinic.Type(n)
	}
	signedOn, err := c.clinic.SignOn(ctx, request)
	if err != nil {
		return nil, err
	}
	if err := c.warnOfInsurers(ctx); err != nil {
		return nil, err
	}
	if signedOn.BeforeReply {
		if err := c.settled(ctx); err != nil {
			return nil, err
		}
	}
	reply := userOf(c.clinic.Account(), signedOn.User)
	reply.Token = tokenOf(signedOn.Token)
	if c.query.Get("fields") == "vsee" {
		reply.VSee = &vsee{ID: signedOn.User.VSeeID, Token: signedOn.VSeeToken}
	}
	return reply, nil
}

// getMe returns the token's owner.
func getMe(ctx context.Context, c call) (any, error) {
	return readUser(ctx, c, clinic.Self)
}

// updateMe is step 3 of the guide.
func updateMe(ctx context.Context, c call) (any, error) {
	after, err := c.clinic.Update(ctx, c.token, c.body.patch())
	if err != nil {
		return nil, err
	}
	if err := c.warnOfInsurers(ctx); err != nil {
		return nil, err
	}
	return userOf(c.clinic.Account(), after), nil
}

// getUser reads a user, and so the result of a check.
func getUser(ctx context.Context, c call) (any, error) {
	return readUser(ctx, c, c.params["id"])
}

func readUser(ctx context.Context, c call, id string) (any, error) {
	found, err := c.clinic.User(ctx, c.token, id)
	if err != nil {
		return nil, err
	}
	return userOf(c.clinic.Account(), found), nil
}

// startEligibilityCheck is step 4 of the guide. An earlier path of it names no carrier: it checks the primary card.
func startEligibilityCheck(ctx context.Context, c call) (any, error) {
	check, err := c.clinic.StartCheck(ctx, c.token, c.params["id"], c.params["carrier_code"], c.scenario)
	if err != nil {
		return nil, err
	}
	if check.BeforeReply {
		if err := c.settled(ctx); err != nil {
			return nil, err
		}
	}
	return startedCheck{check.ID, check.Carrier, check.Answer.Ours}, nil
}

// settled waits until what must come before the reply is done, unless the caller has gone.
func (c call) settled(ctx context.Context) error {
	if err := c.settle(ctx, c.clinic); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

type startedCheck struct {
	ID      string `json:"eligibility_id"`
	Carrier string `json:"carrier_code"`

	ours bool // what answers it is nothing that VSee has
}
