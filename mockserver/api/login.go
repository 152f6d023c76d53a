package api

import (
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// login returns a user with a token, like a sign-on.
func login(ctx context.Context, c call) (any, error) {
	return c.sessionOf(c.clinic.Login(ctx, loginOf(c.body)))
}

func loginOf(body fields) clinic.Login {
	return clinic.Login{
		Username: body.text("username"), Password: body.text("password"), Email: body.text("email"), EmailToken: body.text("email_token"),
	}
}

// refreshToken returns a user with a new token in place of an expired or expiring one.
func refreshToken(ctx context.Context, c call) (any, error) {
	return c.sessionOf(c.clinic.Refresh(ctx, c.body.text("refresh_token")))
}

func (c call) sessionOf(s clinic.SignedOn, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	reply := userOf(c.clinic.Account(), s.User)
	reply.Token = tokenOf(s.Token)
	return reply, nil
}

// logout ends the caller's token.
func logout(ctx context.Context, c call) (any, error) {
	user, err := c.clinic.Logout(ctx, c.token)
	if err != nil {
		return nil, err
	}
	return struct {
		UserID string `json:"user_id"`
	}{user.ID}, nil
}
