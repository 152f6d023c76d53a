package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// coverageCmd is `vsee-contract coverage`.
type coverageCmd struct {
	Results string `arg:"" placeholder:"FILE" help:"The results.json of a run."`
}

// Run prints the part of openapi.yaml that a run has seen.
func (c *coverageCmd) Run(a *app) error {
	data, err := bounded.ReadStream(a.ctx, c.Results, report.MaxSize)
	if err != nil {
		return fmt.Errorf("reading the results: %w", err)
	}
	seen, err := report.ReadCoverage(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", c.Results, err)
	}
	if seen == nil {
		return errors.New("the results have no coverage")
	}
	_, err = io.WriteString(a.stdout, seen.Text())
	return err
}
