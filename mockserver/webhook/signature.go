package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// secretPrefix is what a secret begins with; the base64 of the key follows.
const secretPrefix = "whsec_"

// sign sets the headers of Standard Webhooks: id, the Unix second of at, and the signature of both and of the body.
func sign(h http.Header, secret, id string, at time.Time, body []byte) error {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac, err := signature(secret, id, stamp, body)
	if err != nil {
		return err
	}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, stamp)
	h.Set(HeaderSignature, mac)
	return nil
}

func signature(secret, id, stamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", errors.New("the webhook's secret is not base64 after whsec_")
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.", id, stamp) // a hash does not fail
	_, _ = mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Verify returns nil when one of the signatures in h is that of the body by this secret. It does not look at how old
// the timestamp is: a clinic's clock may be far from the receiver's.
func Verify(h http.Header, secret string, body []byte) error {
	id, stamp := h.Get(HeaderID), h.Get(HeaderTimestamp)
	if id == "" || stamp == "" || h.Get(HeaderSignature) == "" {
		return fmt.Errorf("the request lacks %s, %s or %s", HeaderID, HeaderTimestamp, HeaderSignature)
	}
	want, err := signature(secret, id, stamp, body)
	if err != nil {
		return err
	}
	for got := range strings.FieldsSeq(h.Get(HeaderSignature)) {
		if hmac.Equal([]byte(got), []byte(want)) {
			return nil
		}
	}
	return errors.New("no signature is that of the body by this secret")
}
