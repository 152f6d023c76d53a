package contractcmd

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"

	"github.com/vsee-mock/vsee-mock/mockserver"
)

// replacement replaces a part in the body of some replies.
type replacement struct {
	Request pattern `json:"request"` // of "METHOD path": these replies change
	Of      pattern `json:"of"`
	By      string  `json:"by"`
}

// pattern is a regular expression.
type pattern struct{ *regexp.Regexp }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *pattern) UnmarshalText(text []byte) (err error) {
	p.Regexp, err = regexp.Compile(string(text))
	return err
}

// driftVariable has the change of a drifted mock, as JSON.
const driftVariable = "DRIFT"

// driftedMain is a mock with one deliberate change. It replaces a preview environment that no longer follows
// openapi.yaml. Its command line is that of vsee-mock serve, as far as the tests use it. It returns the exit code.
func driftedMain() int {
	if err := serveDrifted(); err != nil {
		fmt.Fprintln(os.Stderr, "drifted:", err)
		return 1
	}
	return 0
}

func serveDrifted() error {
	flags := flag.NewFlagSet("drifted", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on")
	if err := flags.Parse(os.Args[2:]); err != nil { // the first one is serve
		return err
	}
	var d replacement
	if err := json.Unmarshal([]byte(os.Getenv(driftVariable)), &d); err != nil {
		return fmt.Errorf("reading DRIFT: %w", err)
	}
	mock, err := mockserver.New(mockserver.Options{})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	go mock.Run(ctx)
	fmt.Println("http://" + listener.Addr().String())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.Request.MatchString(r.Method + " " + r.URL.Path) {
			w = &driftedReply{ResponseWriter: w, drift: d}
		}
		mock.ServeHTTP(w, r)
	}))
}

// driftedReply is the writer of a changed reply. It delays the header until the first part of the body, because the
// length may change.
type driftedReply struct {
	http.ResponseWriter
	drift  replacement
	status int // 0 after the header was sent
}

func (c *driftedReply) WriteHeader(status int) { c.status = status }

func (c *driftedReply) Write(body []byte) (int, error) {
	if c.status != 0 {
		c.Header().Del("Content-Length")
		c.ResponseWriter.WriteHeader(c.status)
		c.status = 0
	}
	_, err := c.ResponseWriter.Write(c.drift.Of.ReplaceAll(body, []byte(c.drift.By)))
	return len(body), err
}
