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

// isFaulty asserts that a reply has the fault of the scenario.
func (p *playing) isFaulty(f scenarios.Fault, x play.Exchange) {
	whole, r := p.last.Value(""), x.Reply
	switch {
	case f.Probability > 0:
		whole.Holds(r.Status == ok || r.Status == f.Status, "a success or the fault", "another reply", "a reply by chance must be one of two")
		return
	case f.Reset:
		whole.Holds(errors.Is(x.Err, syscall.ECONNRESET), "a reset connection", "another end", "the connection must be reset")
	case f.Truncated:
		whole.Holds(errors.Is(x.Err, io.ErrUnexpectedEOF), "a part of a reply", "another end", "the reply must end in the middle")
	case f.HTML:
		whole.Holds(r.Status == ok && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"), "a page", "another reply", "the reply must be a page")
	case f.Malformed:
		whole.Holds(r.Status == ok && !json.Valid(r.Body), "a text other than JSON", "another reply", "the reply must be no JSON")
	case f.Status != 0:
		wait := ""
		if f.RetryAfter > 0 {
			wait = strconv.Itoa(int(time.Duration(f.RetryAfter) / time.Second))
		}
		p.last.Value("Retry-After").Holds(r.Header.Get("Retry-After") == wait, "the time of the scenario", "another time",
			"Retry-After must be that of the scenario")
	}
	if f.Latency.Tail { // some replies are as quick as any other
		p.last.Value(engine.FaultHeader).Holds(strings.Contains(r.Header.Get(engine.FaultHeader), "latency"), "latency", "another fault",
			"the mock must name its fault")
	} else if least := f.Latency.From + time.Duration(f.Slow); least > 0 {
		whole.Holds(r.Took >= least, "the latency of the scenario", "a quicker reply", "the reply must be as slow as the scenario says")
	}
}

// isByChance asserts that some readings of the patient fail, and not all. With this number, the chance of either is
// one in a million.
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
	r.Value("").Holds(0 < failed && failed < readings, "some failures", "none or failures alone", "some requests must fail by chance, and not all")
}
