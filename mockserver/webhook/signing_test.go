package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	older  = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

var standard = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}}

// The signatures of each scheme match values from independent sources.
func TestSignaturesAreThosePublished(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		signing webhook.Signing
		id      string
		at      int64
		body    string
		want    http.Header
	}{
		"the vector of Standard Webhooks": {
			standard, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, `{"test": 2432232314}`,
			http.Header{
				"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"},
				"Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
			},
		},
		"the example of GitHub's documentation": {
			webhook.Signing{Scheme: webhook.GitHub,
				Secrets: []string{"It's a Secret to Everybody"}}, "event", 0, "Hello, World!",
			http.Header{"X-Hub-Signature-256": {"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
		},
		"a test case of RFC 4231": {
			webhook.Signing{Scheme: webhook.GitHub, Secrets: []string{"Jefe"}}, "event", 0, "what do ya want for nothing?",
			http.Header{"X-Hub-Signature-256": {"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"}},
		},
		"Stripe's text, signed by openssl dgst -sha256 -hmac": {
			webhook.Signing{Scheme: webhook.Stripe,
				Secrets: []string{"whsec_stripe_test_secret"}}, "event", 1649949363, `{"id":"62583ab3"}`,
			http.Header{"Stripe-Signature": {
				"t=1649949363,v1=bcf495897d528127f0e2ff3462d0277c4a12b762dc81b99648d57d062bb8d495",
			}},
		},
		"headers of other names": {
			webhook.Signing{
				Scheme: webhook.GitHub, Secrets: []string{"Jefe"},
				Headers: webhook.Headers{ID: "X-Event", Timestamp: "X-Time", Signature: "X-Sig"},
			}, "event", 1, "what do ya want for nothing?",
			http.Header{
				"X-Event": {"event"}, "X-Time": {"1"},
				"X-Sig": {"sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
			},
		},
		"nothing": {webhook.Signing{Scheme: webhook.Unsigned, Secrets: []string{"s"}}, "event", 1, "{}", http.Header{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			if err := tc.signing.Sign(h, tc.id, time.Unix(tc.at, 999), []byte(tc.body)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, h); diff != "" {
				t.Errorf("(-published +ours):\n%s", diff)
			}
			if err := tc.signing.Verify(h, []byte(tc.body)); err != nil {
				t.Errorf("ours is not ours: %s", err)
			}
		})
	}
}

// An independent verifier accepts our signatures, with one secret and with two, and we accept its signatures.
func TestSignaturesHoldForAnIndependentVerifier(t *testing.T) {
	t.Parallel()
	at, body := time.Unix(1649949363, 999_999_999), []byte(`{"a": "ü"}`)
	rotating := webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret, older}}
	h := http.Header{}
	if err := rotating.Sign(h, "event", at, body); err != nil {
		t.Fatal(err)
	}
	for _, known := range []string{secret, older} {
		theirs, err := standardwebhooks.NewWebhook(known)
		if err != nil {
			t.Fatal(err)
		}
		if err := theirs.VerifyIgnoringTimestamp(body, h); err != nil {
			t.Errorf("by the secret %s…: %s", known[:9], err)
		}
		text, err := theirs.Sign("event", at, body)
		if err != nil {
			t.Fatal(err)
		}
		foreign := http.Header{"Webhook-Id": {"event"}, "Webhook-Timestamp": {"1649949363"},
			"Webhook-Signature": {"v1,AAAA v1a,BBBB " + text}}
		if err := rotating.Verify(foreign, body); err != nil {
			t.Errorf("one of three: %s", err)
		}
	}
	if signed, ok := rotating.SignedAt(h); !ok || signed.Unix() != at.Unix() {
		t.Errorf("signed at %s, %t", signed, ok)
	}
}

func TestRotationSendsASignatureByEachSecretWhereTheSchemeHasRoom(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[webhook.Scheme]int{webhook.Standard: 2, webhook.Stripe: 2, webhook.GitHub: 1} {
		signing := webhook.Signing{Scheme: scheme, Secrets: []string{secret, older}}
		h := http.Header{}
		if err := signing.Sign(h, "event", time.Unix(1, 0), []byte("{}")); err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, one := range signing.Secrets {
			alone := webhook.Signing{Scheme: scheme, Secrets: []string{one}}
			if alone.Verify(h, []byte("{}")) == nil {
				held++
			}
		}
		if held != want {
			t.Errorf("%s: %d of 2 secrets verify, want %d", scheme, held, want)
		}
	}
}

