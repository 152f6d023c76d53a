//go:build ignore

package contract

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// readings is the number of requests in a scenario with random faults. With it, the chance that none of them
// fails, or all of them fail, is one in a million.
const readings = 20

// faultHeader names the deliberate faults of a reply. Some replies with a long-tail latency are as quick as any
// other, so only this header shows the fault.
const faultHeader = "X-Mock-Fault"

// ask sends a request of the patient's client, and requires that it fails as described by the scenario. It repeats
// the request until it succeeds.
func (s *story) ask(operation, method, path string, header map[string]string) response {
	GinkgoHelper()
	for range readings + len(s.faults) {
		s.requests[operation]++
		place, fault := s.faultOf(operation, s.requests[operation])
		patience := impatience(fault)
		if patience > 0 && s.faults[place] == 0 { // shown once: the rest of the scenario waits for the reply
			s.faults[place]++
			s.givesUp(request{method, s.base(), path, header, payload{}}, patience)
			continue
		}
		r, err := s.client.do(s.ctx, request{method, s.base(), path, header, payload{}})
		if fault.Probability > 0 && err == nil && r.Status == ok || place < 0 || !breaks(fault) {
			Expect(err).NotTo(HaveOccurred(), "a reply that can be read")
			if place >= 0 && fault.Latency.Tail {
				Expect(r.Header.Get(faultHeader)).To(ContainSubstring("latency"), "what the mock says that it does")
				s.faults[place]++
			}
			return r
		}
		s.faults[place]++
		isBroken(fault, r, err)
	}
	Expect(operation).To(BeEmpty(), "the request never goes through") // through Gomega, like all failures: see settle
	return response{}
}

// faultOf returns the fault for the nth request of an operation, with its place in the scenario; -1 for none.
func (s *story) faultOf(operation string, nth int) (int, scenarios.Fault) {
	for i, f := range s.tale.HTTP {
		from := max(int(f.From), 1)
		if (f.Operation == "" || f.Operation == operation) && nth >= from && (f.Times == 0 || nth < from+int(f.Times)) {
			return i, f
		}
	}
	return -1, scenarios.Fault{}
}

// breaks reports whether a fault makes a request fail, rather than delay its reply.
func breaks(f scenarios.Fault) bool {
	return f.Status != 0 || f.Reset || f.Truncated || f.Malformed || f.HTML
}

// impatience returns the timeout of a client that gives up before a delayed reply arrives; 0 if the reply may be
// quick.
func impatience(f scenarios.Fault) time.Duration {
	if f.Probability > 0 || f.Latency.Tail {
		return 0
	}
	return (f.Latency.From + time.Duration(f.Slow)) / 2
}

// givesUp requires that the whole reply has not arrived after a time.
func (s *story) givesUp(r request, patience time.Duration) {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	began := now()
	_, err := s.client.do(ctx, r)
	if err == nil && now().Sub(began) >= 2*patience {
		return // the reply was not early: this computer was too busy for the client to give up in time
	}
	Expect(err).To(MatchError(context.DeadlineExceeded), "a client that waits "+patience.String())
}

// isBroken requires that a reply has the failure of a fault.
func isBroken(f scenarios.Fault, r response, err error) {
	GinkgoHelper()
	switch {
	case f.Reset:
		Expect(err).To(MatchError(syscall.ECONNRESET), "that the connection is reset")
	case f.Truncated:
		Expect(err).To(MatchError(io.ErrUnexpectedEOF), "that the reply ends in the middle")
	case f.HTML:
		Expect(r.Status).To(Equal(ok), "the status of a page")
		Expect(r.Header.Get("Content-Type")).To(HavePrefix("text/html"), "the content type of a page")
	case f.Malformed:
		Expect(r.Status).To(Equal(ok), "the status of a reply that is no JSON")
		Expect(json.Valid(r.Body)).To(BeFalse(), "the reply is JSON")
	default:
		refused(r, f.Status)
		wait := ""
		if f.RetryAfter > 0 {
			wait = strconv.Itoa(int(time.Duration(f.RetryAfter) / time.Second))
		}
		Expect(r.Header.Get("Retry-After")).To(Equal(wait), "for how long to wait")
	}
}

// wentWrong requires that each fault of the scenario occurred as often as it must.
func (s *story) wentWrong() {
	GinkgoHelper()
	for i, f := range s.tale.HTTP {
		switch {
		case f.Probability > 0:
			for range readings {
				s.look(primary)
			}
			Expect(s.faults[i]).To(And(BeNumerically(">", 0), BeNumerically("<", s.requests["getUser"])), "requests that went wrong by chance")
		case breaks(f):
			Expect(s.faults[i]).To(Equal(int(f.Times)), "requests that went wrong")
		case f.Latency.Tail:
			Expect(s.faults[i]).To(BeNumerically(">", 0), "replies that may be late")
		case impatience(f) > 0:
			Expect(s.faults[i]).To(Equal(1), "requests that were given up")
		}
	}
}
