package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/contract/engine"
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
	if err := engine.Verify(h, secret, body); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"another body":        engine.Verify(h, secret, []byte(`{ }`)),
		"another secret":      engine.Verify(h, "whsec_"+strings.Repeat("A", 32), body),
		"a secret of no form": engine.Verify(h, "whsec_!", body),
		"no header":           engine.Verify(http.Header{}, secret, body),
	} {
		if err == nil {
			t.Errorf("%s is taken for genuine", what)
		}
	}
}
