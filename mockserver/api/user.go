package api

import "context"

// GetMe returns the token's owner.
func (handlers) GetMe(_ context.Context, c call) (reply, error) {
	return userReply(c.user, userOf(c.clinic.Account(), c.user)), nil
}

// UpdateMe is step 3 of the guide.
func (handlers) UpdateMe(ctx context.Context, c call) (reply, error) {
	after, err := c.clinic.Update(ctx, c.token, c.body.patch())
	if err != nil {
		return reply{}, err
	}
	return userReply(after, userOf(c.clinic.Account(), after)), c.warnOfInsurers(ctx)
}

// signedUp is the signup_step of a user with a finished profile, by VSee's SDK.
const signedUp = 99

// GetUser returns a user, including the result of a check.
func (handlers) GetUser(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.User(ctx, c.token, c.params["id"])
	shape := userOf(c.clinic.Account(), found)
	shape.SignupStep = signedUp
	return userReply(found, shape), err
}
