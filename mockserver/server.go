// Package mockserver is a mock of VSee Clinic's api_v3. A server has the state, the delayed eligibility checks and
// the webhooks of any number of clinics, and their clocks can be moved. It can be served, or used as an http.Handler.
package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/api"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/control"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
	"github.com/vsee-mock/vsee-mock/mockserver/metrics"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/portal"
	"github.com/vsee-mock/vsee-mock/mockserver/ui"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Server is a mock. Create it with New, and either Serve it, or Run it and use it as an http.Handler.
type Server struct {
	options       Options
	document      *document.Document
	clearinghouse *clearinghouse.Clearinghouse
	clinics       *clinic.Directory
	loop          *due.Loop[cron.Done]
	sender        *webhook.Sender
	journals      perClinic[*journal.Journal]
	epoch         *journal.Epoch
	mask          *mask.Masker
	faults        perClinic[*fault.Injector]
	feeds         feed.Feeds
	metrics       *metrics.Metrics
	api           *api.API
	control       *control.Control
	portal        *portal.Portal
	ui            *ui.UI
	cors          *cors
	ids           requestIDs
	ready         atomic.Bool
	stopping      context.Context //nolint:containedctx // it ends when the mock begins to stop
	stop          func()
	// scenarioProblems are the errors in the files of the scenarios in force.
	scenarioProblems atomic.Pointer[[]*scenarios.Problem]
	warned           sync.Map // the warnings of scenarios that are in the log

	mu         sync.Mutex
	violations []error
}

var _ http.Handler = (*Server)(nil)

// New returns a mock with the options' clinics. The error joins all mistakes in the options.
func New(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	doc, err := documentOf(o)
	if err != nil {
		return nil, err
	}
	proxy, err := webhook.ParseProxy(o.WebhookProxy)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options:  o,
		document: doc,
		epoch:    &journal.Epoch{},
		mask:     mask.New(doc),
		loop:     due.NewLoop[cron.Done](cron.Lanes, o.Log, cron.SlowLane),
		sender: webhook.NewSender(webhook.Options{
			Timeout: o.WebhookTimeout, UserAgent: "vsee-mock/" + o.Version, Hosts: o.WebhookHosts,
			Proxy: proxy, Dial: o.WebhookDial,
		}),
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.metrics = metrics.New(o.Version, s.state)
	s.clearinghouse = clearinghouse.New(o.Scenarios)
	s.scenarioProblems.Store(&o.ScenarioProblems)
	s.logWarnings(o.Scenarios)
	s.clinics = clinic.NewDirectory(s.feeds.Store(o.Store), s.clearinghouse, clinic.Hooks{
		Opened:          s.openClinic,
		Closed:          s.closeClinic,
		WorkAdded:       s.loop.Wake,
		ValidateWebhook: s.checkWebhook,

		UnknownFields: o.UnknownFields, History: o.History,
	})
	if err := s.handlers(); err != nil {
		return nil, err
	}
	if err := o.checkFaults(doc.Operations()); err != nil {
		return nil, err
	}
	for _, settings := range o.Clinics {
		if _, err := s.clinics.Create(context.Background(), settings); err != nil {
			return nil, fmt.Errorf("making the clinic %q: %w", settings.AccountCode, err)
		}
	}
	return s, nil
}

