package api

import (
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// SignOn is step 2 of the guide.
func (h handlers) SignOn(ctx context.Context, c call) (reply, error) {
	request := clinic.SignOn{
		Code: c.body.text("code"), Room: c.body.text("room_code"), Type: clinic.Type(whole(c.body.text("type"))),
		Patch: c.body.patch("code", "type", "room_code"),
	}
	signedOn, err := c.clinic.SignOn(ctx, request)
	if err != nil {
		return reply{}, err
	}
	c.warnOfInsurers()
	if signedOn.BeforeReply {
		if err := h.finishDue(ctx, c.clinic); err != nil {
			return reply{}, err
		}
	}
	shape, err := signedOnUser(ctx, c.clinic, signedOn)
	if err != nil {
		return reply{}, err
	}
	if request.Room != "" && signedOn.User.Type != clinic.Provider {
		c.warn("room_code is ignored: only a provider (type 400) is assigned to a room")
	}
	if c.query.Get("fields") == "vsee" {
		shape.VSee = &vsee{ID: signedOn.User.VSeeID, Token: signedOn.VSeeToken}
	}
	return userReply(signedOn.User, &shape), nil
}

// finishDue finishes everything due before a reply, unless the caller has disconnected.
func (h handlers) finishDue(ctx context.Context, c *clinic.Clinic) error {
	if err := h.settle(ctx, c); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// Login returns a user with a token, like a sign-on.
func (handlers) Login(ctx context.Context, c call) (reply, error) {
	signedOn, err := c.clinic.Login(ctx, loginOf(c.body))
	return signedOnReply(ctx, c, signedOn, err)
}

func loginOf(body fields) clinic.Login {
	return clinic.Login{
		Username: body.text("username"), Password: body.text("password"),
		Email: body.text("email"), EmailToken: body.text("email_token"),
	}
}

// RefreshToken returns a user with a new token in place of an expired or expiring one.
func (handlers) RefreshToken(ctx context.Context, c call) (reply, error) {
	signedOn, err := c.clinic.Refresh(ctx, c.body.text("refresh_token"))
	return signedOnReply(ctx, c, signedOn, err)
}

// signedOnUser returns a user with the new token.
func signedOnUser(ctx context.Context, c *clinic.Clinic, s clinic.SignedOn) (user, error) {
	shape, err := userOf(ctx, c, s.User)
	shape.Token = tokenOf(s.Token)
	return shape, err
}

// signedOnReply is the reply with a user and the new token, unless there is an error.
func signedOnReply(ctx context.Context, c call, s clinic.SignedOn, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	shape, err := signedOnUser(ctx, c.clinic, s)
	return userReply(s.User, &shape), err
}

// Logout ends the caller's token.
func (handlers) Logout(ctx context.Context, c call) (reply, error) {
	user, err := c.clinic.Logout(ctx, c.token)
	if err != nil {
		return reply{}, err
	}
	return reply{data: struct {
		UserID string `json:"user_id"`
	}{user.ID}}, nil
}
