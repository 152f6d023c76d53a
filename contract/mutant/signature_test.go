package mutant_test

import (
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
)

// A mutant whose event is wrong has signed it, so that it is not caught by its signature. Without its id and the time no
// signature is genuine.
func TestOnlyTheMutantsOfTheSignatureAreWrongInIt(t *testing.T) {
	t.Parallel()
	wh, err := standardwebhooks.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	mocks := start(t)
	honest := visit(t, mocks, mutant.Mutant{}, nil)
	for _, m := range mutant.All() {
		if m.Operation != mutant.Event {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for _, s := range visit(t, mocks, m, honest).steps {
				if s.operation != mutant.Event {
					continue
				}
				genuine := wh.VerifyIgnoringTimestamp([]byte(s.body), s.header) == nil
				if genuine == (strings.HasPrefix(m.Name, "event/the signature is ") || strings.HasPrefix(m.Name, "event/no Webhook-")) {
					t.Errorf("%s is genuine: %t", s.name, genuine)
				}
			}
		})
	}
}
