package controlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// mockFlags are the flags of commands about no clinic, or about one that an argument names.
type mockFlags struct {
	Mock         string       `default:"http://127.0.0.1:8080" help:"Address of the mock."`
	ControlToken command.Text `help:"Bearer token of the mock's control API (none)."`
	NoProxy      bool         `help:"Ignore HTTP_PROXY."`
	JSON         bool         `name:"json" help:"Print the reply of the control API unchanged."`
}

// about returns the flags for a clinic.
func (f mockFlags) about(account string) remote.Flags {
	return remote.Flags{Mock: f.Mock, JSON: f.JSON,
		Account: remote.Account{Clinic: account, ControlToken: f.ControlToken, NoProxy: f.NoProxy, Named: true}}
}

// Clinics is `vsee-mock clinics`.
type Clinics struct {
	List   listClinics  `cmd:"" default:"withargs" help:"List the clinics: the command when none is given."`
	Create createClinic `cmd:"" help:"Make a clinic, and print its credentials."`
	Delete deleteClinic `cmd:"" help:"Remove a clinic with all its data."`
}

type listClinics struct {
	Limit int `default:"100" help:"Maximum number of clinics."`
	mockFlags
}

// Run prints a line for each clinic.
func (l *listClinics) Run(a *command.App) error {
	flags := l.about("-")
	c, err := flags.Client()
	if err != nil {
		return err
	}
	page, err := c.ListClinics(a.Ctx, controlapi.PageRequest{Limit: l.Limit})
	if err != nil {
		return err
	}
	return flags.Print(a, c, func(w io.Writer) {
		columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		defer func() { _ = columns.Flush() }() // as the other writes
		_, _ = fmt.Fprintln(columns, "CLINIC\tCLOCK\t\tPENDING\tWEBHOOK")
		for _, k := range page.Data {
			state := strings.TrimPrefix(clockState(k.Clock.Frozen), "is ")
			pending := k.Pending.Checks + k.Pending.Claims + k.Pending.Visits + k.Pending.Deliveries
			url := k.Webhook.URL
			if url == "" {
				url = "none"
			}
			_, _ = fmt.Fprintf(columns, "%s\t%s\t%s\t%d\t%s\n", k.AccountCode, k.Clock.Now.Format(time.RFC3339), state, pending,
				output.Plain(url))
		}
		if page.Next != "" {
			_, _ = fmt.Fprintln(columns, "there are more: raise --limit")
		}
	})
}

type createClinic struct {
	Account    string  `arg:"" optional:"" help:"Account code (made up)."`
	Scenario   string  `env:"-" help:"Set the clinic up for this scenario."`
	Seed       *uint64 `env:"-" help:"Number from which ids and tokens follow (random)."`
	Freeze     bool    `env:"-" help:"Make its clock stand still."`
	WebhookURL string  `env:"-" help:"Receiver of its events (none)."`
	mockFlags
}

// Run makes a clinic.
func (k *createClinic) Run(a *command.App) error {
	flags := k.about("-")
	c, err := flags.Client()
	if err != nil {
		return err
	}
	settings := controlapi.ClinicSettings{AccountCode: k.Account, Scenario: k.Scenario, Seed: k.Seed}
	if k.Freeze {
		settings.Clock = &controlapi.ClockSettings{Freeze: true}
	}
	if k.WebhookURL != "" {
		settings.Webhook = &controlapi.WebhookSettings{URL: &k.WebhookURL}
	}
	made, err := c.CreateClinic(a.Ctx, settings)
	if err != nil {
		return err
	}
	return flags.Print(a, c, func(w io.Writer) {
		for _, line := range [][2]string{
			{"API", made.BaseURL}, {"X-AccountCode", made.AccountCode}, {"X-ApiKey", made.APIKey},
			{"X-ApiSecret", made.APISecret}, {"X-ApiToken", made.AdminToken + " (admin)"},
			{"webhook secret", made.Webhook.Secret},
		} {
			_, _ = fmt.Fprintf(w, "%-15s %s\n", line[0], output.Plain(line[1]))
		}
	})
}

type deleteClinic struct {
	Account string `arg:"" help:"Account code of the clinic."`
	mockFlags
}

