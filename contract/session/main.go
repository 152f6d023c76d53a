package session

import (
	"context"
	"errors"
	"io"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
)

// Screen is where Main prints a run for people.
type Screen struct {
	Out      io.Writer // the causes, the count per state and the verdict, after the run
	Colour   bool      // whether Out may contain colour codes
	Terminal io.Writer // shows the progress on a line that is erased again; nil shows nothing
}

// Main tests the target outside a test, prints its causes, and returns the run; the run's ExitCode is
// the program's. The error is for a configuration that is wrong or selects nothing, and for results that could not
// be written.
func Main(ctx context.Context, cfg config.Config, screen Screen) (result.Run, error) {
	console := report.Console{W: screen.Out, Colour: screen.Colour}
	live := &report.Live{Terminal: screen.Terminal, Wait: wire.System{}.Wait}
	s, err := Prepare(ctx, cfg)
	if err != nil {
		return result.Run{}, errors.Join(err, stillborn(ctx, cfg, err))
	}
	s.Began, s.Ended = live.Began, live.Ended
	if err := s.Begin(ctx); err != nil {
		run, _ := s.Finish(ctx, engine.Unended(s.Options, err.Error(), "the run did not begin"))
		return run, err
	}
	run, err := s.Face(ctx)
	live.Close()
	err = errors.Join(err, tell(console, s.Config, run))
	if err == nil && run.ExitCode() == result.ExitConfig {
		err = Nothing(run)
	}
	return run, err
}
