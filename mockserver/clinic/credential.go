package clinic

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// Credentials are a user's login secrets, sealed: the original secret cannot be read from them. An empty one means no
// secret.
type Credentials struct{ Password, EmailToken string }

// NewCredentials replace a user's login secrets. A nil field keeps the current secret, and an empty text removes it.
type NewCredentials struct{ Password, EmailToken *string }

// maxCredential is how many characters a password or an e-mail token may have.
const maxCredential = 200

// SetCredentials gives a user a password or an e-mail token. VSee creates them in its own ways; the mock has none of
// those (ours).
func (c *Clinic) SetCredentials(ctx context.Context, userID string, n NewCredentials) error {
	return c.changeUser(ctx, userID, func(_ View, user *User) error {
		for _, one := range []struct {
			name  string
			said  *string
			field *string
		}{{"password", n.Password, &user.Credentials.Password}, {"email_token", n.EmailToken, &user.Credentials.EmailToken}} {
			if one.said == nil {
				continue
			}
			if utf8.RuneCountInString(*one.said) > maxCredential {
				return refuse(Invalid, "%s must be at most %d characters", one.name, maxCredential)
			}
			*one.field = ""
			if *one.said != "" {
				*one.field = c.chance.seal(userID, *one.said)
			}
		}
		return nil
	})
}

// seal returns the stored form of a user's secret: enough to recognise the secret again.
func (s source) seal(userID, secret string) string {
	key := s.draw("credentials of "+userID, 0)
	mac := hmac.New(sha256.New, key[:])
	_, _ = mac.Write([]byte(secret)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// knows reports whether a secret of a user matches the sealed one. It takes the same time when there is none.
func (s source) knows(userID, secret, sealed string) bool {
	return same(s.seal(userID, secret), sealed) && sealed != ""
}
