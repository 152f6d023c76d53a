package scenariocmd

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
)

// saveCmd is `vsee-mock scenarios save`.
type saveCmd struct {
	ID    string `arg:"" name:"id" help:"The eligibility_id of a check or the claim_id of a claim."`
	Claim bool   `help:"It is a claim, though there is a check with this id as well."`
	Out   string `placeholder:"FILE" help:"The file (check-ID.yaml or claim-ID.yaml, in this folder)."`
	Mock  string `default:"http://127.0.0.1:8080" help:"Where the mock is."`
	remote.Account
}

// Run writes a scenario file to repeat a check or a claim.
func (s *saveCmd) Run(a *command.App) error {
	if s.Out != "" && filepath.Ext(s.Out) != ".yaml" {
		return command.Usage(errors.New("--out must end in .yaml"))
	}
	c, err := s.At(s.Mock)
	if err != nil {
		return err
	}
	write := c.SaveCheck
	if s.Claim {
		write = c.SaveClaim
	}
	saved, err := write(a.Ctx, c.Clinic, s.ID)
	if err != nil && !s.Claim && c.HasClaim(a.Ctx, s.ID) {
		saved, err = c.SaveClaim(a.Ctx, c.Clinic, s.ID)
	}
	if err != nil {
		return err
	}
	out := s.Out
	if out == "" {
		out = filepath.Base(saved.File)
	}
	text := schemaLine + saved.Text
	if err := create(out, []byte(text)); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.Stdout, "%s\n%s\nvsee-mock serve --scenarios %s has it in force\n", out, text, filepath.Dir(out))
	return nil
}
