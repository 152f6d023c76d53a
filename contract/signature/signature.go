// Package signature signs events by Standard Webhooks 1.0.0, for the contract suite and its mutants. It shares no
// code with the mock's own signing, so a mistake in one of them shows.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Of returns the signature of an event with these headers and this body: one of the values in webhook-signature.
// The secret is base64, with or without the prefix whsec_; any other secret is an error.
func Of(secret string, h http.Header, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return "", errors.New("the secret is not base64 after whsec_")
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body) // a hash does not fail
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
