package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/vsee-mock/vsee-mock/contract/report"
)

// coverageCmd is `vsee-contract coverage`.
type coverageCmd struct {
	Results string `arg:"" placeholder:"FILE" help:"results.json of a run."`
}

// Run prints how much of openapi.yaml a run has seen.
func (c *coverageCmd) Run(a *app) error {
	file, err := os.Open(c.Results)
	if err != nil {
		return fmt.Errorf("reading the results: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	seen, err := report.ReadCoverage(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Results, err)
	}
	if seen == nil {
		return errors.New("the results say nothing about coverage")
	}
	_, err = io.WriteString(a.stdout, seen.Text())
	return err
}
