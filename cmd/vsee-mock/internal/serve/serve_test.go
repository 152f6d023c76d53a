package serve

import (
	"io"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// serving returns a serve with the given flags.
func serving(t *testing.T, flags ...string) *Command {
	t.Helper()
	parser := command.NewParser(&struct {
		Serve Command `cmd:""`
	}{}, command.App{Stdout: io.Discard, Stderr: io.Discard}, func() {})
	context, err := parser.Parse(append([]string{"serve"}, flags...))
	if err != nil {
		t.Fatal(err)
	}
	return context.Selected().Target.Addr().Interface().(*Command)
}

func optionsOf(t *testing.T, s *Command) mockserver.Options {
	t.Helper()
	source, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s.options(&command.App{}, &watcher{source: source, log: slog.New(slog.DiscardHandler)})
}

func TestServeSignsAsOfTheTimeOfItsFlag(t *testing.T) {
	t.Parallel()
	for want, flags := range map[string][]string{"real": nil, "clinic": {"--webhook-timestamp", "clinic"}} {
		options := optionsOf(t, serving(t, flags...))
		if got := options.Clinics[0].Webhook.Timestamp; got != want {
			t.Errorf("%v: %q", flags, got)
		}
	}
}

// The flag selects the events to send; without it, they are the events of checks and claims.
func TestServeTellsOfTheEventsOfItsFlag(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string][]string{
		"":              {"eligibility.checked", "claim.updated"},
		"user.created":  {"user.created"},
		"claim.updated": {"claim.updated"},
	} {
		s := Command{LogLevel: "off", Signature: "standard", Envelope: "unversioned"}
		if flag != "" {
			s.WebhookEvents = []string{flag}
		}
		options := optionsOf(t, &s)
		var got []string
		for _, kind := range []string{"eligibility.checked", "user.created", "claim.updated"} {
			if clinic.WantsEvent(options.Clinics[0].Webhook, kind) {
				got = append(got, kind)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("--webhook-events %s (-want +got):\n%s", flag, diff)
		}
	}
}
