package api

import "context"

// GetMe returns the token's owner.
func (handlers) GetMe(ctx context.Context, c call) (reply, error) {
	shape, err := userOf(ctx, c.clinic, c.user)
	return userReply(c.user, &shape), err
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
func (handlers) GetUser(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.User(ctx, c.token, c.params["id"])
	if err != nil {
		return reply{}, err
	}
	shape, err := userOf(ctx, c.clinic, found)
	shape.SignupStep = signedUp
	return userReply(found, &shape), err
}
