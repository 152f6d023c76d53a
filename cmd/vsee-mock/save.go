package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
)

// saveCmd is `vsee-mock scenarios save`.
type saveCmd struct {
	Check string `arg:"" help:"The check's eligibility_id."`
	Out   string `placeholder:"FILE" help:"The file (check-ID.yaml, in this folder)."`
	Mock  string `default:"http://127.0.0.1:8080" help:"Where the mock is."`
	account
}

// Run writes the scenario by which what has happened to a check happens again.
func (s *saveCmd) Run(a *app) error {
	if s.Out != "" && filepath.Ext(s.Out) != ".yaml" {
		return usage{errors.New("--out must end in .yaml")}
	}
	c, err := s.of(s.Mock)
	if err != nil {
		return err
	}
	var saved struct {
		File string `json:"file"`
		Text string `json:"text"`
	}
	if _, err := c.call(a.ctx, http.MethodGet, "/checks/"+url.PathEscape(s.Check)+"/scenario", nil, &saved); err != nil {
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
	_, _ = fmt.Fprintf(a.stdout, "%s\n%s\nvsee-mock serve --scenarios %s has it in force\n", out, text, filepath.Dir(out))
	return nil
}
