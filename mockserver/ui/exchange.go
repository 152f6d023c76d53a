package ui

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// exchange is the data of the view of one request and its reply.
type exchange struct {
	controlapi.Exchange
	Evidence string
	Curl     string
	TokenUse bool    // the request had a token, which the journal does not keep
	Why      *reason // for the answer to the check or the claim that it started; nil for none
}

// reason is why the mock answered as it did.
type reason struct {
	Base     string // the address of the clinic's views
	Because  string
	Scenario *controlapi.ScenarioPlace // nil for none
	Misses   []controlapi.NearMiss
}

// exchange shows a request and its reply side by side, and the reason for the answer.
func (u *UI) exchange(c *call) (answer, error) {
	found, err := c.client.GetExchange(c.Context(), c.account, c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	x := exchange{Exchange: found, Evidence: found.Reply.Headers.Get("X-Mock-Evidence")}
	if found.CheckID != "" {
		why, err := c.client.ExplainCheck(c.Context(), c.account, found.CheckID)
		if err != nil {
			return answer{}, err
		}
		x.Why = &reason{c.address(""), why.Because, why.Scenario, why.Misses}
	}
	if found.ClaimID != "" {
		why, err := c.client.ExplainClaim(c.Context(), c.account, found.ClaimID)
		if err != nil {
			return answer{}, err
		}
		x.Why = &reason{c.address(""), why.Because, why.Scenario, nil}
	}
	x.Curl, x.TokenUse = curl(c.Host, found), found.Request.Headers.Get("X-ApiToken") == mask
	return answer{view: "exchange", data: x}, nil
}

// check shows why a check was answered as it was, and the event about it.
func (u *UI) check(c *call) (answer, error) {
	why, err := c.client.ExplainCheck(c.Context(), c.account, c.PathValue("id"))
	return answer{view: "check", data: why}, err
}

// sentByClients are headers that curl sends by itself.
var sentByClients = [...]string{"Accept", "Accept-Encoding", "Content-Length", "User-Agent", "Connection", "Host"}

// spelt are the headers of VSee's API as its guide spells them.
var spelt = map[string]string{"X-Accountcode": "X-AccountCode", "X-Apikey": "X-ApiKey", "X-Apisecret": "X-ApiSecret",
	"X-Apitoken": "X-ApiToken"}

// curl returns a request as a command, with *** in place of its credentials.
func curl(host string, x controlapi.Exchange) string {
	lines := []string{"curl"}
	if x.Method != http.MethodGet {
		lines[0] += " --request " + quote(x.Method)
	}
	lines[0] += " " + quote("http://"+host+x.Path)
	for _, name := range slices.Sorted(maps.Keys(x.Request.Headers)) {
		for _, value := range x.Request.Headers[name] {
			if !slices.Contains(sentByClients[:], name) {
				lines = append(lines, "--header "+quote(cmp.Or(spelt[name], name)+": "+value))
			}
		}
	}
	if x.Request.Body != "" {
		lines = append(lines, "--data-binary "+quote(x.Request.Body))
	}
	return strings.Join(lines, " \\\n  ")
}

// quote quotes a text for a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
