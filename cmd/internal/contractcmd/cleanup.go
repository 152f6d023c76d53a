package contractcmd

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/session"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// cleanupCmd is `vsee-contract cleanup`.
type cleanupCmd struct{ config.Options }

// Run lists the synthetic patients of earlier runs, and deletes their cards if the run may write to the target.
func (c *cleanupCmd) Run(a *app) error {
	l, err := a.load(c.Options)
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return err
	}
	left, err := session.Cleanup(a.ctx, l.Config)
	if err != nil && !l.IsMock() {
		err = broken{err}
	}
	var b strings.Builder
	cards, deleted := 0, 0
	for _, one := range left {
		fmt.Fprintf(&b, "%s  %s  %s\n", printable.Lines(one.ID), printable.Lines(one.Code),
			printable.Lines(cmp.Or(strings.Join(one.Cards, " "), "no cards")))
		cards, deleted = cards+len(one.Cards), deleted+one.Deleted
	}
	if err == nil {
		fmt.Fprintf(&b, "synthetic patients: %d, cards deleted: %d, cards left: %d\n", len(left), deleted, cards)
	}
	if cards > 0 && !l.AllowMutating {
		fmt.Fprintf(&b, "to delete the cards, set %s=true\n", config.EnvAllowMutating)
	}
	if len(left) > 0 {
		b.WriteString("VSee's API cannot delete patients: they stay.\n")
	}
	_, failed := a.stdout.Write([]byte(b.String()))
	return errors.Join(err, failed)
}
