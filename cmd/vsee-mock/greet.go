package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// greet prints what a newcomer needs. The listener is bound by then.
func greet(w io.Writer, address string, o mockserver.Options, mine own) {
	base := "http://" + reachable(address)
	c := o.Clinics[0]
	webhook := cmp.Or(c.Webhook.URL, "none: --webhook-url sets it")
	bearer := ""
	if o.ControlToken != "" {
		bearer = ` -H 'Authorization: Bearer <the control token>'`
	}
	_, _ = fmt.Fprintf(w, `vsee-mock %[1]s is listening on %[2]s

  base URL      %[3]s/api_v3
                also under /vc/dev, /vc/next and /vc/stable, as VSee has it
  clinic        X-AccountCode: %[4]s
  key           X-ApiKey: %[5]s
  secret        X-ApiSecret: %[6]s
  admin token   X-ApiToken: %[7]s
  webhook       %[8]s
  signed with   %[14]s
  clock         %[11]s
  scenarios     %[12]d: vsee-mock scenarios list%[13]s shows them
  seed          %[9]d

Try this first:
  curl -H 'X-ApiToken: %[7]s' %[3]s/api_v3/insurances/
Do not wait for a check, move the clinic's clock:
  curl%[10]s -d '{"advance": "10s"}' %[3]s/_mock/clinics/%[4]s/clock
See it all play: vsee-mock demo. All of the control API: %[3]s/_mock/openapi.yaml
`, version, address, base, c.AccountCode, c.Key, c.Secret, c.AdminToken, webhook, c.Seed, bearer,
		clockOf(c), len(o.Scenarios), mine.flags(), signedWith(c.Webhook))
}

// signedWith says what a receiver verifies events with.
func signedWith(w clinic.Webhook) string {
	if w.Signature == clinic.SignatureNone {
		return "nothing"
	}
	return w.Secret
}

// clockOf says how a clinic's time passes, and how long its checks take.
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

// reachable returns an address that a client on this computer can use: a server on all addresses is on loopback too.
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

// farewell says what a stop has left undone.
func farewell(w io.Writer, server *mockserver.Server) error {
	pending, err := server.Pending(context.Background())
	if err != nil {
		return err
	}
	if pending == (mockserver.Pending{}) {
		_, _ = fmt.Fprintln(w, "vsee-mock has stopped; nothing was pending")
		return nil
	}
	_, _ = fmt.Fprintf(w, "vsee-mock has stopped; still pending: %s, %s and %s\n",
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
