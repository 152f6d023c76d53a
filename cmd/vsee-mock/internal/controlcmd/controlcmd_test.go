package controlcmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/controlcmd"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// commands has the commands of this package, under their names.
type commands struct {
	Journal controlcmd.Journal `cmd:""`
	Clock   controlcmd.Clock   `cmd:""`
	Clinics controlcmd.Clinics `cmd:""`
	Faults  controlcmd.Faults  `cmd:""`
	Reset   controlcmd.Reset   `cmd:""`
}

// session runs command lines one after the other and returns them with their output.
func session(t *testing.T, mock string, lines ...[]string) string {
	t.Helper()
	var all strings.Builder
	for _, line := range lines {
		code, stdout, stderr := cmdtest.Run(t, &commands{}, append(line, "--mock", mock)...)
		all.WriteString("$ vsee-mock " + strings.Join(line, " ") + "\n" + stdout + stderr)
		if code != command.ExitOK {
			t.Errorf("%s: exit %d", line, code)
		}
	}
	made := regexp.MustCompile(`(X-ApiKey|X-ApiSecret|X-ApiToken|webhook secret) +[^ \n]+`)
	text := made.ReplaceAllString(cmdtest.Stable(all.String()), "$1 MADE")
	running := regexp.MustCompile(`(?m)^(vclinic +)[^ ]+( +running)`)
	return running.ReplaceAllString(text, "${1}NOW$2")
}

func TestAClinicIsControlledFromTheCommandLine(t *testing.T) {
	t.Parallel()
	c := cmdtest.NewClinic(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	c.Call(t, "/users/-/car7556/eligibility", "")
	mine := []string{"--clinic", "mine"}
	line := func(args ...string) []string { return append(args, mine...) }
	golden.Is(t, "testdata/session.golden", session(t, c.Mock,
		line("clock"), line("clock", "advance", "10s"), line("clock", "set", "2026-01-31T09:05:00Z"),
		line("journal"), line("journal", "--limit", "1"),
		line("faults"), line("faults", "set", `{"operation":"getMe","status":503}`, `{"latency":"1ms"}`),
		line("faults", "set", `[{"operation":"getMe","status":503},{"latency":"1ms"}]`, `{"latency":"2ms"}`),
		line("faults", "clear"),
		line("reset", "--keep", "patients"), line("reset"), line("journal"),
		[]string{"clinics", "create", "other", "--freeze", "--seed", "7"}, []string{"clinics", "delete", "other"},
		[]string{"clinics"},
	))
}

func TestWorkIsPrintedInTheOrderOfItsTimes(t *testing.T) {
	t.Parallel()
	c := cmdtest.NewClinic(t, nil)
	c.Call(t, "/users/-/car7556/eligibility", "")
	c.Advance(t, 5*time.Second)
	c.Call(t, "/users/-/car7556/eligibility", "")
	_, stdout, stderr := cmdtest.Run(t, &commands{}, "clock", "advance", "1m", "--clinic", "mine", "--mock", c.Mock)
	lines := strings.Split(stdout, "\n")
	if len(lines) != 6 || !slices.IsSorted(lines[:4]) {
		t.Errorf("%s%s", stdout, stderr)
	}
}

func TestAClockRunsAndFreezes(t *testing.T) {
	t.Parallel()
	c := cmdtest.NewClinic(t, nil)
	for command, want := range map[string]string{"run": "and is running\n", "freeze": "and is frozen\n"} {
		_, stdout, stderr := cmdtest.Run(t, &commands{}, "clock", command, "--clinic", "mine", "--mock", c.Mock)
		if !strings.HasPrefix(stdout, "the clock shows 2026-01-31T09:0") || !strings.HasSuffix(stdout, want) {
			t.Errorf("%s prints %s%s", command, stdout, stderr)
		}
	}
}

func TestTheJournalIsFollowedUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	c := cmdtest.NewClinic(t, nil)
	c.Check(t)
	follow := func(args ...string) string {
		out := &stopAtEnd{}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		out.seen, out.stop = "delivery", stop
		var errs bytes.Buffer
		args = append([]string{"journal", "--follow", "--clinic", "mine", "--mock", c.Mock}, args...)
		code := command.Run(&commands{}, command.App{Ctx: ctx, Stdout: out, Stderr: &errs}, args)
		if code != command.ExitOK || errs.Len() > 0 {
			t.Errorf("exit %d, %s", code, errs.String())
		}
		return out.text.String()
	}
	golden.Is(t, "testdata/follow.golden", cmdtest.Stable(follow()))
	if got := follow("--kinds", "delivery", "--limit", "9"); strings.Contains(got, "  check  ") ||
		!strings.Contains(got, "  delivery  ") {
		t.Errorf("of deliveries it prints\n%s", got)
	}
	var item controlapi.StreamItem
	err := json.NewDecoder(strings.NewReader(follow("--kinds", "delivery", "--json"))).Decode(&item)
	if err != nil || item.Delivery == nil {
		t.Errorf("%+v, %v", item, err)
	}
}

// stopAtEnd is an output that interrupts its command behind a line with a text.
type stopAtEnd struct {
	text bytes.Buffer
	seen string
	stop func()
}

// Write implements io.Writer.
func (s *stopAtEnd) Write(p []byte) (int, error) {
	defer func() {
		if strings.Contains(s.text.String(), s.seen) {
			s.stop()
		}
	}()
	return s.text.Write(p)
}

func TestWrongUseOfTheControlCommandsSaysWhatToDo(t *testing.T) {
	t.Parallel()
	c := cmdtest.NewClinic(t, nil)
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"faults set x":                         {command.ExitUsage, "a fault must be JSON, such as"},
		`faults set {"statsu":1}`:              {command.ExitError, `field "faults[0].statsu"; did you mean "status"?`},
		`faults set {"operation":"getM"}`:      {command.ExitError, "that the mock knows; did you mean getMe?"},
		"clock advance --by=1s":                {command.ExitUsage, ""},
		"clock set 2020-01-01T00:00:00Z":       {command.ExitError, "a clinic's clock cannot go back"},
		"reset --keep patient":                 {command.ExitUsage, "--keep must be one of"},
		"journal --kinds check":                {command.ExitUsage, "--kinds has no use without --follow"},
		"journal -f --kinds chek":              {command.ExitUsage, "--kinds must be some of exchange,check"},
		"journal --limit=-1":                   {command.ExitUsage, "--limit must not be negative"},
		"clock --clinic nobody":                {command.ExitError, "there is no clinic with this account code"},
		"journal -f --clinic nobody":           {command.ExitError, "--clinic says which clinic to ask"},
		"clinics delete nobody":                {command.ExitError, "there is no clinic with this account code"},
		"clinics create mine":                  {command.ExitError, "account_code belongs to another clinic"},
		"clinics create --scenario no-respons": {command.ExitError, "did you mean no-response?"},
	} {
		code, stdout, stderr := cmdtest.Run(t, &commands{}, append(strings.Fields(line), "--mock", c.Mock)...)
		if code != want.code || stdout != "" || !strings.Contains(stderr, want.says) {
			t.Errorf("%s: exit %d, %s%s", line, code, stdout, stderr)
		}
	}
}
