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

// maxCredential is the maximum number of characters in a password or an e-mail token.
const maxCredential = 200

// SetCredentials gives a user a password or an e-mail token. VSee creates them in its own ways; the mock has none of
// those (ours).
func (c *Clinic) SetCredentials(ctx context.Context, userID string, n NewCredentials) error {
	return c.changeUser(ctx, userID, func(_ View, user *User) error {
		for _, one := range []struct {
			name   string
			secret *string
			field  *string
		}{{"password", n.Password, &user.Credentials.Password}, {"email_token", n.EmailToken, &user.Credentials.EmailToken}} {
			if one.secret == nil {
				continue
			}
			if utf8.RuneCountInString(*one.secret) > maxCredential {
				return refuse(Invalid, "%s must be at most %d characters", one.name, maxCredential)
			}
			*one.field = ""
			if *one.secret != "" {
				*one.field = c.ids.seal(userID, *one.secret)
			}
		}
		return nil
	})
}

// seal returns the stored form of a user's secret: enough to recognise the secret again.
func (s idSource) seal(userID, secret string) string {
	key := s.randomBytes("credentials of "+userID, 0)
	mac := hmac.New(sha256.New, key[:])
	_, _ = mac.Write([]byte(secret)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// matchesSecret reports whether a secret of a user matches the sealed one. It takes the same time when there is none.
func (s idSource) matchesSecret(userID, secret, sealed string) bool {
	return equalSecrets(s.seal(userID, secret), sealed) && sealed != ""
}
