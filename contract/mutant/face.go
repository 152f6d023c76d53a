package mutant

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Mode is how the suite faces a mutant.
type Mode string

// The modes. In the last two, the mutant is a shared target such as VSee's preview: it has no control API.
const (
	Mock     Mode = "mock"
	Mutating Mode = "mutating" // the run may write, and receives events
	ReadOnly Mode = "read-only"
)

// Modes returns all modes.
func Modes() []Mode { return []Mode{Mock, Mutating, ReadOnly} }

// Trial is a run of the suite against mutants of a mock.
type Trial struct {
	Target       string // the mock's URL, without a path
	ControlToken string // of the mock's control API; "" for none
	Mode         Mode
	Requirements []engine.Requirement
	Published    []string      // values to send to a shared target: see engine.Options
	Workers      int           // the number of concurrent runs; at least 1
	Whole        bool          // whether each mutant faces all of the requirements that meet its traffic at once
	Judged       func(Verdict) // is called with each verdict, one call at a time; nil for nobody
}

// Face runs the suite against mutants. A mutant first faces some of the requirements that meet its traffic, and all of
// those unless the first ones see it clearly. When the context ends, the score has the mutants until then, beside the
// error.
func (t Trial) Face(ctx context.Context, mutants []Mutant) (Score, error) {
	honest, traffic, err := t.face(ctx, Mutant{}, func(engine.Requirement) bool { return true })
	if err == nil && honest.Broken != "" {
		err = fmt.Errorf("running the suite against the mock itself: %s", honest.Broken)
	}
	if err != nil {
		return nil, err
	}
	usual := map[string]bool{}
	for _, c := range honest.Causes {
		usual[c.ID] = true
	}
	verdicts := make([]*Verdict, len(mutants))
	var faced sync.WaitGroup
	var judging sync.Mutex
	next := make(chan int)
	for range max(t.Workers, 1) {
		faced.Go(func() {
			for n := range next {
				v, wrong := t.judge(ctx, mutants[n], usual, traffic)
				judging.Lock()
				if wrong != nil {
					err = wrong
				} else {
					verdicts[n] = &v
					if t.Judged != nil {
						t.Judged(v)
					}
				}
				judging.Unlock()
			}
		})
	}
	for n := range mutants {
		select {
		case next <- n:
		case <-ctx.Done():
		}
	}
	close(next)
	faced.Wait()
	var s Score
	for _, v := range verdicts {
		if v != nil {
			s = append(s, *v)
		}
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return s, err
}

// some is how many requirements of other operations a mutant faces first.
const some = 6

// judge returns the verdict on a mutant.
func (t Trial) judge(ctx context.Context, m Mutant, usual map[string]bool, traffic *traffic) (Verdict, error) {
	meeting := traffic.meeting(m.meets)
	first, own, rest := map[string]bool{}, 0, 0
	order := slices.Clone(t.Requirements)
	slices.SortFunc(order, func(a, b engine.Requirement) int { return int(hash(m.Name+a.ID)) - int(hash(m.Name+b.ID)) })
	for _, r := range order {
		switch {
		case !meeting[r.ID]:
		case slices.Contains(append(m.Same, m.Operation), r.Operation) && own < 4*some:
			first[r.ID], own = true, own+1
		case rest < some:
			first[r.ID], rest = true, rest+1
		}
	}
	v := Verdict{Mutant: m}
	if len(meeting) == 0 {
		return v, nil
	}
	if t.Whole {
		first = meeting
	}
	for _, ids := range []map[string]bool{first, meeting} {
		run, traffic, err := t.face(ctx, m, func(r engine.Requirement) bool { return ids[r.ID] })
		if errors.Is(err, engine.ErrTarget) && ctx.Err() == nil { // the run told so by its first request, and did not begin
			v.Killed, v.Provoked = m.Operation == "listInsurers", true
			break
		}
		if err != nil {
			return v, err
		}
		v.Provoked = v.Provoked || traffic.Changed
		if v.read(run, usual); v.Killed && len(v.Astray) == 0 || len(ids) == len(meeting) {
			break
		}
	}
	return v, nil
}

func hash(text string) uint16 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // never fails
	return uint16(h.Sum32())     //nolint:gosec // any 16 bits do
}

// meeting returns the ids of the requirements that have met a traffic.
func (t *traffic) meeting(word string) map[string]bool {
	ids := map[string]bool{}
	for id, met := range t.by {
		for w := range met {
			if word == "" || w == word {
				ids[id] = true
			}
		}
	}
	return ids
}

