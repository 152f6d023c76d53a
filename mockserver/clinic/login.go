package clinic

import (
	"context"
	"strings"
)

// Login holds the credentials of a login: username and password, or e-mail address and e-mail token (documented).
type Login struct{ Username, Password, Email, EmailToken string }

// validate refuses a login without one complete pair of credentials, or with both.
func (l Login) validate() error {
	byPassword, byEmail := l.Username+l.Password != "", l.Email+l.EmailToken != ""
	switch {
	case byPassword && byEmail:
		return refuse(Invalid, "username and password exclude email and email_token")
	case !byPassword && !byEmail:
		return refuse(Invalid, "username and password are required, or email and email_token")
	case byPassword && l.Username == "":
		return refuse(Invalid, "username is required with password")
	case byPassword && l.Password == "":
		return refuse(Invalid, "password is required with username")
	case byEmail && l.Email == "":
		return refuse(Invalid, "email is required with email_token")
	case byEmail && l.EmailToken == "":
		return refuse(Invalid, "email_token is required with email")
	}
	return nil
}

// matchesUser reports whether the login has the name or e-mail address of this user.
func (l Login) matchesUser(u *User) bool {
	if l.Username != "" {
		return u.Username == l.Username
	}
	return l.Email != "" && strings.EqualFold(u.Email, l.Email)
}

// candidates returns users, oldest first. They include every user that the login matches.
func (l Login) candidates(v View) UserList {
	if l.Username == "" {
		return v.FindUsers(nil, []string{l.Email})
	}
	return v.FindUsers(nil, nil)
}

// Login returns the user with this password or e-mail token, and a new token. The error does not reveal whether the
// user exists. If several users have the same name, it returns the first one with a matching secret.
func (c *Clinic) Login(ctx context.Context, l Login) (SignedOn, error) {
	if err := l.validate(); err != nil {
		return SignedOn{}, err
	}
	return update(ctx, c, func(tx Tx) (SignedOn, error) {
		user, ok := c.userByLogin(tx, l)
		if !ok {
			if l.Username != "" {
				return SignedOn{}, refuse(Unauthenticated, "username or password is wrong")
			}
			return SignedOn{}, refuse(Unauthenticated, "email or email_token is wrong")
		}
		now := c.clock.Now()
		tx.PutLastLogin(user.ID, MomentOf(now))
		return SignedOn{User: user, Token: newToken(tx, user, now)}, nil
	})
}

// userByLogin returns the user for a login with a matching secret.
func (c *Clinic) userByLogin(v View, l Login) (*User, bool) {
	users := l.candidates(v)
	for n := range users.Len() {
		user := users.At(n)
		if !l.matchesUser(user) {
			continue
		}
		secret, sealed := l.Password, user.Credentials.Password
		if l.Username == "" {
			secret, sealed = l.EmailToken, user.Credentials.EmailToken
		}
		if c.ids.matchesSecret(user.ID, secret, sealed) {
			return user, true
		}
	}
	return nil, false
}

// Refresh returns the owner of the refresh token, and a new token with a refresh token of its own. A refresh token
// works once, until its expiry on the clinic's clock; the access token issued with it stays valid. VSee publishes the
// existence of refresh tokens and their lifetime; the rest is ours.
func (c *Clinic) Refresh(ctx context.Context, refreshToken string) (SignedOn, error) {
	return update(ctx, c, func(tx Tx) (SignedOn, error) {
		now := c.clock.Now()
		token, ok := tx.TokenByRefresh(refreshToken)
		user := tx.Users().Shared(token.UserID)
		switch {
		case !ok || user == nil:
			return SignedOn{}, refuse(Unauthenticated, "refresh_token is not known")
		case token.Ended:
			return SignedOn{}, refuse(Unauthenticated, "refresh_token was ended by a logout: sign on again")
		case token.Refresh.Used:
			return SignedOn{}, refuse(Unauthenticated, "refresh_token was used before: each works once")
		case !now.Before(token.Refresh.Expiry.Time()):
			return SignedOn{}, refuse(Unauthenticated, "refresh_token has expired: sign on again")
		}
		token.Refresh.Used = true
		tx.PutToken(token)
		return SignedOn{User: user, Token: newToken(tx, user, now)}, nil
	})
}

// Logout ends an access token and the refresh token issued with it, and returns their owner. The clinic's admin token
// belongs to no session and cannot be ended (ours).
func (c *Clinic) Logout(ctx context.Context, text string) (*User, error) {
	return update(ctx, c, func(tx Tx) (*User, error) {
		caller, err := c.callerByToken(tx, text)
		if err != nil {
			return nil, err
		}
		token, ok := tx.Tokens().Get(text)
		if !ok {
			return nil, refuse(Forbidden, "the clinic's admin token cannot be logged out")
		}
		token.Ended = true
		tx.PutToken(token)
		return caller.user, nil
	})
}

// FindUnverified returns the user named by a login or a refresh token, without a check of the secret; false when there
// is no such user.
func (c *Clinic) FindUnverified(ctx context.Context, l Login, refreshToken string) (*User, bool) {
	user, err := view(ctx, c, func(v View) (*User, error) {
		if token, ok := v.TokenByRefresh(refreshToken); ok {
			return sharedUser(v, token.UserID), nil
		}
		users := l.candidates(v)
		for n := range users.Len() {
			if user := users.At(n); l.matchesUser(user) {
				return user, nil
			}
		}
		return nil, errNoUser
	})
	return user, err == nil
}
