package controlapi

import (
	"context"
	"time"
)

// User is a user of a clinic, without credentials.
type User struct {
	// ID is VSee's id of the user.
	ID string `json:"id"`
	// Code is the caller's own id for the user.
	Code string `json:"code"`
	// Type is VSee's number: 100 administrator, 200 patient, 400 provider, 600 guest.
	Type int `json:"type"`
	// FullName is first and last name.
	FullName string `json:"full_name"`
	// Email is the e-mail address; empty for none.
	Email string `json:"email,omitempty"`
	// Roles are the assigned roles.
	Roles []string `json:"roles,omitempty"`
	// Rooms are the assigned rooms.
	Rooms []string `json:"rooms,omitempty"`
	// Groups are the assigned groups.
	Groups []string `json:"groups,omitempty"`
	// Providers are the ids of the users that had a visit with this one.
	Providers []string `json:"providers,omitempty"`
	// Created is when the user was made.
	Created time.Time `json:"created"`
	// Responses are the results of the user's checks.
	Responses CardResponses `json:"eligibility_responses,omitzero"`
}

// UserDetail is a user with the cards.
type UserDetail struct {
	// User is the user.
	User User `json:"user"`
	// DOB is the birth date, YYYY-MM-DD; empty for none.
	DOB string `json:"dob,omitempty"`
	// Gender is VSee's number; 0 for none.
	Gender int `json:"gender,omitempty"`
	// Phone is the telephone number; empty for none.
	Phone string `json:"phone,omitempty"`
	// Cards are the insurance cards, the primary one first; empty for none.
	Cards []Card `json:"cards"`
}

// Card is an insurance card.
type Card struct {
	// Card is primary or secondary.
	Card string `json:"card"`
	// Carrier is the code of the insurer; empty for one that the clinic does not list.
	Carrier string `json:"carrier_code,omitempty"`
	// OtherCarrier is the name of an insurer that the clinic does not list; empty for none.
	OtherCarrier string `json:"other_carrier,omitempty"`
	// Subscriber is the subscriber number; empty for none.
	Subscriber string `json:"subscriber_num,omitempty"`
	// Group is the group number; empty for none.
	Group string `json:"group_number,omitempty"`
	// Response is the insurer's text of the last check; empty for none.
	Response string `json:"eligibility_response,omitempty"`
}

// Token is an access token of a user, and the refresh token issued with it.
type Token struct {
	// Token goes into X-ApiToken.
	Token string `json:"token"`
	// Created is when it was issued.
	Created time.Time `json:"created"`
	// Expiry is when it stops working, on the clinic's clock.
	Expiry time.Time `json:"expiry"`
	// Status is valid, expired, or ended by a logout.
	Status string `json:"status"`
	// Refresh is the refresh token; it works once.
	Refresh string `json:"refresh_token"`
	// RefreshExpiry is when the refresh token stops working.
	RefreshExpiry time.Time `json:"refresh_expiry"`
	// RefreshUsed reports whether the refresh token has been used.
	RefreshUsed bool `json:"refresh_used"`
}

// Tokens are tokens of a user.
type Tokens struct {
	// Data are the tokens, newest first.
	Data []Token `json:"data"`
}

// CardResponses are the insurers' texts by card; empty for none.
type CardResponses struct {
	// Primary is the text for the primary card.
	Primary string `json:"primary,omitempty"`
	// Secondary is the text for the secondary card.
	Secondary string `json:"secondary,omitempty"`
}

// Credentials are for the log-in of a user. A nil keeps one, an empty text removes it.
type Credentials struct {
	// Password goes with the username; 200 characters at most.
	Password *string `json:"password,omitempty"`
	// EmailToken goes with the email; 200 characters at most. It works until it is replaced.
	EmailToken *string `json:"email_token,omitempty"`
}

// Assignments change the roles and groups of a user. A nil keeps a list, an empty one clears it.
// A list has 100 items at most, each of 1 to 128 characters without a comma.
type Assignments struct {
	// Roles are roles, such as scheduler.
	Roles []string `json:"roles,omitzero"`
	// Rooms are rooms.
	Rooms []string `json:"rooms,omitzero"`
	// Groups are groups.
	Groups []string `json:"groups,omitzero"`
	// Providers are the ids of users that had a visit with this one.
	Providers []string `json:"providers,omitzero"`
}

// ListUsers returns a page of a clinic's users, newest first.
func (c *Client) ListUsers(ctx context.Context, account string, page PageRequest) (Page[User], error) {
	return call[Page[User]](ctx, c, "GET /clinics/{account}/users"+page.query(), nil, account)
}

// GetUser returns a user with the cards.
func (c *Client) GetUser(ctx context.Context, account, id string) (UserDetail, error) {
	return call[UserDetail](ctx, c, "GET /clinics/{account}/users/{id}", nil, account, id)
}

// ListTokens returns the newest 100 tokens of a user, newest first. The clinic's admin token is not one of them.
func (c *Client) ListTokens(ctx context.Context, account, id string) (Tokens, error) {
	return call[Tokens](ctx, c, "GET /clinics/{account}/users/{id}/tokens", nil, account, id)
}

// SetCredentials gives a user a password or an e-mail token.
func (c *Client) SetCredentials(ctx context.Context, account, id string, credentials Credentials) error {
	return c.Call(ctx, "PUT /clinics/{account}/users/{id}/credentials", credentials, nil, account, id)
}

// Assign assigns roles, rooms, groups and visits to a user.
func (c *Client) Assign(ctx context.Context, account, id string, assignments Assignments) error {
	return c.Call(ctx, "PUT /clinics/{account}/users/{id}/assignments", assignments, nil, account, id)
}
