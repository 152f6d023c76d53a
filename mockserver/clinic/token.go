package clinic

import (
	"context"
	"crypto/subtle"
	"time"
)

// How long a user's tokens live, unless the clinic is set up otherwise (seed, step 2: expiry less created).
const (
	AccessLife  = 86_400 * time.Second
	RefreshLife = 2_592_000 * time.Second
)

// Token is a user's access token. It is valid until Expiry on the clinic's clock, and so is every earlier one.
type Token struct {
	Text     string // 32 lower-case hex digits
	UserID   string
	UserType Type
	Created  time.Time
	Expiry   time.Time
	Ended    bool // by a logout
	Refresh  Refresh
}

// Refresh is the refresh token issued with a token. It works once. VSee does not publish the call that accepts it.
type Refresh struct {
	Text   string // 32 lower-case hex digits
	Expiry time.Time
	Used   bool
}

// newToken makes a token of a user and keeps it.
func newToken(tx Tx, user User, now time.Time) Token {
	draw := draws(tx)
	token := Token{
		Text: draw.token(), UserID: user.ID, UserType: user.Type, Created: now, Expiry: now.Add(*tx.Settings().TokenLife),
		Refresh: Refresh{Text: draw.token(), Expiry: now.Add(RefreshLife)},
	}
	tx.PutToken(token)
	return token
}

// caller is the sender of a request: a user, or the clinic's admin.
type caller struct {
	user  User
	admin bool // came with the admin token, or is an admin: may see and change every user of the clinic
}

// whose returns the owner of a token.
func (c *Clinic) whose(v View, text string) (caller, error) {
	if same(text, v.Settings().AdminToken) {
		user, _ := v.Users().Get(adminID)
		return caller{user, true}, nil
	}
	token, ok := v.Tokens().Get(text)
	if !ok {
		return caller{}, refuse(Unauthenticated, "X-ApiToken is not known")
	}
	if token.Ended {
		return caller{}, refuse(Unauthenticated, "X-ApiToken was ended by a logout: sign on again")
	}
	if !c.clock.Now().Before(token.Expiry) {
		return caller{}, refuse(Unauthenticated, "X-ApiToken has expired: sign on again")
	}
	user, _ := v.Users().Get(token.UserID)
	return caller{user, user.Type == Admin}, nil
}

// CheckKey refuses a key other than the clinic's, and a wrong secret. A missing secret is accepted, because older pages
// of VSee leave it out.
func (c *Clinic) CheckKey(ctx context.Context, key, secret string) error {
	settings, err := c.Settings(ctx)
	if err != nil {
		return err
	}
	switch {
	case key == "":
		return refuse(Unauthenticated, "X-ApiKey is required")
	case !same(key, settings.Key):
		return refuse(Unauthenticated, "X-ApiKey is not this clinic's")
	case secret != "" && !same(secret, settings.Secret):
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
		caller, err := c.whose(v, text)
		if err != nil {
			return Session{}, err
		}
		token, ok := v.Tokens().Get(text)
		if !ok {
			return Session{}, refuse(Forbidden, "is the clinic's admin token, which signs nobody on")
		}
		return Session{caller.user, token.Expiry}, nil
	})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