// face runs some requirements against a mutant.
func (t Trial) face(
	ctx context.Context, m Mutant, chosen func(engine.Requirement) bool,
) (result.Run, *traffic, error) {
	p := &proxy{
		Mutant: m, target: t.Target, memory: newMemory(), client: &http.Client{Transport: &http.Transport{
			DisableCompression: true, MaxIdleConnsPerHost: 64,
		}},
		traffic: traffic{all: m.Name == "", by: map[string]map[string]bool{}, account: map[string]string{}},
	}
	defer p.client.CloseIdleConnections()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return result.Run{}, nil, fmt.Errorf("listening for the suite: %w", err)
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // ends by Close
	defer serving.Wait()
	defer func() { _ = server.Close() }()
	options := engine.Options{Published: t.Published}
	for _, r := range t.Requirements {
		if r.Body == nil || chosen(r) {
			options.Requirements = append(options.Requirements, r)
		}
	}
	own := "http://" + listener.Addr().String()
	if t.Mode == Mock {
		options.Config = config.Config{
			BaseURL: own + "/api_v3", ControlURL: own + controlapi.Prefix, ControlToken: t.ControlToken,
		}
	} else {
		closing, err := t.share(ctx, p, own, &options)
		if err != nil {
			return result.Run{}, nil, err
		}
		defer closing()
	}
	run, err := engine.Run(ctx, options)
	if err == nil {
		err = ctx.Err() // an interrupted run proves nothing
	}
	if err != nil {
		return result.Run{}, nil, fmt.Errorf("facing %q: %w", m.Name, err)
	}
	return run, &p.traffic, nil
}

// share makes a clinic, and options for a run to face it as a shared target.
func (t Trial) share(ctx context.Context, p *proxy, own string, o *engine.Options) (closing func(), err error) {
	control := &controlapi.Client{URL: t.Target + controlapi.Prefix, Token: t.ControlToken, Timeout: 30 * time.Second,
		Failure: engine.ControlFailure}
	path := p.addHook("")
	made, err := control.CreateClinic(ctx, controlapi.ClinicSettings{
		AccountCode: strings.ToLower(engine.Unique()), Clock: &controlapi.ClockSettings{Freeze: true},
		Webhook: &controlapi.WebhookSettings{URL: new(own + path)},
	})
	if err != nil {
		return nil, fmt.Errorf("making a clinic: %w", err)
	}
	p.made(path, made)
	o.Config = config.Config{
		BaseURL: own + "/api_v3", AccountCode: made.AccountCode, Key: made.APIKey, Secret: made.APISecret,
		AdminToken: made.AdminToken, WebhookSecret: made.Webhook.Secret, AllowMutating: t.Mode == Mutating,
		Rate: 1e6, Budget: 1e6, Version: "mutants",
	}
	if t.Mode == Mutating {
		o.ReceiverListen = "127.0.0.1:0"
		o.Listening = func(receiver string) { p.hooks[0].url = receiver + "/" } // before any request
	}
	o.Clock = &advancing{move: func(ctx context.Context, by time.Duration) error {
		_, err := control.Advance(ctx, made.AccountCode, by)
		return err
	}}
	return func() { _ = control.DeleteClinic(context.WithoutCancel(ctx), made.AccountCode) }, nil
}

// advancing is a clock that moves the clinic's clock in place of a wait. It begins in the year 1.
type advancing struct {
	mu   sync.Mutex
	now  time.Time
	move func(ctx context.Context, by time.Duration) error
}

func (a *advancing) Now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *advancing) Wait(ctx context.Context, span time.Duration) error {
	a.mu.Lock()
	a.now = a.now.Add(span)
	a.mu.Unlock()
	if span < time.Second { // between two requests
		return ctx.Err()
	}
	return a.move(ctx, span)
}

// Faced returns the mutants that count in a mode, and of these a part, the same in each run: one of every n. Parts
// graded ours count on a mock alone, and so do parts out of a client's reach.
func Faced(all []Mutant, mode Mode, n int) []Mutant {
	return slices.DeleteFunc(slices.Clone(all), func(m Mutant) bool {
		return mode != Mock && (m.Evidence == requirement.Ours || m.isOutOfReach()) || n > 1 && int(hash(m.Name))%n != 0
	})
}

var ofImage = regexp.MustCompile(`[/.]card_(front|back)`)

// isOutOfReach reports whether a client cannot meet the mutant on a shared target. There, the suite sets no password,
// sends no file, makes no room, books few visits and cannot subscribe to user.created.
func (m Mutant) isOutOfReach() bool {
	o := operation(m.Operation)
	if o.Declared != nil && slices.Contains([]string{"file", "room", "visit"}, o.Declared.Tags[0]) {
		return true
	}
	rest, isLogin := strings.CutPrefix(m.meets, "login ")
	return isLogin && !strings.HasPrefix(rest, "4") || m.Operation == "user.created" ||
		strings.HasPrefix(m.Operation, "visit.") || ofImage.MatchString(m.Name)
}