func (s *Server) handlers() error {
	var err error
	s.api, err = api.New(api.Options{
		Document:      s.document,
		Clinics:       s.clinics,
		Journal:       s.journals.value,
		Faults:        s.faults.value,
		Epoch:         s.epoch,
		NextID:        s.ids.next,
		Mask:          s.mask,
		BodyLimit:     s.options.BodyLimit,
		AutoClinics:   s.options.AutoClinics,
		UnknownFields: s.options.UnknownFields,
		Clearinghouse: s.clearinghouse,
		Stopping:      s.stopping,
		Count:         s.metrics.AddRequest,
		Violated:      s.recordViolation,
		Settle:        s.settle,
		Log:           s.options.Log,
	})
	if err != nil {
		return fmt.Errorf("binding openapi.yaml to the mock's functions: %w", err)
	}
	s.cors = newCORS(s.options.CORSOrigins, s.api.Methods, &s.ids, s.options.Log)
	s.portal = portal.New(portal.Options{Clinics: s.clinics, Journal: s.journals.value, Epoch: s.epoch,
		Log: s.options.Log})
	s.control = control.New(control.Options{
		Clinics:       s.clinics,
		Loop:          s.loop,
		Journal:       s.journals.value,
		Feed:          s.feeds.Of,
		Stopping:      s.stopping,
		Metrics:       s.metrics.Handler(),
		Mask:          s.mask,
		Clearinghouse: s.clearinghouse,
		Faults:        s.faults.value,
		VSee:          s.document.Served,
		Events:        s.document.Events(),
		Check: func(account, envelope string, e outbox.Event) error {
			_, err := cron.Payload(s.document, account, envelope, &e)
			return err
		},
		Operations: s.document.Operations(),
		Problems:   func() []*scenarios.Problem { return *s.scenarioProblems.Load() },
		Version:    s.options.Version,
		Token:      s.options.ControlToken,
		Ready:      s.ready.Load,
		BodyLimit:  s.options.BodyLimit,
		Log:        s.options.Log,
	})
	s.ui = ui.New(ui.Options{
		Mock: s, Token: s.options.ControlToken, Results: s.options.Results, Log: s.options.Log,
	})
	return nil
}

// openClinic registers a new clinic's work with the loop, and enables faults for its requests.
func (s *Server) openClinic(c *clinic.Clinic) {
	changes := s.feeds.Open(c)
	s.faults.store(c, fault.New(func(name string, n uint64) [32]byte { return c.RandomBytes("fault "+name, n) }))
	s.loop.Add(c.ID(), c.Clock(), &cron.Runner{
		Clinic:          c,
		Document:        s.document,
		Sender:          s.sender,
		Journal:         s.journals.store(c, journal.New(s.mask, s.epoch).PublishTo(s.publishTo(changes))),
		ReportViolation: s.recordViolation,
		CountLateness:   s.metrics.AddLateness,
		Log:             s.options.Log,
	})
}

// publishTo returns a function that adds entries of a journal to a feed, and counts them.
func (s *Server) publishTo(changes *feed.Feed) func(entry any) {
	return func(entry any) {
		if d, ok := entry.(journal.Delivery); ok {
			s.metrics.AddDelivery(d.Reason)
		}
		changes.Add(entry)
	}
}

// state returns the present state for the metrics.
func (s *Server) state() (metrics.State, error) {
	pending, err := s.Pending(context.Background())
	return metrics.State{
		Clinics: len(s.clinics.Clinics()),
		Pending: map[string]int{
			"check": pending.Checks, "claim": pending.Claims, "visit": pending.Visits, "delivery": pending.Deliveries,
		},
	}, err
}

// checkWebhook returns the mistakes in a clinic's webhook: in its URL and in its settings for sending.
func (s *Server) checkWebhook(w clinic.Webhook) error {
	if w.URL != "" && !s.sender.Hosts.AllowURL(w.URL) {
		return errors.New("webhook.url has a host outside the mock's --webhook-hosts: use one of those, or start the mock " +
			"with this host")
	}
	return cron.SigningFor(&w).Check()
}

// maxSettle is how long a reply waits for work due before it.
const maxSettle = 30 * time.Second

// settle runs everything due in a clinic by now. It gives up, without an error, if the work takes longer than
// maxSettle or a stop breaks it off. It also gives up if the clinic waits for a receiver: the receiver may be waiting
// for the reply itself.
func (s *Server) settle(ctx context.Context, c *clinic.Clinic) error {
	timed, cancel := context.WithTimeout(ctx, maxSettle)
	defer cancel()
	_, err := s.loop.Settle(timed, c.ID(), func(cron.Done) {})
	if errors.Is(err, due.ErrStopped) || errors.Is(err, due.ErrStuck) || errors.Is(err, context.DeadlineExceeded) &&
		ctx.Err() == nil {
		return nil
	}
	return err
}