func TestVerifyRefusesEveryForgery(t *testing.T) {
	t.Parallel()
	at, body := time.Unix(1649949363, 0), []byte(`{}`)
	for _, scheme := range []webhook.Scheme{webhook.Standard, webhook.Stripe, webhook.GitHub} {
		signing := webhook.Signing{Scheme: scheme, Secrets: []string{secret}}
		name := signing.Names().Signature
		forgeries := map[string]func(h http.Header) (string, string){
			"body":          func(http.Header) (string, string) { return secret, `{ }` },
			"secret":        func(http.Header) (string, string) { return older, `{}` },
			"signature":     func(h http.Header) (string, string) { h.Set(name, h.Get(name)[:20]+"AAAA"); return secret, `{}` },
			"no signature":  func(h http.Header) (string, string) { h.Del(name); return secret, `{}` },
			"empty header":  func(h http.Header) (string, string) { h.Set(name, " "); return secret, `{}` },
			"garbled value": func(h http.Header) (string, string) { h.Set(name, ",=,v1,=v1,t="); return secret, `{}` },
		}
		if scheme == webhook.Standard {
			forgeries["id"] = func(h http.Header) (string, string) { h.Set("webhook-id", "other"); return secret, `{}` }
			forgeries["timestamp"] = func(h http.Header) (string,
				string) {
				h.Set("webhook-timestamp", "1649949364")
				return secret, `{}`
			}
			forgeries["no id"] = func(h http.Header) (string, string) { h.Del("webhook-id"); return secret, `{}` }
			forgeries["no timestamp"] = func(h http.Header) (string, string) { h.Del("webhook-timestamp"); return secret, `{}` }
			forgeries["secret of no form"] = func(http.Header) (string, string) { return "whsec_!", `{}` }
		}
		if scheme == webhook.Stripe {
			forgeries["timestamp"] = func(h http.Header) (string, string) {
				h.Set(name, strings.Replace(h.Get(name), "t=1649949363", "t=1649949364", 1))
				return secret, `{}`
			}
		}
		for what, forge := range forgeries {
			t.Run(string(scheme)+" "+what, func(t *testing.T) {
				t.Parallel()
				h := http.Header{}
				if err := signing.Sign(h, "event", at, body); err != nil {
					t.Fatal(err)
				}
				key, forged := forge(h)
				if (webhook.Signing{Scheme: scheme, Secrets: []string{key}}).Verify(h, []byte(forged)) == nil {
					t.Error("it is taken for genuine")
				}
			})
		}
	}
}

func TestSigningWithoutASecretFails(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][]string{nil, {"whsec_!"}} {
		if err := (webhook.Signing{Scheme: webhook.Standard, Secrets: secrets}).Sign(http.Header{}, "event", time.Unix(1, 0),
			nil); err == nil {
			t.Errorf("with %q it signs", secrets)
		}
	}
}

// A request from another sender must not break the verifier.
func FuzzVerify(f *testing.F) {
	f.Add("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "1614265330", "{}")
	f.Add("t=1,v1=00,v1=", "", "")
	f.Fuzz(func(t *testing.T, value, stamp, body string) {
		for _, name := range signature.Names() {
			scheme := webhook.Scheme(name)
			signing := webhook.Signing{Scheme: scheme, Secrets: []string{secret}}
			h := http.Header{}
			h.Set("webhook-id", "event")
			h.Set("webhook-timestamp", stamp)
			if names := signing.Names(); names.Signature != "" {
				h.Set(names.Signature, value)
			}
			err := signing.Verify(h, []byte(body))
			if _, ok := signing.SignedAt(h); scheme == webhook.Standard && err == nil && !ok {
				t.Errorf("%q is verified and has no time", value)
			}
		}
	})
}

func TestAnIncompleteSignatureNamesTheMissingHeadersAndTheForeignOnes(t *testing.T) {
	t.Parallel()
	stripe := webhook.Signing{Scheme: webhook.Stripe, Secrets: []string{"s"}}
	for want, tc := range map[string]struct {
		signed, verified webhook.Signing
	}{
		"the request lacks Stripe-Signature of the scheme stripe; it has webhook-signature of the scheme standard": {
			standard, stripe},
		"the request lacks webhook-id, webhook-timestamp, webhook-signature of the scheme standard; " +
			"it has Stripe-Signature of the scheme stripe": {stripe, standard},
		"the request lacks X-Sig of the scheme stripe; it has Stripe-Signature of the scheme stripe": {
			stripe, webhook.Signing{Scheme: webhook.Stripe, Headers: webhook.Headers{Signature: "X-Sig", ID: "X-Id"}}},
		"the header webhook-signature does not have the form of the scheme stripe": {
			standard, webhook.Signing{Scheme: webhook.Stripe, Headers: webhook.Headers{Signature: "webhook-signature"}}},
	} {
		h := http.Header{}
		if err := tc.signed.Sign(h, "event", time.Unix(1, 0), []byte("{}")); err != nil {
			t.Fatal(err)
		}
		if err := tc.verified.Verify(h, []byte("{}")); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
