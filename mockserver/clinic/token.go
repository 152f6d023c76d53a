package clinic

import (
	"context"
	"crypto/subtle"
	"slices"
	"time"
)

// The lifetimes of a user's tokens (seed, step 2: expiry less created). Settings.TokenLife replaces AccessLife.
const (
	AccessLife  = 86_400 * time.Second
	RefreshLife = 2_592_000 * time.Second
)

// Token is a user's access token. It is valid until Expiry on the clinic's clock, and so is every earlier one.
type Token struct {
	Text     string // 32 lower-case hex digits
	UserID   string
	UserType Type
	Created  Moment
	Expiry   Moment
	Ended    bool // by a logout
	Refresh  Refresh
}

// Refresh is the refresh token issued with a token. It works once. VSee does not publish the call that accepts it.
type Refresh struct {
	Text   string // 32 lower-case hex digits
	Expiry Moment
	Used   bool
}

// newToken makes a token of a user and stores it.
func newToken(tx Tx, user *User, now time.Time) Token {
	text, refresh := newIDGenerator(tx).twoTokens()
	token := Token{
		Text: text, UserID: user.ID, UserType: user.Type, Created: MomentOf(now),
		Expiry:  MomentOf(now.Add(*tx.Settings().TokenLife)),
		Refresh: Refresh{Text: refresh, Expiry: MomentOf(now.Add(RefreshLife))},
	}
	tx.PutToken(token)
	removeExpired(tx, now)
	return token
}

// caller is the sender of a request: a user, or the clinic's admin.
type caller struct {
	user  *User // must not be changed
	admin bool  // came with the admin token, or is an admin: may see and change every user of the clinic
}

// callerByToken returns the owner of a token.
func (c *Clinic) callerByToken(v View, text string) (caller, error) {
	if equalSecrets(text, v.Settings().AdminToken) {
		return caller{sharedUser(v, adminID), true}, nil
	}
	token := v.Tokens().Shared(text)
	if token == nil {
		return caller{}, refuse(Unauthenticated, "X-ApiToken is not known")
	}
	if token.Ended {
		return caller{}, refuse(Unauthenticated, "X-ApiToken was ended by a logout: sign on again")
	}
	if !c.clock.Now().Before(token.Expiry.Time()) {
		return caller{}, refuse(Unauthenticated, "X-ApiToken has expired: sign on again")
	}
	user := v.Users().Shared(token.UserID)
	if user == nil {
		return caller{}, refuse(Unauthenticated, "X-ApiToken is not known")
	}
	return caller{user, user.Type == Admin}, nil
}

// sharedUser returns a user, who must not be changed; one without an id if there is none.
func sharedUser(v View, id string) *User {
	if user := v.Users().Shared(id); user != nil {
		return user
	}
	return newUser()
}

// VerifyKey refuses a key other than the clinic's, and a wrong secret. A missing secret is accepted, because older
// pages of VSee leave it out.
func (s *Settings) VerifyKey(key, secret string) error {
	switch {
	case key == "":
		return refuse(Unauthenticated, "X-ApiKey is required")
	case !equalSecrets(key, s.Key):
		return refuse(Unauthenticated, "X-ApiKey is not this clinic's")
	case secret != "" && !equalSecrets(secret, s.Secret):
		return refuse(Unauthenticated, "X-ApiSecret is not this clinic's")
	}
	return nil
}

// Session is a signed-on user with a token of their own.
type Session struct {
	User   User
	Expiry time.Time // of the token
}

// Session returns the owner of a user's token. It refuses the clinic's admin token, because that token belongs to no
// session.
func (c *Clinic) Session(ctx context.Context, text string) (Session, error) {
	return view(ctx, c, func(v View) (Session, error) {
		caller, err := c.callerByToken(v, text)
		if err != nil {
			return Session{}, err
		}
		token, ok := v.Tokens().Get(text)
		if !ok {
			return Session{}, refuse(Forbidden, "is the clinic's admin token: send a user's token")
		}
		return Session{*caller.user, token.Expiry.Time()}, nil
	})
}

// The numbers of tokens that TokensOf searches, newest first, and returns.
const (
	maxSearchedTokens = 10_000
	maxTokens         = 100
)

// TokensOf returns the newest tokens of a user, newest first.
func (c *Clinic) TokensOf(ctx context.Context, userID string) ([]Token, error) {
	return view(ctx, c, func(v View) ([]Token, error) {
		own := slices.DeleteFunc(v.Tokens().Newest("", maxSearchedTokens), func(k Token) bool { return k.UserID != userID })
		return own[:min(len(own), maxTokens)], nil
	})
}

func equalSecrets(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