func (s *Server) closeClinic(c *clinic.Clinic) {
	s.loop.Remove(c.ID())
	s.journals.remove(c)
	s.feeds.Close(c)
	s.clearinghouse.RemoveClinicScenarios(c.ID())
	s.faults.remove(c)
}

// Scenarios returns the scenarios in force in every clinic without scenarios of its own, in the order of trial.
func (s *Server) Scenarios() scenarios.Set { return s.clearinghouse.ScenariosInForce("") }

// UseScenarios replaces the scenarios in force in every clinic without scenarios of its own. Pending checks keep the
// answer they have. problems replace those of Options.
func (s *Server) UseScenarios(set scenarios.Set, problems []*scenarios.Problem) {
	s.clearinghouse.SetScenarios(set)
	s.scenarioProblems.Store(&problems)
	s.logWarnings(set)
}

// logWarnings logs the new warnings of all scenarios except those of the catalogue: these are deliberate.
func (s *Server) logWarnings(set scenarios.Set) {
	catalogue, _ := embeddedCatalogue() // without it, all are logged
	for _, one := range set {
		if known, ok := catalogue.ByID(one.ID); ok && known.Title == one.Title {
			continue
		}
		for _, w := range one.Warnings() {
			if _, again := s.warned.LoadOrStore(w.Sentence(), true); again {
				continue
			}
			s.options.Log.Warn("a scenario probably does something else than is meant", "file", w.File, "line", w.Line,
				"warning", w.Rule, "hint", w.Hint)
		}
	}
}

func (s *Server) recordViolation(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.violations) < maxViolations {
		s.violations = append(s.violations, err)
	}
}

// maxViolations is the limit of kept violations: even one shows a mistake.
const maxViolations = 100

// Violations returns the first 100 breaches of openapi.yaml in the mock's own replies and events. Without a mistake
// in the mock there are none.
func (s *Server) Violations() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]error(nil), s.violations...)
}

// Clinics returns the clinics of the mock.
func (s *Server) Clinics() *clinic.Directory { return s.clinics }

// ServeHTTP answers VSee's API, the control API under /_mock, the mock's own page, and the portal pages that VSee sends
// browsers to.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	if api.Serves(path) {
		if !s.cors.handle(w, r) {
			s.api.Serve(w, r, path)
		}
		return
	}
	s.ids.set(w, r)
	switch {
	case ui.Handles(r) && (path != "/" || !s.portal.Handles(r)):
		s.ui.ServeHTTP(w, r)
	case path == controlapi.Prefix || strings.HasPrefix(path, controlapi.Prefix+"/"):
		s.control.ServeHTTP(w, r)
	case s.portal.Handles(r):
		s.portal.ServeHTTP(w, r)
	default:
		s.api.Serve(w, r, path) // it replies: no such page
	}
}

// maxReplying is the time for the reply to a request after its work was broken off.
const maxReplying = 5 * time.Second

// Pending is the number of outstanding items in all clinics.
type Pending struct{ Checks, Claims, Visits, Deliveries int }

// Pending returns the number of outstanding items, due or not.
func (s *Server) Pending(ctx context.Context) (Pending, error) {
	var sum Pending
	for _, c := range s.clinics.Clinics() {
		pending, err := c.PendingCounts(ctx)
		if errors.Is(err, clinic.ErrUnknown) {
			continue // deleted meanwhile
		}
		if err != nil {
			return sum, fmt.Errorf("counting pending work: %w", err)
		}
		sum.Checks += pending[clinic.FinishWork]
		sum.Claims += pending[clinic.ClaimWork]
		sum.Visits += pending[clinic.VisitWork]
		sum.Deliveries += pending[clinic.DeliverWork]
	}
	return sum, nil
}
