package due_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

// At the end of Run, the items of due lanes stay pending unless they have begun.
func TestNoLaneIsRunAfterTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler), 1)
		var all []*itemList
		for i := range 100 {
			all = append(all, newClinic(loop, fmt.Sprint(i), false))
			all[i].duration = time.Second
			all[i].add(0, time.Second, "check", nil)
			loop.Wake(fmt.Sprint(i))
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, stop)
		loop.Run(ctx, t.Context())
		ran := 0
		for _, l := range all {
			ran += len(l.done())
		}
		if ran == 0 || ran > 8 {
			t.Errorf("%d items, and not those of the goroutines for quick lanes", ran)
		}
	})
}

// Few goroutines run the quick lanes of all clinics, each several lanes in turn. These hundred clinics would stop them
// all if a lane that must wait kept its goroutine from the others.
func TestLanesThatMustWaitDelayNoOther(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(loop *due.Loop[string], name string, l *itemList, until <-chan struct{}){
		"for a receiver": func(loop *due.Loop[string], name string, l *itemList, until <-chan struct{}) {
			l.add(1, time.Second, "hangs", func(*itemList) { <-until })
			loop.Wake(name)
		},
		"for a call with the clinic to itself": func(
			loop *due.Loop[string], name string, l *itemList, until <-chan struct{},
		) {
			l.add(0, time.Second, "check", nil)
			loop.Wake(name)
			go func() { _ = loop.RunExclusively(t.Context(), name, func() error { <-until; return nil }) }()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler), 1)
				release := make(chan struct{})
				var waiting, others []*itemList
				for i := range 100 {
					name := fmt.Sprint("waits ", i)
					waiting = append(waiting, newClinic(loop, name, false))
					block(loop, name, waiting[i], release)
					name = fmt.Sprint("other ", i)
					others = append(others, newClinic(loop, name, false))
					others[i].duration = 100 * time.Millisecond // so that many lanes are due when a goroutine has room
					others[i].add(0, time.Second-time.Duration(i%2)*time.Millisecond, "check", nil)
					loop.Wake(name)
				}
				synctest.Wait()
				runLoop(t, loop)
				time.Sleep(10 * time.Second)
				synctest.Wait()
				for _, l := range others {
					if len(l.done()) == 0 {
						t.Error("a lane of another clinic has not run")
					}
				}
				close(release)
				synctest.Wait()
				for _, l := range waiting {
					if len(l.done()) == 0 {
						t.Error("a lane that waited has not run")
					}
				}
			})
		})
	}
}
