package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Tolerance is the largest difference between the signed time of an event and its arrival. Standard Webhooks
// suggests it, and its libraries refuse an event beyond it.
const Tolerance = 5 * time.Minute

// SignedAt returns the signed time of an event.
func SignedAt(h http.Header) (time.Time, error) {
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		return time.Time{}, errors.New("webhook-timestamp is not a Unix second")
	}
	return time.Unix(seconds, 0), nil
}

// Verify returns nil when an event is signed with the secret by Standard Webhooks 1.0.0. It does not look at how old
// the timestamp is: some events are signed as of another time on purpose.
func Verify(h http.Header, secret string, body []byte) error {
	want, err := Sign(secret, h, body)
	if err != nil {
		return err
	}
	if !slices.Contains(strings.Fields(h.Get("webhook-signature")), want) {
		return errors.New("webhook-signature is not that of the event")
	}
	return nil
}

// Sign returns the signature of an event with these headers and this body: one of the values in webhook-signature. The
// secret is base64, with or without the prefix whsec_; any other secret is an error. It shares no code with the mock's
// own signing, so a mistake in one of them shows.
func Sign(secret string, h http.Header, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return "", errors.New("the secret is not base64 after whsec_")
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body) // a hash does not fail
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
