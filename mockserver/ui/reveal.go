package ui

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// mask stands for a secret on every view.
const mask = "***"

// reveal answers with a text to copy. It may have a secret in clear. It takes POST alone, so that no address has one.
func (u *UI) reveal(c *call) (answer, error) {
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	switch c.PostFormValue("what") {
	case "first":
		return answer{text: firstRequest(one, one.AdminToken)}, nil
	case "secret":
		return answer{text: one.Webhook.Secret}, nil
	case "token":
		return c.revealToken()
	case "proof":
		return c.revealProof(one)
	case "command":
		return c.revealCommand(one)
	case "scenario":
		saved, err := c.client.SaveCheck(c.Context(), c.account, c.PostFormValue("id"))
		return answer{text: saved.Text}, err
	case "exchange":
		found, err := c.client.GetExchange(c.Context(), c.account, c.PostFormValue("id"))
		if err != nil {
			return answer{}, err
		}
		fill := strings.NewReplacer("'X-ApiKey: "+mask+"'", quote("X-ApiKey: "+one.APIKey),
			"'X-ApiSecret: "+mask+"'", quote("X-ApiSecret: "+one.APISecret), "'X-ApiToken: "+mask+"'", `"X-ApiToken: $TOKEN"`)
		return answer{text: fill.Replace(curl(c.Host, found))}, nil
	}
	return failure(http.StatusBadRequest, "There is nothing of this name to copy."), nil
}

// firstRequest returns the first request of VSee's integration guide, as a command.
func firstRequest(one controlapi.Clinic, token string) string {
	return fmt.Sprintf("curl %s/insurances/ \\\n  --header %s", one.BaseURL, quote("X-ApiToken: "+token))
}
