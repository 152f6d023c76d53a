//go:build ignore

package contract

import (
	"context"
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
)

// Screen is where Main prints a run for people.
type Screen struct {
	Out      io.Writer // a line for each requirement as it ends; then the causes; then the count per state
	Colour   bool      // whether Out may contain colour codes
	Terminal io.Writer // shows a slow requirement on a line that is erased again; nil shows nothing
}

// Main tests the target outside a test, prints its findings as it goes, and returns the run; the run's ExitCode is
// the program's. The error is for a configuration that is wrong or selects nothing, and for results that could not
// be written.
func Main(ctx context.Context, cfg Config, screen Screen) (result.Run, error) {
	console := report.Console{W: screen.Out, Colour: screen.Colour}
	live := &report.Live{Console: console, Terminal: screen.Terminal, Wait: wire.System{}.Wait}
	o, err := prepare(ctx, cfg)
	if err != nil {
		return result.Run{}, errors.Join(err, stillborn(ctx, cfg, err))
	}
	o.Began, o.Ended = live.Began, live.Ended
	s := session{Options: o}
	if err := s.begin(ctx); err != nil {
		return result.Run{}, err
	}
	run, err := s.face(ctx)
	err = errors.Join(err, live.Close(), tell(console, run))
	if err == nil && run.ExitCode() == result.ExitConfig {
		err = nothingOf(run)
	}
	return run, err
}
