// Package serve has the commands that run a mock and ask whether it is ready.
package serve

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Command is `vsee-mock serve`.
type Command struct {
	Listen string `default:"localhost:8080" help:"HOST:PORT; port 0 is any free port."`
	tlsFlags
	AccountCode   string          `default:"vclinic" help:"Account code of the clinic."`
	APIKey        command.Text    `name:"api-key" help:"X-ApiKey of the clinic (vclinic_api_key)."`
	APISecret     command.Text    `name:"api-secret" help:"Its X-ApiSecret (vclinic_api_secret)."`
	APIToken      command.Text    `name:"api-token" help:"Its admin's X-ApiToken (vclinic_api_token)."`
	ControlToken  command.Text    `help:"Bearer token of the control API (none)."`
	AutoClinics   bool            `help:"Create a clinic for any new account code."`
	CORSOrigin    []string        `name:"cors-origin" placeholder:"ORIGIN" help:"Browser origins allowed besides loopback."`
	WebhookURL    command.Text    `name:"webhook-url" help:"URL that gets the events (none)."`
	WebhookSecret command.Text    `help:"Signing secret, whsec_… (a fixed one)."`
	WebhookEvents []string        `placeholder:"TYPE" help:"Types to send (checks, claims, visits)."`
	WebhookHosts  []string        `placeholder:"HOST" help:"The only hosts allowed for webhooks (any)."`
	Signature     string          `enum:"${schemes}" default:"standard" help:"Scheme: ${scheme_choices}."`
	Envelope      string          `enum:"unversioned,1.0,2.0" default:"unversioned" help:"unversioned, 1.0 or 2.0."`
	Schedule      flags.Schedule  `default:"standard" help:"Retries: standard, once, or 5s,1m,1h."`
	CronDelay     scenarios.Range `default:"10s" help:"Duration of a check, such as 10s or 8s..15s."`
	UnknownFields string          `enum:"typos,refuse,ignore" default:"typos" help:"typos (refuse these), refuse, ignore."`
	History       int             `default:"10000" hidden:"" help:"Ended checks, events… kept by a clinic."`
	Seed          *uint64         `help:"Source of ids and tokens (random)."`
	Clock         moment          `placeholder:"RFC3339" help:"Start time of the clinic's clock (now)."`
	Freeze        bool            `help:"Freeze that clock until a request moves it."`
	deliveryFlags
	flags.ScenarioFiles
	Results        string        `placeholder:"DIR" help:"Folder of results of vsee-contract, for the page."`
	BodyLimit      int64         `default:"1048576" help:"Bytes of a request's body, files not counted."`
	HeaderTimeout  time.Duration `default:"5s" help:"Time limit for the header of a request."`
	ReadTimeout    time.Duration `default:"30s" help:"Time limit for a whole request."`
	StopTimeout    time.Duration `default:"10s" help:"Time limit for open requests at a stop."`
	WebhookTimeout time.Duration `default:"15s" help:"Time limit for the answer of a receiver."`
	LogLevel       string        `enum:"debug,info,warn,error,off" default:"info" help:"debug, info, warn, error or off."`
	LogFormat      string        `enum:"text,json" default:"text" help:"text or json."`
}

// Validate is called by kong: it reports contradictory flags.
func (s *Command) Validate(line *kong.Context) error {
	if err := s.checkListen(line); err != nil {
		return err
	}
	if s.Signature == "none" && s.WebhookSecret != "" {
		return errors.New("--webhook-secret has no use with --signature none: leave one out")
	}
	for _, origin := range s.CORSOrigin {
		if err := mockserver.CheckCORSOrigin(origin); err != nil {
			return fmt.Errorf("--cors-origin %w", err)
		}
	}
	for name, value := range map[string]time.Duration{
		"--header-timeout": s.HeaderTimeout, "--read-timeout": s.ReadTimeout,
		"--stop-timeout": s.StopTimeout, "--webhook-timeout": s.WebhookTimeout,
	} {
		if value <= 0 {
			return fmt.Errorf("%s must be longer than 0s, such as 5s", name)
		}
	}
	if err := webhook.Hosts(s.WebhookHosts).Check(); err != nil {
		return fmt.Errorf("--webhook-hosts: %w", err)
	}
	if s.BodyLimit <= 0 {
		return errors.New("--body-limit must be at least 1")
	}
	if s.History < 1 {
		return errors.New("--history must be at least 1")
	}
	return s.check()
}

// Run serves until the context ends.
func (s *Command) Run(a *command.App) error {
	var loading sync.WaitGroup
	loading.Go(mockserver.Preload) // beside the scenarios
	defer loading.Wait()
	source, config, err := s.inputs()
	if err != nil {
		return err
	}
	folder := &watcher{source: source, log: s.logger(a.Stderr)}
	options := s.options(a, folder)
	server, err := s.newServer(options)
	if err != nil {
		return err
	}
	on, err := bind.Listen(a.Ctx, "--listen", s.Listen)
	if err != nil {
		return err
	}
	secure, err := s.listen(a.Ctx, config)
	if err != nil {
		on.Close()
		return err
	}
	out := command.Notices{W: a.Stdout, JSON: s.LogFormat == formatJSON}
	notices := command.Notices{W: a.Stderr, JSON: s.LogFormat == formatJSON}
	s.printBanner(out, on, secure, options)
	listeners := slices.Concat(on.Listeners, secure)
	warnIfExposed(options, listeners)
	defer announceStop(a.Ctx, notices)()
	var watching sync.WaitGroup
	watched, stop := context.WithCancel(a.Ctx)
	if s.Scenarios != "" {
		watching.Go(func() { folder.watch(watched, server.UseScenarios) })
	}
	err = server.Serve(a.Ctx, listeners...)
	stop()
	watching.Wait()
	if err != nil {
		return err
	}
	return reportPending(out, server)
}

