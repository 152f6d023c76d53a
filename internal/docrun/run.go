package docrun

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Runner runs pages.
type Runner struct {
	// Programs are the paths of the programs available to a page, by their names on the page.
	Programs map[string]string
	// Skipped are the beginnings of commands to skip here, each with the reason.
	Skipped map[string]string
}

// session is one run of a page: a folder, variables and processes of its own.
type session struct {
	*Runner
	t          testing.TB
	dir        string
	ports      map[string]string // the page's → the run's
	env        map[string]string
	bound      bindings
	last       string // output of the last command
	background []*process
}

// Page runs the commands of a page, one after the other. The test fails when a command fails, or when its output
// differs from the page. The page's ports are replaced by free ones; background commands end with the page.
func (r *Runner) Page(t testing.TB, page string) {
	t.Helper()
	s := &session{Runner: r, t: t, dir: t.TempDir(), env: map[string]string{}, bound: bindings{},
		ports: map[string]string{}}
	for _, port := range []string{"8080", "9000", "3000"} {
		s.ports[port] = freePort(t)
	}
	defer s.stopAll()
	for _, step := range Steps(page) {
		if step.File != "" {
			path := filepath.Join(s.dir, step.File)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700),
				os.WriteFile(path, []byte(s.withRunPorts(step.Text)), 0o600)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := s.runStep(step); err != nil {
			t.Errorf("line %d: %s: %s", step.Line, step.Command, err)
			return // later commands depend on this one
		}
	}
}

// withRunPorts replaces the page's ports in a text by the run's.
func (s *session) withRunPorts(text string) string {
	for shown, is := range s.ports {
		text = strings.ReplaceAll(text, ":"+shown, ":"+is)
	}
	return text
}

// withPagePorts replaces the run's ports in a text by the page's.
func (s *session) withPagePorts(text string) string {
	for shown, is := range s.ports {
		text = strings.ReplaceAll(text, ":"+is, ":"+shown)
	}
	return text
}

func (s *session) runStep(step Step) error {
	for start := range s.Skipped {
		if strings.HasPrefix(step.Command, start) {
			return nil
		}
	}
	words, err := split(s.withRunPorts(s.bound.apply(step.Command)), func(name string) string { return s.env[name] })
	if err != nil || len(words) == 0 {
		return err
	}
	for len(words) > 0 {
		name, value, is := strings.Cut(strings.TrimPrefix(words[0], "export "), "=")
		if words[0] == "export" {
			words = words[1:]
			continue
		}
		if !is || strings.ContainsAny(name, "-/.:") {
			break
		}
		if err := s.assign(name, value, step.Command); err != nil {
			return err
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	if words[0] == "curl" {
		printed, err := curl(s.t.Context(), s.dir, words[1:])
		s.last = s.withPagePorts(printed)
		return errors.Join(err, s.bound.match(step.Output, s.last))
	}
	return s.program(words, step.Output)
}

// assign sets a variable. With a comment naming a value of the last reply, it takes that value.
func (s *session) assign(name, value, command string) error {
	_, path, of := strings.Cut(command, "# the value of ")
	if of {
		var reply any
		if err := json.Unmarshal([]byte(s.last), &reply); err != nil {
			return fmt.Errorf("reading the last reply: %w", err)
		}
		for part := range strings.SplitSeq(strings.TrimSpace(path), ".") {
			object, _ := reply.(map[string]any)
			reply = object[part]
		}
		text, ok := reply.(string)
		if !ok {
			return fmt.Errorf("the last reply has no text at %s", path)
		}
		value = text
	}
	s.env[name] = value
	return nil
}

// program runs one of the programs, and leaves it in the background when it does not end by itself.
func (s *session) program(words, shown []string) error {
	name := words[0]
	if name == "go" && len(words) > 2 && words[1] == "run" {
		name, words = words[2], words[2:]
	}
	path, ok := s.Programs[name]
	if !ok {
		return fmt.Errorf("%s is no program that this test runs: see its list", name)
	}
	args := words[1:]
	apart := len(args) > 0 && args[len(args)-1] == "&"
	if apart {
		args = args[:len(args)-1]
	}
	command := exec.CommandContext(s.t.Context(), path, args...) //nolint:gosec // a program of the test
	command.Dir, command.Env = s.dir, s.environ(args)
	if apart || runsUntilStopped(path, args) {
		p, err := start(command, s, shown)
		if err == nil {
			s.background = append(s.background, p)
		}
		return err
	}
	printed, err := command.CombinedOutput()
	s.last = s.withPagePorts(string(printed))
	if err != nil && !expectsFailure(shown) {
		return fmt.Errorf("%w: %s", err, s.last)
	}
	return s.bound.match(shown, s.last)
}

// expectsFailure reports whether the page expects a command to fail: its last line then names the exit code.
func expectsFailure(shown []string) bool {
	return len(shown) > 0 && strings.Contains(shown[len(shown)-1], "exit code 1")
}

// runsUntilStopped reports whether a command runs until it is stopped.
func runsUntilStopped(path string, args []string) bool {
	return filepath.Base(path) == "vsee-mock" && (len(args) == 0 || strings.HasPrefix(args[0], "-") ||
		args[0] == "serve" || args[0] == "listen")
}

func (s *session) environ(args []string) []string {
	env := append(os.Environ(),
		"VSEE_MOCK_LISTEN=127.0.0.1:"+s.ports["8080"], "VSEE_MOCK_RECEIVER_LISTEN=127.0.0.1:"+s.ports["9000"], "NO_COLOR=1")
	if !slices.Contains(args, "listen") {
		env = append(env, "VSEE_MOCK_MOCK=http://127.0.0.1:"+s.ports["8080"])
	}
	for name, value := range s.env {
		env = append(env, name+"="+value)
	}
	return env
}

// stopAll stops the background commands, the last one first, and compares their output.
func (s *session) stopAll() {
	for _, p := range slices.Backward(s.background) {
		printed := p.stop()
		if err := s.bound.match(p.shown, s.withPagePorts(printed)); err != nil {
			s.t.Errorf("%s: %s", strings.Join(p.command.Args[1:], " "), err)
		}
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
