package scenariocmd

import (
	"errors"
	"path/filepath"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
)

// saveCmd is `vsee-mock scenarios save`.
type saveCmd struct {
	ID    string `arg:"" name:"id" help:"Id of a check, a claim or a visit."`
	Claim bool   `xor:"kind" help:"The id is a claim's, even if a check has it, too."`
	Visit bool   `xor:"kind" help:"The id is a visit's, even if a check or a claim has it, too."`
	Out   string `placeholder:"FILE" help:"File to write (check-ID.yaml, claim-ID.yaml or visit-ID.yaml)."`
	Mock  string `default:"http://127.0.0.1:8080" help:"Address of the mock."`
	remote.Account
}

// Run writes a scenario file to repeat a check, a claim or a visit.
func (s *saveCmd) Run(a *command.App) error {
	if s.Out != "" && filepath.Ext(s.Out) != ".yaml" {
		return command.Usage(errors.New("--out must end in .yaml"))
	}
	c, err := s.At(s.Mock)
	if err != nil {
		return err
	}
	write := c.SaveCheck
	switch {
	case s.Claim:
		write = c.SaveClaim
	case s.Visit:
		write = c.SaveVisit
	}
	saved, err := write(a.Ctx, c.Clinic, s.ID)
	switch {
	case err == nil || s.Claim || s.Visit:
	case c.HasClaim(a.Ctx, s.ID):
		saved, err = c.SaveClaim(a.Ctx, c.Clinic, s.ID)
	case c.HasVisit(a.Ctx, s.ID):
		saved, err = c.SaveVisit(a.Ctx, c.Clinic, s.ID)
	}
	if err != nil {
		return remote.UnknownID(err, s.kinds()...)
	}
	out := s.Out
	if out == "" {
		out = filepath.Base(saved.File)
	}
	text := schemaLine + saved.Text
	if err := create(out, []byte(text)); err != nil {
		return err
	}
	printWritten(a.Stdout, out, text)
	return nil
}

// kinds returns the kinds of things that the id can mean.
func (s *saveCmd) kinds() []string {
	switch {
	case s.Claim:
		return []string{"claim"}
	case s.Visit:
		return []string{"visit"}
	}
	return []string{"check", "claim", "visit"}
}