// newServer makes the server. It opens the folder of results until the process ends; no link in it leads out of it.
func (s *Command) newServer(options mockserver.Options) (*mockserver.Server, error) {
	if s.Results != "" {
		root, err := os.OpenRoot(s.Results)
		if err != nil {
			return nil, command.Usage(fmt.Errorf("--results must be a folder that can be read: %w", err))
		}
		options.Results = root.FS()
	}
	server, err := mockserver.New(options)
	var refused *clinic.Error
	if errors.As(err, &refused) {
		return nil, command.Usage(errors.New(flagNames.Replace(refused.Message)))
	}
	return server, err
}

// inputs checks the account code, and reads the files of the flags.
func (s *Command) inputs() (*flags.Source, *tls.Config, error) {
	if err := clinic.CheckAccountCode(s.AccountCode); err != nil { // before the credentials that are made from it
		return nil, nil, command.Usage(errors.New(flagNames.Replace(err.Error())))
	}
	source, err := s.Open()
	if err != nil {
		return nil, nil, err
	}
	config, err := s.config()
	return source, config, err
}

// announceStop prints a line when ctx ends. The function it returns waits until the line is printed.
func announceStop(ctx context.Context, notices command.Notices) func() {
	printed := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(printed)
		notices.Say(slog.LevelInfo, "stopping; another signal ends it at once")
	})
	return func() {
		if !cancel() {
			<-printed
		}
	}
}

// flagNames maps the settings of the clinic to their flags.
var flagNames = strings.NewReplacer(
	"account_code ", "--account-code ", "api_key ", "--api-key ",
	"api_secret ", "--api-secret ", "admin_token ", "--api-token ",
	"history ", "--history ", "webhook.url ", "--webhook-url ", "webhook.secret ", "--webhook-secret ",
	"webhook.events ", "--webhook-events ",
)

func (s *Command) options(a *command.App, from *watcher) mockserver.Options {
	set, wrong := from.load()
	vclinic := mockserver.DefaultClinicOf(s.AccountCode)
	vclinic.Key = cmp.Or(string(s.APIKey), vclinic.Key)
	vclinic.Secret = cmp.Or(string(s.APISecret), vclinic.Secret)
	vclinic.AdminToken = cmp.Or(string(s.APIToken), vclinic.AdminToken)
	vclinic.Webhook = clinic.Webhook{
		URL: string(s.WebhookURL), Secret: cmp.Or(string(s.WebhookSecret), vclinic.Webhook.Secret),
		Events: s.WebhookEvents, Signature: s.Signature, Timestamp: s.WebhookTimestamp,
		Envelope: s.Envelope, Schedule: s.Schedule.Waits,
	}
	vclinic.CronDelay, vclinic.MaxCronDelay = &s.CronDelay.From, s.CronDelay.To
	vclinic.Clock = clinic.ClockSettings{Start: s.Clock.Time, Frozen: s.Freeze}
	vclinic.Seed = clinic.RandomSeed()
	if s.Seed != nil {
		vclinic.Seed = *s.Seed
	}
	return mockserver.Options{
		Scenarios:        set,
		ScenarioProblems: wrong,
		Clinics:          []clinic.Settings{vclinic},
		AutoClinics:      s.AutoClinics,
		UnknownFields:    clinic.UnknownFields(s.UnknownFields),
		History:          s.History,
		ControlToken:     string(s.ControlToken),
		CORSOrigins:      s.CORSOrigin,
		Version:          a.Version,
		BodyLimit:        s.BodyLimit,
		HeaderTimeout:    s.HeaderTimeout,
		ReadTimeout:      s.ReadTimeout,
		StopTimeout:      s.StopTimeout,
		WebhookTimeout:   s.WebhookTimeout,
		WebhookHosts:     s.WebhookHosts,
		WebhookProxy:     s.WebhookProxy,
		Log:              from.log,
	}
}

// formatJSON is the --log-format with JSON on each line, including the lines beside the log.
const formatJSON = "json"

func (s *Command) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if s.LogLevel == "off" || level.UnmarshalText([]byte(s.LogLevel)) != nil {
		return slog.New(slog.DiscardHandler)
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == formatJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(logline.NewText(w, options))
}

// moment is a time that a clock can show.
type moment struct{ command.Moment }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *moment) UnmarshalText(text []byte) error {
	err := m.Moment.UnmarshalText(text)
	if err == nil && (m.Before(clock.Earliest) || m.After(clock.Latest)) {
		err = fmt.Errorf("must be from %d to %d", clock.Earliest.Year(), clock.Latest.Year())
	}
	return err
}

// warnIfExposed warns when other computers can reach a mock without token checks.
func warnIfExposed(o mockserver.Options, listeners []net.Listener) {
	isLoopback := func(l net.Listener) bool {
		tcp, ok := l.Addr().(*net.TCPAddr)
		return !ok || tcp.IP.IsLoopback()
	}
	for _, l := range listeners {
		if !isLoopback(l) && o.ControlToken == "" {
			o.Log.Warn("other computers can reach the control API, which shows the secrets of every clinic: " +
				"consider --control-token")
			return
		}
	}
}
