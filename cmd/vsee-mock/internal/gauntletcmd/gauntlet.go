// Package gauntletcmd has the command that tries a webhook receiver.
package gauntletcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/outfile"
	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Command is `vsee-mock gauntlet`.
type Command struct {
	URL             string        `name:"url" help:"URL of your webhook, with its path."`
	Secret          string        `help:"Secret of your receiver, whsec_…"`
	OldSecret       string        `help:"Secret it must not accept (generated)."`
	Signature       string        `enum:"${schemes}" default:"standard" help:"Scheme: ${scheme_choices}."`
	HeaderID        string        `name:"header-id" placeholder:"NAME" help:"Header of the event's id (the scheme's)."`
	HeaderTimestamp string        `placeholder:"NAME" help:"Header of the time (the scheme's)."`
	HeaderSignature string        `placeholder:"NAME" help:"Header of the signature (the scheme's)."`
	Envelope        string        `enum:"unversioned,1.0,2.0" default:"unversioned" help:"unversioned, 1.0 or 2.0."`
	Account         string        `default:"vclinic" help:"Account code in the payloads."`
	Member          string        `default:"132407" help:"Member id in the payloads."`
	StateURL        string        `name:"state-url" help:"URL of its results (none)."`
	Timeout         time.Duration `default:"5s" help:"Time limit for the answer."`
	JUnit           string        `name:"junit" placeholder:"FILE" help:"Write a JUnit report to this file."`
	JSON            string        `name:"json" placeholder:"FILE" help:"Write a JSON report to this file."`
	Only            []string      `placeholder:"ID" help:"Run only this case; can be repeated."`
	List            bool          `env:"-" help:"List the cases and run none."`
}

// Validate is called by kong: it reports missing and contradictory flags.
func (g *Command) Validate() error {
	ids := caseIDs()
	for _, id := range g.Only {
		if !slices.Contains(ids, id) {
			return fmt.Errorf("--only must name a case: %s", strings.Join(ids, ", "))
		}
	}
	signs := g.Signature != string(webhook.Unsigned)
	switch {
	case g.List:
		return nil
	case g.URL == "":
		return errors.New("--url is missing: the address of your receiver, such as http://127.0.0.1:9000/hook")
	case signs && g.Secret == "":
		return errors.New("--secret is missing: give the secret of your receiver, or --signature none")
	case !signs && (g.Secret != "" || g.OldSecret != "" || g.HeaderSignature != ""):
		return errors.New("--secret, --old-secret and --header-signature have no use with --signature none: leave them out")
	case signs && g.Secret == g.OldSecret:
		return errors.New("--old-secret must differ from --secret")
	case g.Timeout <= 0:
		return errors.New("--timeout must be longer than 0s, such as 5s")
	}
	return g.config().Check()
}

func caseIDs() []string {
	var ids []string
	for _, c := range gauntlet.Cases() {
		ids = append(ids, c.ID)
	}
	return ids
}

func (g *Command) config() gauntlet.Config {
	signing := webhook.Signing{
		Scheme:  webhook.Scheme(g.Signature),
		Headers: webhook.Headers{ID: g.HeaderID, Timestamp: g.HeaderTimestamp, Signature: g.HeaderSignature},
	}
	for _, secret := range []string{g.Secret, g.OldSecret} {
		if secret != "" {
			signing.Secrets = append(signing.Secrets, secret)
		}
	}
	return gauntlet.Config{
		URL: g.URL, StateURL: g.StateURL, Signing: signing, Envelope: webhook.Envelope(g.Envelope),
		Account: g.Account, MemberID: g.Member, Timeout: g.Timeout, Only: g.Only,
	}
}

// errGauntlet is the error for a failed receiver; the report has the details.
var errGauntlet = errors.New("the receiver has failed the gauntlet")

// Run plays the cases.
func (g *Command) Run(a *command.App) error {
	if g.List {
		return listCases(a.Stdout)
	}
	junit, err := newReport("--junit", g.JUnit)
	if err != nil {
		return err
	}
	defer junit.drop()
	jsonFile, err := newReport("--json", g.JSON)
	if err != nil {
		return err
	}
	defer jsonFile.drop()
	config := g.config()
	config.UserAgent = "vsee-mock/" + a.Version
	config.Progress = func(r gauntlet.Result) { _ = r.WriteLine(a.Stdout) } // writing the report fails in the same way
	report, err := gauntlet.Run(a.Ctx, config)
	if err != nil {
		return err
	}
	for _, write := range []func() error{
		func() error { return report.WriteText(a.Stdout) },
		func() error { return junit.write(a.Ctx, report.WriteJUnit) },
		func() error { return jsonFile.write(a.Ctx, report.WriteJSON) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	if report.Count(gauntlet.Failed) > 0 {
		return errGauntlet
	}
	if report.Count(gauntlet.Passed) == 0 {
		return command.Usage(errors.New("no case could be tested: correct the command line for the reasons above"))
	}
	return nil
}

func listCases(w io.Writer) error {
	for _, c := range gauntlet.Cases() {
		if _, err := fmt.Fprintf(w, "%-26s  %s\n", c.ID, c.Title); err != nil {
			return err
		}
	}
	return nil
}

// reportFile is the output file of a report. It is opened before the run, so an unwritable file fails early.
type reportFile struct {
	flag string
	file *outfile.File // nil without a report, and when it is done
}

func newReport(flag, path string) (*reportFile, error) {
	r := &reportFile{flag: flag}
	if path == "" {
		return r, nil
	}
	var err error
	if r.file, err = outfile.Open(path, 0o666); err != nil {
		return nil, command.Usage(fmt.Errorf("%s cannot be written: %w", flag, err))
	}
	return r, nil
}

// write writes the report and closes the file.
func (r *reportFile) write(ctx context.Context, report func(io.Writer) error) error {
	if r.file == nil {
		return nil
	}
	var text bytes.Buffer
	err := report(&text)
	if err == nil {
		err = errors.Join(r.file.Write(ctx, text.Bytes()), r.file.Close())
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", r.flag, err)
	}
	r.file = nil
	return nil
}

// drop removes the report of an earlier run when this run has none: readers would take it for the report of this run.
func (r *reportFile) drop() {
	if r.file != nil {
		_ = errors.Join(r.file.Remove(), r.file.Close()) // the run has an error of its own
	}
}
