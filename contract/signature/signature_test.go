package signature_test

import (
	"net/http"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/signature"
)

// The values come from the example in Standard Webhooks.
func TestAnEventIsSignedAsTheExampleOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	h := http.Header{"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"}}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	for _, secret := range []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
		if got, err := signature.Of(secret, h, []byte(`{"test": 2432232314}`)); got != want || err != nil {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	if _, err := signature.Of("whsec_not base64", h, nil); err == nil {
		t.Error("a secret that is no base64 is taken")
	}
}
