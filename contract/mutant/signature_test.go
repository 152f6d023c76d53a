package mutant_test

import (
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
)

// A mutant with a wrong event signs it again, so that its signature does not give it away. Without the id and the
// time, no signature is genuine.
func TestOnlyTheMutantsOfTheSignatureAreWrongInIt(t *testing.T) {
	t.Parallel()
	wh, err := standardwebhooks.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	mocks := start(t)
	tours := honestly(t, mocks)
	for _, m := range mutant.All() {
		if !mutant.IsEvent(m.Operation) {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			n := legOf(m.Operation)
			for _, s := range visit(t, mocks, m, n, tours[n]).steps {
				if s.operation != m.Operation {
					continue
				}
				genuine := wh.VerifyIgnoringTimestamp([]byte(s.body), s.header) == nil
				if genuine == (strings.Contains(m.Name, "/the signature is ") || strings.HasPrefix(m.Name, "event/no Webhook-")) {
					t.Errorf("%s is genuine: %t", s.name, genuine)
				}
			}
		})
	}
}
