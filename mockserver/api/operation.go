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
	request := clinic.SignOn{
		Code: c.body.text("code"), Room: c.body.text("room_code"), Patch: c.body.patch("code", "type", "room_code"),
	}
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
	if request.Room != "" && signedOn.User.Type != clinic.Provider {
		c.warn("room_code is ignored: only a provider (type 400) is assigned to a room")
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
	after, err := c.clinic.UpdateUser(ctx, c.token, c.body.patch())
	if err != nil {
		return nil, err
	}
	if err := c.warnOfInsurers(ctx); err != nil {
		return nil, err
	}
	return userOf(c.clinic.Account(), after), nil
}

// signedUp is the signup_step of a user with a finished profile, by VSee's SDK.
const signedUp = 99

// getUser returns a user, including the result of a check.
func getUser(ctx context.Context, c call) (any, error) {
	reply, err := readUser(ctx, c, c.params["id"])
	if err != nil {
		return nil, err
	}
	reply.SignupStep = signedUp
	return reply, nil
}

func readUser(ctx context.Context, c call, id string) (user, error) {
	found, err := c.clinic.User(ctx, c.token, id)
	if err != nil {
		return user{}, err
	}
	return userOf(c.clinic.Account(), found), nil
}

// startEligibilityCheck is step 4 of the guide. An earlier path without a carrier checks the primary card.
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

// settled waits until everything due before the reply is done, unless the caller has gone.
func (c call) settled(ctx context.Context) error {
	if err := c.settle(ctx, c.clinic); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

type startedCheck struct {
	ID      string `json:"eligibility_id"`
	Carrier string `json:"carrier_code"`

	ours bool // its answer is a rule of the mock alone
}
