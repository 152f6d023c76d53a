package mockserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Options configure a Server. The zero value is a mock with the default clinic and the whole catalogue.
type Options struct {
	// Document is VSee's OpenAPI document; the embedded openapi.yaml when nil. The mock must have a function for each
	// operation in it.
	Document []byte

	// Scenarios are tried in order for each check; the catalogue when nil.
	Scenarios scenarios.Set
	// ScenarioProblems are the errors in files of scenarios, to show beside the scenarios in force.
	ScenarioProblems []*scenarios.Problem

	// Store keeps the clinics; a store in memory when nil.
	Store clinic.Store

	// Clinics are there from the start; DefaultClinic alone when nil. The control API makes more.
	Clinics []clinic.Settings

	// AutoClinics makes a clinic of each unknown account code, with the key, secret or token sent with it. Off, an
	// unknown account code is refused with 401.
	AutoClinics bool

	// UnknownFields is the treatment of undeclared fields in clinics without a setting of their own, including
	// clinics made later; clinic.RefuseTypos when empty.
	UnknownFields clinic.UnknownFields

	// History is how many ended checks each clinic keeps, and the same of other things, unless it has a setting of its
	// own; clinic.DefaultHistory when 0.
	History int

	// ControlToken is the bearer token the control API requires. Empty, the control API requires none.
	ControlToken string

	// Version is the version that the control API reports; "dev" when empty.
	Version string

	// BodyLimit is the largest body of a request without its files, in bytes; 1 MiB when 0. Each file of a request may
	// have 4 MiB on top.
	BodyLimit int64

	// HeaderTimeout is how long a caller may take to send a request's header; 5 s when 0.
	HeaderTimeout time.Duration

	// ReadTimeout is how long a caller may take to send a request; 30 s when 0.
	ReadTimeout time.Duration

	// StopTimeout is how long a graceful stop waits for work under way; 10 s when 0.
	StopTimeout time.Duration

	// WebhookTimeout is how long a receiver may take to answer one attempt, in real time; 15 s when 0.
	WebhookTimeout time.Duration

	// WebhookHosts are the hosts allowed for a clinic's webhook: names, addresses, and *.example.com for all names
	// below a domain. Empty, the default, all hosts are allowed.
	WebhookHosts []string

	// CORSOrigins are the origins of browser apps allowed to use VSee's API, such as https://app.example.com;
	// AnyOrigin allows all. Origins on this computer are always allowed: http and https on localhost, names below it,
	// and loopback addresses, on any port. The control API allows none.
	CORSOrigins []string

	// WebhookProxy is the URL of the proxy for all events: http, https or socks5, with a user and a password if it
	// needs them. Empty, the default, they go straight to the receiver, whatever HTTP_PROXY says.
	WebhookProxy string

	// WebhookDial opens the connections for events, to keep them off the network; nil for the network.
	WebhookDial func(ctx context.Context, network, address string) (net.Conn, error)

	// Results has files with results of contract runs, which the page shows by their names; nil for none.
	Results fs.FS

	// Log gets a line for each request, check and delivery; nothing is logged when nil.
	Log *slog.Logger
}

// DefaultWebhookSecret signs the events of DefaultClinic, so a receiver can be set up before the mock is. It is the
// base64 of the 24 bytes "vsee-mock webhook secret" (ours). It is public, so it protects nothing.
const DefaultWebhookSecret = "whsec_dnNlZS1tb2NrIHdlYmhvb2sgc2VjcmV0"

// DefaultClinic returns the clinic in the examples of VSee's documentation: vclinic, with the key vclinic_api_key,
// the secret vclinic_api_secret and the admin token vclinic_api_token (documented). Its events are signed with
// DefaultWebhookSecret.
func DefaultClinic() clinic.Settings { return DefaultClinicOf("vclinic") }

// DefaultClinicOf returns the default clinic under another account code, with credentials made from the code: the
// clinic `north` has the key north_api_key.
func DefaultClinicOf(account string) clinic.Settings {
	return clinic.Settings{
		AccountCode: account,
		Key:         account + "_api_key",
		Secret:      account + "_api_secret",
		AdminToken:  account + "_api_token",
		Webhook:     clinic.Webhook{Secret: DefaultWebhookSecret},
	}
}

func (o Options) withDefaults() (Options, error) {
	if o.Scenarios == nil {
		set, err := embeddedCatalogue()
		if err != nil {
			return o, err
		}
		o.Scenarios = slices.Clone(set)
	}
	if o.Store == nil {
		o.Store = store.NewMemory()
	}
	if o.Clinics == nil {
		o.Clinics = []clinic.Settings{DefaultClinic()}
	}
	if o.UnknownFields == "" {
		o.UnknownFields = clinic.RefuseTypos
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = 1 << 20
	}
	setDefault(&o.HeaderTimeout, 5*time.Second)
	setDefault(&o.ReadTimeout, 30*time.Second)
	setDefault(&o.StopTimeout, 10*time.Second)
	setDefault(&o.WebhookTimeout, webhook.DefaultTimeout)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// validate returns every complaint about options with their defaults filled in.
func (o Options) validate() error {
	var complaints []error
	if o.BodyLimit < 0 {
		complaints = append(complaints, errors.New("the body limit must not be negative"))
	}
	for _, timeout := range []struct {
		name string
		is   time.Duration
	}{{"header", o.HeaderTimeout}, {"read", o.ReadTimeout}, {"stop", o.StopTimeout}, {"webhook", o.WebhookTimeout}} {
		if timeout.is < 0 {
			complaints = append(complaints, errors.New("the "+timeout.name+" time-out must not be negative"))
		}
	}
	_, err := webhook.ParseProxy(o.WebhookProxy)
	complaints = append(complaints, o.UnknownFields.Validate(), webhook.Hosts(o.WebhookHosts).Check(), err)
	for i, origin := range o.CORSOrigins {
		if err := CheckCORSOrigin(origin); err != nil {
			complaints = append(complaints, fmt.Errorf("the CORS origin %d %w", i+1, err))
		}
	}
	return errors.Join(complaints...)
}

// checkFaults returns an error for the faults of scenarios without an operation in the document.
func (o Options) checkFaults(operations []string) error {
	var complaints []error
	for _, s := range o.Scenarios {
		for i, f := range s.HTTP {
			if f.Operation != "" && !slices.Contains(operations, f.Operation) {
				complaints = append(complaints, fmt.Errorf("scenario %s: http[%d]: operation must be one of %s", s.ID, i,
					strings.Join(operations, ", ")))
			}
		}
	}
	return errors.Join(complaints...)
}
