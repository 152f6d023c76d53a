// Command drifted stands in for a preview environment that has changed since openapi.yaml was written: a mock that
// behaves otherwise in one thing. Its command line is that of vsee-mock serve, as far as the tests use it.
//
// DRIFT says what is otherwise: a drift as JSON. GET /drifted has the ids of the requirements that have met it, by the
// User-Agent of their requests.
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

// drift is what is otherwise.
type drift struct {
	Document edit        `json:"document"` // in openapi.yaml, which the mock goes by
	Request  pattern     `json:"request"`  // of "METHOD path", which replies are otherwise
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

// edit is a change of a text: what matches Of is By, in which $1 is what matches the first group. The zero value
// changes nothing.
type edit struct {
	Of pattern `json:"of"`
	By string  `json:"by"`
}

// of returns a text as changed, and whether it is another.
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
		return errors.New("openapi.yaml has nothing that the drift would change")
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
	met map[string]bool   // by the ids of requirements
	of  map[string]string // the requirement that a clinic was made for, by account code
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
		s.tell(w)
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

func (s *server) tell(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(s.met)
}

// changing is a reply that is otherwise. Its header waits for the first of its body, which may be of another length.
type changing struct {
	http.ResponseWriter
	drift  drift
	met    func()
	status int // 0 once the header has gone
}

// Unwrap lets http.ResponseController find what it is for.
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
