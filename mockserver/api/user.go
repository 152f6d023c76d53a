package api

import (
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// GetMe returns the token's owner.
func (h handlers) GetMe(ctx context.Context, c call) (reply, error) {
	return keptReply(ctx, &h.kept.me, c.clinic, c.user, 0)
}

// keptReply returns the reply with a user as it is stored. It keeps none with rooms: these change without their user.
func keptReply(
	ctx context.Context, among *kept[clinic.User], in *clinic.Clinic, u *clinic.User, step int,
) (reply, error) {
	newReply := func() (reply, error) {
		shape, err := userOf(ctx, in, u)
		shape.SignupStep = step
		return userReply(u, &shape), err
	}
	if mayHaveRooms(u) {
		return newReply()
	}
	return among.reply(u, newReply)
}

// UpdateMe is step 3 of the guide.
func (handlers) UpdateMe(ctx context.Context, c call) (reply, error) {
	after, err := c.clinic.UpdateUser(ctx, c.token, c.body.patch())
	if err != nil {
		return reply{}, err
	}
	c.warnOfInsurers()
	shape, err := userOf(ctx, c.clinic, after)
	return userReply(after, &shape), err
}

// signedUp is the signup_step of a user with a finished profile, by VSee's SDK.
const signedUp = 99

// GetUser returns a user, including the result of a check.
func (h handlers) GetUser(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.User(ctx, c.token, c.params.Get("id"))
	if err != nil {
		return reply{}, err
	}
	return keptReply(ctx, &h.kept.users, c.clinic, found, signedUp)
}
