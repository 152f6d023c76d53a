package cron

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

func TestARefusalHasItsMostProbableReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		signature string
		status    int
		answer    string
		on        []string
		want      string
	}{
		{"standard", 401, "", nil, "the receiver refuses the sender: most probably its secret differs"},
		{"standard", 400, "Invalid Signature", nil, "the receiver says that the signature is wrong: most probably"},
		{"none", 403, "", nil, "the clinic sends none: set webhook.signature"},
		{"standard", 401, "", []string{"signature: bad"}, "misbehaved on purpose (signature: bad)"},
		{"github", 404, "", nil, "takes no POST under this path"},
		{"standard", 401, "the request lacks Stripe-Signature of the scheme stripe; it has webhook-signature", nil,
			"wants the signature scheme stripe, and the clinic has standard: set webhook.signature to stripe"},
		{"stripe", 400, "no X-Hub-Signature-256", nil,
			"set webhook.signature to github, or have the receiver"},
		{"none", 400, "Missing Webhook-Signature header", nil, "and the clinic has none: set webhook.signature to standard"},
		{"standard", 401, "webhook-signature does not match", nil, "most probably its secret differs"},
		{"github", 400, "a signature header is missing", nil, "its scheme with the clinic's webhook.signature github"},
		{"standard", 422, "member_id is unknown", nil, ""},
		{"standard", 500, "signature", nil, ""},
		{"standard", 200, "", nil, ""},
	} {
		got := refusalHint(&clinic.Webhook{Signature: c.signature},
			&journal.Delivery{Status: c.status, Answer: []byte(c.answer), Misbehaviour: c.on})
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%d %q: the hint is %q", c.status, c.answer, got)
		}
	}
}
