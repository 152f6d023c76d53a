package specs

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// breaks reports whether a fault breaks a reply, rather than delay or refuse it.
func breaks(f scenarios.Fault) bool { return f.Reset || f.Truncated || f.Malformed || f.HTML }

// The words for replies that do not arrive whole.
const (
	reset = "a reset connection"
	part  = "a part of a reply"
)

// arrived returns the words for the reply of a request with an error, or without one.
func arrived(err error) string {
	switch {
	case err == nil:
		return "another reply"
	case errors.Is(err, syscall.ECONNRESET):
		return reset
	case errors.Is(err, io.ErrUnexpectedEOF):
		return part
	case errors.Is(err, io.EOF):
		return "a closed connection"
	}
	return "no reply"
}

// isFaulty asserts the fault of the scenario in a reply.
func (p *playing) isFaulty(f scenarios.Fault, x play.Exchange) {
	r := x.Reply
	must := func(ok bool, expected string) {
		p.last.Value("").Holds(ok, expected, arrived(x.Err), "the reply must have the fault of the scenario")
	}
	switch {
	case f.Probability > 0:
		must(r.Status == ok || r.Status == f.Status, "a success or the fault")
		return
	case f.Reset:
		must(errors.Is(x.Err, syscall.ECONNRESET), reset)
	case f.Truncated:
		must(errors.Is(x.Err, io.ErrUnexpectedEOF), part)
	case f.HTML:
		must(r.Status == ok && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"), "a page")
	case f.Malformed:
		must(r.Status == ok && !json.Valid(r.Body), "a text other than JSON")
	case f.Status != 0:
		wait := ""
		if f.RetryAfter > 0 {
			wait = strconv.Itoa(int(time.Duration(f.RetryAfter) / time.Second))
		}
		p.last.Value("Retry-After").Holds(r.Header.Get("Retry-After") == wait, "the time of the scenario", "another time",
			"the time to wait must be the scenario's")
	}
	if f.Latency.Tail { // some replies are as quick as any other
		p.last.Value(engine.FaultHeader).Holds(strings.Contains(r.Header.Get(engine.FaultHeader), "latency"),
			"latency", "another fault", "the mock must name its fault")
	} else {
		must(r.Took >= f.Latency.From+time.Duration(f.Slow), "the latency of the scenario")
	}
}

// isByChance asserts failures of some readings of the patient, and not of all. With this number of readings, the chance
// of either is one in a million.
func (p *playing) isByChance(f scenarios.Fault) {
	const readings = 20
	failed := 0
	var r reply
	for range readings {
		q := engine.Get("/users/" + p.patient.ID).By(p.patient)
		q.Raw = true
		if r = p.t.Send(q); r.Status == f.Status {
			failed++
		}
	}
	r.Value("").Holds(0 < failed && failed < readings, "some failures", "none or failures alone",
		"some requests must fail by chance, and not all")
}