// Run removes a clinic.
func (k *deleteClinic) Run(a *command.App) error {
	flags := k.about(k.Account)
	flags.JSON = false // the reply is empty
	c, err := flags.Client()
	if err != nil {
		return err
	}
	if err := c.DeleteClinic(a.Ctx, k.Account); err != nil {
		return err
	}
	return flags.Print(a, c, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%s is removed\n", k.Account) })
}

// Reset is `vsee-mock reset`.
type Reset struct {
	Keep string `enum:"patients," default:"" placeholder:"patients" env:"-" help:"Keep users, cards, images and rooms."`
	remote.Flags
}

// Run empties a clinic.
func (r *Reset) Run(a *command.App) error {
	c, err := r.Client()
	if err != nil {
		return err
	}
	var options controlapi.ResetOptions
	if r.Keep != "" {
		options.Keep = &r.Keep
	}
	empty, err := c.Reset(a.Ctx, c.Clinic, options)
	if err != nil {
		return err
	}
	return r.Print(a, c, func(w io.Writer) {
		_, _ = fmt.Fprintf(w, "%s is emptied; ", c.Clinic)
		printClock(w, empty.Clock.Now, empty.Clock.Frozen)
	})
}

// Faults is `vsee-mock faults`.
type Faults struct {
	List  listFaults  `cmd:"" default:"withargs" help:"List the faults: the command when none is given."`
	Set   setFaults   `cmd:"" help:"Replace the faults."`
	Clear clearFaults `cmd:"" help:"Remove the faults."`
}

type listFaults struct{ remote.Flags }

// Run prints the faults.
func (l *listFaults) Run(a *command.App) error {
	c, err := l.Client()
	if err != nil {
		return err
	}
	found, err := c.ListFaults(a.Ctx, c.Clinic)
	if err != nil {
		return err
	}
	return l.Print(a, c, func(w io.Writer) { printFaults(w, c.Clinic, found) })
}

type setFaults struct {
	Faults []string `arg:"" name:"fault" sep:"none" help:"Faults as JSON, such as '{\"operation\": \"getMe\", \"status\": 503}', or a list of them."`
	remote.Flags
}

// Help is the text below the command's summary.
func (setFaults) Help() string {
	return "A fault has operation, from, times, probability, latency, status, retry_after, until_retry_after, reset, " +
		"truncated, slow, malformed and html. They are tried in order."
}

// Run replaces the faults.
func (s *setFaults) Run(a *command.App) error {
	faults := []json.RawMessage{}
	for _, text := range s.Faults {
		if !json.Valid([]byte(text)) {
			return command.Usage(errors.New(`a fault must be JSON, such as '{"operation": "getMe", "status": 503}'`))
		}
		var list []json.RawMessage
		if json.Unmarshal([]byte(text), &list) != nil || list == nil {
			list = []json.RawMessage{json.RawMessage(text)}
		}
		faults = append(faults, list...)
	}
	c, err := s.Client()
	if err != nil {
		return err
	}
	var found controlapi.FaultList
	// The JSON is sent as it is, so the mock can name a field that it does not know.
	if err := c.Call(a.Ctx, "PUT /clinics/{account}/faults", faults, &found, c.Clinic); err != nil {
		return err
	}
	return s.Print(a, c, func(w io.Writer) { printFaults(w, c.Clinic, found) })
}

type clearFaults struct{ remote.Flags }

// Run removes the faults.
func (f *clearFaults) Run(a *command.App) error {
	c, err := f.Client()
	if err != nil {
		return err
	}
	if err := c.DeleteFaults(a.Ctx, c.Clinic); err != nil {
		return err
	}
	f.JSON = false // the reply is empty
	return f.Print(a, c, func(w io.Writer) { printFaults(w, c.Clinic, controlapi.FaultList{}) })
}

func printFaults(w io.Writer, account string, found controlapi.FaultList) {
	if len(found.Data) == 0 {
		_, _ = fmt.Fprintf(w, "%s has no faults\n", account)
	}
	for i, f := range found.Data {
		text, _ := json.Marshal(f.Fault) // it was JSON
		_, _ = fmt.Fprintf(w, "%d. %s: %s so far\n", i+1, output.Compact(text, "", output.LineWidth),
			output.Count(f.Affected, "request"))
	}
}
