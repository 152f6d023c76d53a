package mutant

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Trial configures a run of the suite against mutants.
type Trial struct {
	// Target is the URL of a mock, without a path. Each requirement makes a clinic of its own there, so runs do not
	// disturb one another.
	Target string
	// Suite runs the suite against a server, in a process of its own: the requirements with these ids, or all
	// requirements when ids is empty. url is without a path. The error is for a suite that cannot run at all.
	Suite func(ctx context.Context, url string, ids []string) (result.Run, error)
	// Workers is the number of concurrent runs; at least 1.
	Workers int
	// Told, unless it is nil, is called with each verdict as soon as it is known, by one goroutine at a time.
	Told func(Verdict)
}

// timed are requirements excluded from runs against a proxy: they tell slow from quick by the computer's clock.
// A proxy reads a whole reply or event, at its own pace, before it passes it on.
func timed() []string {
	return []string{"SCEN-http-replies-slowly", "SCEN-http-replies-unevenly", "SCEN-http-slow-body", "SCEN-webhook-slow"}
}

// Face runs the suite against mutants. Each mutant gets the requirements that exercised its place on the honest
// server: no other requirement can tell the difference. When the context ends, the score has the mutants run by
// then, beside the error.
func (t Trial) Face(ctx context.Context, mutants []Mutant) (Score, error) {
	run, truth, err := t.face(ctx, Mutant{}, nil)
	if err != nil {
		return nil, err
	}
	honest := judge(Mutant{}, run, truth)
	if wrong := without(honest.Failed, timed()); len(wrong) > 0 || honest.Broken != "" {
		return nil, fmt.Errorf("the target must do all that is required for a mutant to differ from it: %s", strings.TrimSpace(strings.Join(wrong, ", ")+" "+honest.Broken))
	}
	verdicts := make([]*Verdict, len(mutants))
	var faced sync.WaitGroup
	var mu sync.Mutex
	var wrong []error
	next := make(chan int)
	for range max(t.Workers, 1) {
		faced.Go(func() {
			for n := range next {
				v, err := t.try(ctx, mutants[n], without(truth.meets(mutants[n]), timed()))
				mu.Lock()
				if err != nil {
					wrong = append(wrong, err)
				} else {
					verdicts[n] = &v
					if t.Told != nil {
						t.Told(v)
					}
				}
				mu.Unlock()
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
		return s, ctx.Err()
	}
	return s, errors.Join(wrong...)
}

// try runs some requirements against a mutant and returns the verdict.
func (t Trial) try(ctx context.Context, m Mutant, ids []string) (Verdict, error) {
	if len(ids) == 0 {
		return Verdict{Mutant: m}, nil // no requirement exercises the place of its change
	}
	run, p, err := t.face(ctx, m, ids)
	if err != nil {
		return Verdict{}, err
	}
	return judge(m, run, p), nil
}

// face runs the suite against a mutant, and returns the run and the proxy with its records.
func (t Trial) face(ctx context.Context, m Mutant, ids []string) (result.Run, *Proxy, error) {
	p, err := m.Proxy(t.Target)
	if err != nil {
		return result.Run{}, nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return result.Run{}, nil, fmt.Errorf("listening for the suite: %w", err)
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // ends by Close
	}()
	run, err := t.Suite(ctx, "http://"+listener.Addr().String(), slices.Clone(ids))
	_ = server.Close()
	<-ended
	if err == nil {
		err = ctx.Err() // an interrupted run proves nothing
	}
	if err != nil {
		return result.Run{}, nil, fmt.Errorf("facing %q: %w", m.Name, err)
	}
	return run, p, nil
}
