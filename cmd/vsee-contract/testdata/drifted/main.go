// Command drifted is a mock with one deliberate change. It replaces a preview environment that no longer follows
// openapi.yaml. Its command line is that of vsee-mock serve, as far as the tests use it.
//
// The variable DRIFT has the change, a drift as JSON. GET /drifted returns the ids of the requirements whose replies or
// events had it. The ids come from the User-Agent of the requests.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver"
)

// drift is the change of the mock. Its parts apply to the document, to replies and to events.
type drift struct {
	Document edit        `json:"document"` // in the openapi.yaml of the mock
	Request  pattern     `json:"request"`  // of "METHOD path": these replies change
	Body     edit        `json:"body"`     // in these replies
	Status   map[int]int `json:"status"`   // of these replies
	Event    edit        `json:"event"`    // in each event
}

// pattern is a regular expression.
type pattern struct{ *regexp.Regexp }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *pattern) UnmarshalText(text []byte) (err error) {
	p.Regexp, err = regexp.Compile(string(text))
	return err
}

// edit replaces the matches of Of by By; $1 in By stands for the first group. The zero value changes nothing.
type edit struct {
	Of pattern `json:"of"`
	By string  `json:"by"`
}

// of returns the edited text, and whether Of matched.
func (e edit) of(text []byte) ([]byte, bool) {
	if e.Of.Regexp == nil || !e.Of.Match(text) {
		return text, false
	}
	return e.Of.ReplaceAll(text, []byte(e.By)), true
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "drifted:", err)
		os.Exit(1)
	}
}

func run() error {
	flags := flag.NewFlagSet("drifted", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on")
	if err := flags.Parse(os.Args[2:]); err != nil { // the first one is serve
		return err
	}
	var d drift
	if err := json.Unmarshal([]byte(os.Getenv("DRIFT")), &d); err != nil {
		return fmt.Errorf("reading DRIFT: %w", err)
	}
	document, changed := d.Document.of(vseemock.OpenAPI())
	if d.Document.Of.Regexp != nil && !changed {
		return errors.New("openapi.yaml has no match for the drift")
	}
	mock, err := mockserver.New(mockserver.Options{Document: document})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	s := &server{mock: mock, drift: d, base: "http://" + listener.Addr().String(), met: map[string]bool{}, of: map[string]string{}}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go mock.Run(ctx)
	fmt.Println(s.base)
	return http.Serve(listener, s)
}

// server is the mock with the drift.
type server struct {
	mock  *mockserver.Server
	drift drift
	base  string

	mu  sync.Mutex
	met map[string]bool   // ids of the requirements with a changed reply or event
	of  map[string]string // the requirement of each clinic, by account code
}

var requirement = regexp.MustCompile(`req/(\S+)`)

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := ""
	if found := requirement.FindStringSubmatch(r.UserAgent()); found != nil {
		id = found[1]
	}
	s.mu.Lock()
	if account := r.Header.Get("X-AccountCode"); s.of[account] == "" {
		s.of[account] = id
	}
	s.mu.Unlock()
	switch {
	case r.URL.Path == "/drifted":
		s.writeMet(w)
	case strings.HasPrefix(r.URL.Path, "/drifted/event/"):
		s.relay(w, r)
	case r.URL.Path == "/_mock/clinics" && r.Method == http.MethodPost && s.drift.Event.Of.Regexp != nil:
		s.mock.ServeHTTP(w, s.relayed(r))
	case s.drift.Request.Regexp != nil && s.drift.Request.MatchString(r.Method+" "+r.URL.Path):
		s.mock.ServeHTTP(&changing{ResponseWriter: w, drift: s.drift, met: func() { s.meet(id) }}, r)
	default:
		s.mock.ServeHTTP(w, r)
	}
}

func (s *server) meet(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met[id] = true
}

func (s *server) writeMet(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(s.met)
}

// changing is the writer of a changed reply. It delays the header until the first part of the body, because the length
// may change.
type changing struct {
	http.ResponseWriter
	drift  drift
	met    func()
	status int // 0 after the header was sent
}

// Unwrap lets http.ResponseController reach the original writer.
func (c *changing) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *changing) WriteHeader(status int) {
	if other, ok := c.drift.Status[status]; ok {
		status = other
		c.met()
	}
	c.status = status
}

func (c *changing) Write(body []byte) (int, error) {
	changed, is := c.drift.Body.of(body)
	if is {
		c.met()
	}
	if c.status != 0 {
		if len(changed) != len(body) {
			c.Header().Del("Content-Length")
		}
		c.ResponseWriter.WriteHeader(c.status)
		c.status = 0
	}
	_, err := c.ResponseWriter.Write(changed)
	return len(body), err
}
