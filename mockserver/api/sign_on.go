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
	var account *vsee
	if c.query.Get("fields") == "vsee" {
		account = &vsee{ID: signedOn.User.VSeeID, Token: c.clinic.VSeeToken(signedOn)}
	}
	if request.Room != "" && signedOn.User.Type != clinic.Provider {
		c.warn("room_code is ignored: only a provider (type 400) is assigned to a room")
	}
	r, err := keptReply(ctx, &h.kept.signedOn, c.clinic, signedOn.User, 0)
	if err != nil {
		return r, err
	}
	return r.withToken(signedOn.Token, account)
}

// withToken adds a token to the reply with a user, and their VSee account unless it is nil.
func (r reply) withToken(t clinic.Token, account *vsee) (reply, error) {
	if err := r.encode(); err != nil {
		return r, err
	}
	const end, room = "}}\n", 320
	b := make([]byte, 0, len(r.body)+room)
	b = appendName(append(b, r.body[:len(r.body)-len(end)]...), "token")
	at := len(b)
	shape := tokenOf(t)
	b = shape.appendJSON(b)
	r.token = b[at:len(b):len(b)]
	if account != nil {
		b, r.valid = appendValue(appendName(b, "vsee"), account), nil
	}
	b = append(b, end...)
	r.body = b
	return r, nil
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

// signedOnReply is the reply with a user and the new token, unless there is an error.
func signedOnReply(ctx context.Context, c call, s clinic.SignedOn, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	shape, err := userOf(ctx, c.clinic, s.User)
	if err != nil {
		return reply{}, err
	}
	return userReply(s.User, &shape).withToken(s.Token, nil)
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
