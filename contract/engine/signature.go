package engine

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/signature"
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

// Verify returns nil when an event is signed with the secret by Standard Webhooks 1.0.0. It does not look at how old the
// timestamp is: some events are signed as of another time on purpose.
func Verify(h http.Header, secret string, body []byte) error {
	want, err := signature.Of(secret, h, body)
	if err != nil {
		return err
	}
	if !slices.Contains(strings.Fields(h.Get("webhook-signature")), want) {
		return errors.New("webhook-signature is not that of the event")
	}
	return nil
}
