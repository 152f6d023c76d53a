package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator),
		module+"vsee-mock", module+"vsee-contract", module+"vsee-bench/internal/plain")
	cmd.WaitDelay = time.Second // the compiler and the linker outlive a killed go build
	if out, err := cmd.CombinedOutput(); err != nil {
		return Programs{}, fmt.Errorf("building the programs to measure: %w\n%srun the bench inside the repository, "+
			"with go in the PATH: go run ./cmd/vsee-bench", err, out)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	return Programs{Bench: bench, Plain: path("plain"), Mock: path("vsee-mock"), Contract: path("vsee-contract")}, nil
}

// started is the cost of a program from its start to its first answer, or to its end.
type started struct{ took, cpu time.Duration }

// start measures the start of each program.
func start(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "start", Title: "Start of a program",
		Columns: []string{"ms", "CPU in ms", "ratio to routed"}}
	plain := func(role string) func() (started, error) {
		return func() (started, error) { return s.startPlain(ctx, role) }
	}
	version := func(program string) func() (started, error) {
		return func() (started, error) { return runVersion(ctx, program) }
	}
	for _, row := range []struct {
		name string
		run  func() (started, error)
	}{
		{"bare, to its first answer", plain(server.Bare)},
		{"routed, to its first answer", plain(server.Routed)},
		{"vsee-mock serve, to its first answer", func() (started, error) { return s.startMock(ctx) }},
		{"vsee-mock version, to its end", version(s.Programs.Mock)},
		{"vsee-contract version, to its end", version(s.Programs.Contract)},
	} {
		s.progress("start: %s", row.name)
		var took, cpu []float64
		for range s.Counts.Starts {
			one, err := row.run()
			if err != nil {
				return fmt.Errorf("%s: %w", row.name, err)
			}
			took, cpu = append(took, 1e3*one.took.Seconds()), append(cpu, 1e3*one.cpu.Seconds())
		}
		t.Add(row.name, report.Median(took), report.Median(cpu))
	}
	for i := range t.Rows {
		t.Rows[i].Values = append(t.Rows[i].Values, report.Ratio(t.Rows[i].Values[0], t.Rows[1].Values[0]))
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// startPlain starts one of the servers to compare the mock with.
func (s Suite) startPlain(ctx context.Context, role string) (started, error) {
	replies := []server.Reply{{Pattern: operationNamed("list").pattern(), Type: "application/json"}}
	begun := time.Now()
	process, address, err := s.serve(ctx, role, replies)
	if err != nil {
		return started{}, err
	}
	took, err := firstAnswer(ctx, begun, address)
	return started{took, process.Stop()}, err
}

// firstAnswer asks a server for its insurers, and returns the time since its start.
func firstAnswer(ctx context.Context, begun time.Time, address string) (time.Duration, error) {
	_, err := operationNamed("list").send(ctx, address, 0, defaultToken)
	return time.Since(begun), err
}

// addressLine is the line of vsee-mock's banner with the address.
var addressLine = regexp.MustCompile(`base URL +http://([^/]+)/`)

// startMock starts vsee-mock as its users do.
func (s Suite) startMock(ctx context.Context) (started, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	//nolint:gosec // the program was built by Build
	cmd := exec.CommandContext(ctx, s.Programs.Mock, "serve", "--listen", "127.0.0.1:0")
	output, err := cmd.StdoutPipe()
	if err != nil {
		return started{}, err
	}
	core, _ := cores()
	begun := time.Now()
	if err := child.StartOn(cmd, core); err != nil {
		return started{}, err
	}
	took, err := answerOfBanner(ctx, begun, output)
	stop()
	_ = cmd.Wait() // it was killed
	return started{took, child.CPU(cmd)}, err
}

// answerOfBanner reads the mock's address, and asks the mock for its insurers.
func answerOfBanner(ctx context.Context, begun time.Time, output io.Reader) (time.Duration, error) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if found := addressLine.FindStringSubmatch(lines.Text()); found != nil {
			return firstAnswer(ctx, begun, found[1])
		}
	}
	return 0, errors.New("it has ended without printing its address")
}

// runVersion runs a program's version command.
func runVersion(ctx context.Context, program string) (started, error) {
	cmd := exec.CommandContext(ctx, program, "version")
	core, _ := cores()
	begun := time.Now()
	if err := child.StartOn(cmd, core); err != nil {
		return started{}, err
	}
	err := cmd.Wait()
	return started{time.Since(begun), child.CPU(cmd)}, err
}
