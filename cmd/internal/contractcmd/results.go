package contractcmd

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/drift"
	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// results reads the results.json of a run.
func (a *app) results(path string) (report.File, error) {
	data, err := bounded.ReadStream(a.ctx, path, report.MaxSize)
	if err != nil {
		return report.File{}, fmt.Errorf("reading the results: %w", err)
	}
	f, err := report.Read(bytes.NewReader(data))
	if err != nil {
		return report.File{}, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// coverageCmd is `vsee-contract coverage`.
type coverageCmd struct {
	Results string `arg:"" placeholder:"FILE" help:"The results.json of a run."`
}

// Run prints the part of openapi.yaml that a run has seen.
func (c *coverageCmd) Run(a *app) error {
	f, err := a.results(c.Results)
	switch {
	case err != nil:
		return err
	case f.Coverage == nil:
		return errors.New("the results have no coverage")
	}
	_, err = io.WriteString(a.stdout, report.CoverageText(f.Coverage))
	return err
}

// knownCmd is `vsee-contract known`.
type knownCmd struct {
	Results string `arg:"" placeholder:"FILE" help:"The results.json of a run."`
}

// Run prints entries for the known differences.
func (k *knownCmd) Run(a *app) error {
	f, err := a.results(k.Results)
	if err != nil {
		return err
	}
	return known.Draft(a.stdout, f.Run)
}

// diffCmd is `vsee-contract diff`.
type diffCmd struct {
	config.Options
	Old     string `arg:"" placeholder:"OLD" help:"The results.json of the run before."`
	New     string `arg:"" placeholder:"NEW" help:"The results.json of the run now."`
	AsJSON  bool   `name:"json" help:"As JSON."`
	Replies bool   `help:"The files hold JSON replies of the target, and not results."`
}

// Run prints the differences between two runs. It exits 1 if one of them is of a class in --fail-on. If the run now
// broke or tested nothing, it exits like that run.
func (d *diffCmd) Run(a *app, code *int) error {
	l, err := a.load(d.Options)
	if err == nil {
		err = l.CheckPolicy()
	}
	if err != nil {
		return err
	}
	lines, notes, err := d.compare(a, code)
	if err != nil {
		return err
	}
	failOn, _ := l.Policy()
	if *code == result.ExitFine && drift.Breaks(lines, failOn) {
		*code = result.ExitFindings
	}
	if d.AsJSON {
		out := json.NewEncoder(a.stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(
			map[string]any{"notes": append([]string{}, notes...), "differences": append([]drift.Line{}, lines...)},
		)
	}
	err = drift.Text(a.stdout, lines, notes)
	if l.Annotations {
		err = cmp.Or(err, drift.Annotations(a.stdout, lines, failOn))
	}
	return err
}

// compare reads and compares the two files. It sets the exit code if the run now broke or tested nothing.
func (d *diffCmd) compare(a *app, code *int) (lines []drift.Line, notes []string, err error) {
	if d.Replies {
		before, err := a.replies(d.Old)
		if err != nil {
			return nil, nil, err
		}
		now, err := a.replies(d.New)
		if err != nil {
			return nil, nil, err
		}
		return drift.Replies(before, now, redact.FromDocument(embedded.Spec().Document).Values), nil, nil
	}
	before, err := a.results(d.Old)
	if err != nil {
		return nil, nil, err
	}
	now, err := a.results(d.New)
	if err != nil {
		return nil, nil, err
	}
	if useless := now.ExitCode(); useless == result.ExitTarget || useless == result.ExitConfig {
		*code = useless
	}
	lines, notes = drift.Runs(before, now)
	return lines, notes, nil
}

// replies reads the JSON replies in a file, one after the other.
func (a *app) replies(path string) ([]drift.Reply, error) {
	data, err := bounded.ReadStream(a.ctx, path, report.MaxSize)
	if err != nil {
		return nil, fmt.Errorf("reading the replies: %w", err)
	}
	var all []drift.Reply
	for decoder := json.NewDecoder(bytes.NewReader(data)); ; {
		var body json.RawMessage
		err := decoder.Decode(&body)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("%s: the replies must be JSON, one after the other", path)
		}
		all = append(all, drift.Reply{Body: body})
	}
}
