package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// greet prints the banner. The listeners must be bound before.
func (s *serve) greet(n notices, on bound, o mockserver.Options) {
	base := on.base()
	c := o.Clinics[0]
	if n.json { // without credentials: a log is kept
		clock := "real time"
		if !c.Clock.Start.IsZero() {
			clock = c.Clock.Start.Format(time.RFC3339)
		}
		n.say(slog.LevelInfo, "listening", "version", version, "addresses", on.addresses(), "missing_address", on.missing,
			"base_url", base+"/api_v3", "control", base+"/_mock/openapi.yaml", "clinic", c.AccountCode,
			"webhook", c.Webhook.URL != "", "clock", clock, "frozen", c.Clock.Frozen,
			"cron_delay_ms", logline.Milliseconds(*c.CronDelay), "scenarios", len(o.Scenarios), "seed", c.Seed)
		return
	}
	webhook := cmp.Or(c.Webhook.URL, "none: --webhook-url sets it")
	bearer := ""
	if o.ControlToken != "" {
		bearer = ` -H 'Authorization: Bearer <the control token>'`
	}
	_, _ = fmt.Fprintf(n.w, `vsee-mock %[1]s is listening on %[2]s

  base URL      %[3]s/api_v3
                also under any prefix, such as /vc/dev and /vc/stable
  clinic        X-AccountCode: %[4]s
  key           X-ApiKey: %[5]s
  secret        X-ApiSecret: %[6]s
  admin token   X-ApiToken: %[7]s
  webhook       %[8]s
  signed with   %[15]s
  clock         %[11]s
  scenarios     %[12]d: vsee-mock scenarios list%[13]s shows them
  seed          %[9]d
  fields        %[14]s

Try this first:
  curl -H 'X-ApiToken: %[7]s' %[3]s/api_v3/insurances/
Do not wait for a check, move the clinic's clock:
  curl%[10]s -d '{"advance": "10s"}' %[3]s/_mock/clinics/%[4]s/clock
See it all play: vsee-mock demo. All of the control API: %[3]s/_mock/openapi.yaml
`, version, on, base, c.AccountCode, c.Key, c.Secret, c.AdminToken, webhook, c.Seed, bearer,
		clockOf(c), len(o.Scenarios), s.flags(), unknownOf(o.UnknownFields), signedWith(c.Webhook))
}

// String returns the addresses in use, and the address of localhost missing on this computer.
func (b bound) String() string {
	text := strings.Join(b.addresses(), " and ")
	if b.missing != "" {
		text += fmt.Sprintf("\n(this computer has no %s: a client that takes localhost for it does not reach the mock)", b.missing)
	}
	return text
}

// unknownOf describes the treatment of fields unknown to a request.
func unknownOf(mode clinic.UnknownFields) string {
	says := map[clinic.UnknownFields]string{
		clinic.RefuseTypos:   "a likely typo is refused, any other unknown one is ignored",
		clinic.RefuseUnknown: "every unknown one is refused",
		clinic.IgnoreUnknown: "every unknown one is ignored",
	}
	return fmt.Sprintf("%s (unknown_fields: %s)", says[mode], mode)
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
		start += ", frozen: nothing happens until it is moved"
	}
	return fmt.Sprintf("%s; a check takes %s", start, *c.CronDelay)
}

// reachable returns an address usable by a client on this computer: a server on all addresses is on loopback too.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// farewell reports the work left undone by a stop.
func farewell(n notices, server *mockserver.Server) error {
	pending, err := server.Pending(context.Background())
	if err != nil {
		return err
	}
	if n.json {
		n.say(slog.LevelInfo, "stopped", "pending_checks", pending.Checks, "pending_claims", pending.Claims, "pending_deliveries", pending.Deliveries)
		return nil
	}
	if pending == (mockserver.Pending{}) {
		_, _ = fmt.Fprintln(n.w, "vsee-mock has stopped; nothing was pending")
		return nil
	}
	_, _ = fmt.Fprintf(n.w, "vsee-mock has stopped; still pending: %s, %s and %s\n",
		count(pending.Checks, "check"), count(pending.Claims, "claim"), count(pending.Deliveries, "webhook delivery"))
	return nil
}

func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what[len(what)-1] == 'y':
		return fmt.Sprintf("%d %sies", n, what[:len(what)-1])
	}
	return fmt.Sprintf("%d %ss", n, what)
}
