package clinic

import (
	"context"
	"crypto/subtle"
	"time"
)

// How long a user's tokens live (seed, step 2: expiry less created).
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
	Refresh  Refresh
}

// Refresh is the refresh token that came with a token. VSee does not publish what it is sent to.
type Refresh struct {
	Text   string // 32 lower-case hex digits
	Expiry time.Time
}

func newToken(tx Tx, user User, now time.Time) Token {
	draw := draws(tx)
	return Token{
		Text:     draw.token(),
		UserID:   user.ID,
		UserType: user.Type,
		Created:  now,
		Expiry:   now.Add(AccessLife),
		Refresh:  Refresh{Text: draw.token(), Expiry: now.Add(RefreshLife)},
	}
}

// Caller is who sent a request: a user, or the clinic's admin.
type Caller struct {
	User  User
	Admin bool // came with the admin token: may see and change every user of the clinic
}

// Authenticate returns whose token this is. The admin token never expires, a user's does on the clinic's clock.
func (c *Clinic) Authenticate(ctx context.Context, text string) (Caller, error) {
	var caller Caller
	err := c.store.View(ctx, c.account, func(v View) error {
		if same(text, v.Settings().AdminToken) {
			caller.Admin = true
			caller.User, _ = v.Users().Get(adminID)
			return nil
		}
		token, ok := v.Tokens().Get(text)
		if !ok {
			return refuse(Unauthenticated, "X-ApiToken is not known")
		}
		if !c.clock.Now().Before(token.Expiry) {
			return refuse(Unauthenticated, "X-ApiToken has expired: sign on again")
		}
		caller.User, _ = v.Users().Get(token.UserID)
		return nil
	})
	return caller, err
}

// CheckKey refuses a key that is not the clinic's, and a secret that is sent and is not the clinic's. Older pages of
// VSee leave the secret out.
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

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
