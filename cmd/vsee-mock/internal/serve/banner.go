// Package serve has the commands that run a mock and ask whether it is ready.
package serve

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// printBanner prints the banner. The listeners must be bound before.
func (s *Command) printBanner(n command.Notices, on bind.Bound, secure []net.Listener, o mockserver.Options) {
	base, secureBase, secureLine := on.Base(), "", ""
	if len(secure) > 0 {
		secureBase = "https://" + bind.Reachable(secure[0].Addr().String()) + "/api_v3"
		secureLine = "\n  HTTPS         " + secureBase
	}
	c := o.Clinics[0]
	if n.JSON { // without credentials: a log is kept
		clock := "real time"
		if !c.Clock.Start.IsZero() {
			clock = c.Clock.Start.Format(time.RFC3339)
		}
		n.Say(slog.LevelInfo, "listening", "version", o.Version, "addresses", on.Addresses(), "missing_address", on.Missing,
			"base_url", base+"/api_v3", "https_base_url", secureBase, "control", base+"/_mock/openapi.yaml",
			"control_token", o.ControlToken != "",
			"clinic", c.AccountCode, "webhook", c.Webhook.URL != "", "clock", clock, "frozen", c.Clock.Frozen,
			"cron_delay_ms", logline.Milliseconds(*c.CronDelay), "scenarios", len(o.Scenarios),
			"scenario_problems", len(o.ScenarioProblems), "seed", c.Seed)
		return
	}
	webhook := cmp.Or(c.Webhook.URL, "none: --webhook-url sets it")
	bearer, control := "", "without a token: --control-token sets one"
	if o.ControlToken != "" {
		control, bearer = "with the token of --control-token", ` -H 'Authorization: Bearer <the control token>'`
	}
	_, _ = fmt.Fprintf(n.W, `vsee-mock %[1]s is listening on %[2]s

  base URL      %[3]s/api_v3%[16]s
                also under any prefix, such as /vc/dev and /vc/stable
  control API   %[17]s
  page          %[3]s/_mock/ shows events as they happen
  clinic        X-AccountCode: %[4]s
  key           X-ApiKey: %[5]s
  secret        X-ApiSecret: %[6]s
  admin token   X-ApiToken: %[7]s
  webhook       %[8]s
  signed with   %[15]s
  clock         %[11]s
  scenarios     %[12]s: vsee-mock scenarios list%[13]s shows them
  seed          %[9]d
  fields        %[14]s

Try this first:
  curl -H 'X-ApiToken: %[7]s' %[3]s/api_v3/insurances/
Do not wait for a check, move the clinic's clock:
  curl%[10]s -d '{"advance": "10s"}' %[3]s/_mock/clinics/%[4]s/clock
See a whole run: vsee-mock demo. The whole control API: %[3]s/_mock/openapi.yaml
`, o.Version, on, base, c.AccountCode, c.Key, c.Secret, c.AdminToken, webhook, c.Seed, bearer,
		clockOf(c), scenariosOf(o), s.CommandLine(), unknownOf(o.UnknownFields), signedWith(c.Webhook), secureLine, control)
}

// unknownOf describes the treatment of fields unknown to a request.
func unknownOf(mode clinic.UnknownFields) string {
	says := map[clinic.UnknownFields]string{
		clinic.RefuseTypos:   "a likely typo is refused; other unknown fields are ignored",
		clinic.RefuseUnknown: "every unknown field is refused",
		clinic.IgnoreUnknown: "every unknown field is ignored",
	}
	return fmt.Sprintf("%s (unknown_fields: %s)", says[mode], mode)
}

// scenariosOf counts the scenarios in force, and the problems in files of others.
func scenariosOf(o mockserver.Options) string {
	text := strconv.Itoa(len(o.Scenarios))
	if n := len(o.ScenarioProblems); n > 0 {
		text += ", and " + output.Count(n, "problem") + " in your files"
	}
	return text
}

// signedWith returns the secret a receiver needs to verify events, or "nothing" for unsigned ones.
func signedWith(w clinic.Webhook) string {
	if !webhook.Scheme(w.Signature).Signs() {
		return "nothing"
	}
	return w.Secret
}

// clockOf describes the passing of time in a clinic, and the duration of its checks.
func clockOf(c clinic.Settings) string {
	start := "real time"
	if !c.Clock.Start.IsZero() {
		start = "from " + c.Clock.Start.Format(time.RFC3339)
	}
	if c.Clock.Frozen {
		start = strings.Replace(start, "real time", "from now", 1) + ", frozen: nothing happens until it is moved"
	}
	return fmt.Sprintf("%s; a check takes %s", start, scenarios.Range{From: *c.CronDelay,
		To: max(*c.CronDelay, c.MaxCronDelay)})
}

// reportPending reports the work left undone by a stop.
func reportPending(n command.Notices, server *mockserver.Server) error {
	pending, err := server.Pending(context.Background())
	if err != nil {
		return err
	}
	if n.JSON {
		n.Say(slog.LevelInfo, "stopped", "pending_checks", pending.Checks, "pending_claims", pending.Claims,
			"pending_visits", pending.Visits, "pending_deliveries", pending.Deliveries)
		return nil
	}
	if pending == (mockserver.Pending{}) {
		_, _ = fmt.Fprintln(n.W, "vsee-mock has stopped; nothing was pending")
		return nil
	}
	_, _ = fmt.Fprintf(n.W, "vsee-mock has stopped; still pending: %s, %s, %s and %s\n",
		output.Count(pending.Checks, "check"), output.Count(pending.Claims, "claim"),
		output.Count(pending.Visits, "visit"), output.Count(pending.Deliveries, "webhook delivery"))
	return nil
}
