//go:build ignore

package contract

import (
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The suite's own verifier agrees with an independent one.
func TestSignaturesAreVerifiedAsTheStandardSays(t *testing.T) {
	t.Parallel()
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{}`)
	signature, err := wh.Sign("event", time.Unix(1649949363, 0), body)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("webhook-id", "event")
	h.Set("webhook-timestamp", "1649949363")
	h.Set("webhook-signature", "v1,AAAA "+signature)
	if err := verify(h, secret, body); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"another body":        verify(h, secret, []byte(`{ }`)),
		"another secret":      verify(h, "whsec_"+strings.Repeat("A", 32), body),
		"a secret of no form": verify(h, "whsec_!", body),
		"no header":           verify(http.Header{}, secret, body),
	} {
		if err == nil {
			t.Errorf("%s is taken for genuine", what)
		}
	}
}
