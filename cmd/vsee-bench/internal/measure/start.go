package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// Programs are the paths of the programs that the bench runs.
type Programs struct {
	Bench    string // this one
	Plain    string // the servers to compare the mock with
	Mock     string // vsee-mock
	Contract string // vsee-contract
}

// Build builds the programs other than this one into a directory.
func Build(ctx context.Context, bench, dir string) (Programs, error) {
	const module = "github.com/vsee-mock/vsee-mock/cmd/"
	//nolint:gosec // the directory is the bench's own
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=auto", "-o", dir+string(filepath.Separator),
		module+"vsee-mock", module+"vsee-contract", module+"vsee-bench/internal/plain")
	cmd.WaitDelay = time.Second // the compiler and the linker outlive a killed go build
	if out, err := cmd.CombinedOutput(); err != nil {
		return Programs{}, fmt.Errorf("building the programs to measure: %w\n%srun the bench inside the repository, "+
			"with go in the PATH: go run ./cmd/vsee-bench", err, out)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	return Programs{Bench: bench, Plain: path("plain"), Mock: path("vsee-mock"), Contract: path("vsee-contract")}, nil
}

// start measures the time from the start of a program to its first answer, or to its end.
func start(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "start", Title: "Start of a program", Columns: []string{"ms", "ratio to routed"}}
	replies := []server.Reply{{Pattern: "GET " + server.Prefix + "/insurances/", Type: "application/json"}}
	plain := func(role string) func() (time.Duration, error) {
		return func() (time.Duration, error) {
			begun := time.Now()
			process, address, err := s.serve(ctx, role, replies)
			if err != nil {
				return 0, err
			}
			defer process.Stop()
			return firstAnswer(ctx, begun, address)
		}
	}
	var medians []float64
	for _, row := range []struct {
		name string
		run  func() (time.Duration, error)
	}{
		{"bare, to its first answer", plain(server.Bare)},
		{"routed, to its first answer", plain(server.Routed)},
		{"vsee-mock serve, to its first answer", func() (time.Duration, error) { return s.startMock(ctx) }},
		{"vsee-mock version, to its end", func() (time.Duration, error) { return s.version(ctx, s.Programs.Mock) }},
		{"vsee-contract version, to its end", func() (time.Duration, error) { return s.version(ctx, s.Programs.Contract) }},
	} {
		s.progress("start: %s", row.name)
		var all []float64
		for range s.Counts.Starts {
			took, err := row.run()
			if err != nil {
				return fmt.Errorf("%s: %w", row.name, err)
			}
			all = append(all, 1e3*took.Seconds())
		}
		medians = append(medians, report.Median(all))
		t.Add(row.name, medians[len(medians)-1])
	}
	for i := range t.Rows[:3] {
		t.Rows[i].Values = append(t.Rows[i].Values, medians[i]/medians[1])
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// firstAnswer asks a server for its insurers, and returns the time since its start.
func firstAnswer(ctx context.Context, begun time.Time, address string) (time.Duration, error) {
	if _, err := operationNamed("list").send(ctx, address, 0, defaultToken); err != nil {
		return 0, err
	}
	return time.Since(begun), nil
}

// addressLine is the line of vsee-mock's banner with the address.
var addressLine = regexp.MustCompile(`base URL +http://([^/]+)/`)

// startMock starts vsee-mock as its users do, and asks it for the insurers of its clinic.
func (s Suite) startMock(ctx context.Context) (time.Duration, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	//nolint:gosec // the program was built by Build
	cmd := exec.CommandContext(ctx, s.Programs.Mock, "serve", "--listen", "127.0.0.1:0")
	output, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	core, _ := cores()
	begun := time.Now()
	if err := child.StartOn(cmd, core); err != nil {
		return 0, err
	}
	defer func() {
		stop()
		_ = cmd.Wait()
	}()
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if found := addressLine.FindStringSubmatch(lines.Text()); found != nil {
			return firstAnswer(ctx, begun, found[1])
		}
	}
	return 0, errors.New("it has ended without printing its address")
}

// version runs a program's version command.
func (Suite) version(ctx context.Context, program string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, program, "version")
	core, _ := cores()
	begun := time.Now()
	if err := child.StartOn(cmd, core); err != nil {
		return 0, err
	}
	err := cmd.Wait()
	return time.Since(begun), err
}
