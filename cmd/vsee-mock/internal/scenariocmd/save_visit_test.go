package scenariocmd

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Each course of a visit in the catalogue is played and saved. The saved course has the same steps at the same times.
func TestWhatIsSavedOfAVisitIsItsCourse(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		if s.Visit == nil {
			continue
		}
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			mock, err := ownmock.Start(t.Context(), ownmock.Options{Scenario: s, Scenarios: set, Loopback: true})
			if err != nil {
				t.Fatal(err)
			}
			defer mock.Close()
			var made calls
			if _, err := observeOn(t.Context(), mock, s, &made); err != nil {
				t.Fatal(err)
			}
			if len(made.visits) == 0 {
				t.Error("no visit was played")
			}
			for _, visit := range made.visits {
				for _, id := range []string{visit.ID, visit.AppointmentID} {
					if id == "" {
						continue
					}
					out := filepath.Join(t.TempDir(), "saved.yaml")
					code, _, stderr := run(t, "scenarios", "save", "--visit", id, "--out", out, "--mock", mock.URL,
						"--clinic", mock.Settings.AccountCode)
					file := scenarios.ReadFile(out)
					saved, err := scenarios.Load(out, file.Data)
					if code != command.ExitOK || err != nil {
						t.Fatal(stderr, err)
					}
					if diff := cmp.Diff(s.Visit.Stages(), saved.Visit.Stages()); diff != "" ||
						saved.Visit.Outcome != s.Visit.Outcome || saved.Visit.IsAppointment() != s.Visit.IsAppointment() {
						t.Errorf("visit %s is saved as\n%s(-played +saved):\n%s", id, file.Data, diff)
					}
					for _, private := range []string{"Edward", "1986-01-01"} {
						if strings.Contains(string(file.Data), private) {
							t.Errorf("%s is in\n%s", private, file.Data)
						}
					}
				}
			}
		})
	}
}

// A visit that goes on has no course yet.
func TestAVisitIsSavedAfterItsEnd(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Load("s.yaml", []byte("title: T\nwhen: {nth: 1}\nanswer: Success\ncalls: [visit]\n"))
	if err != nil {
		t.Fatal(err)
	}
	mock, err := ownmock.Start(t.Context(), ownmock.Options{Scenario: s, Scenarios: scenarios.Set{s}, Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close()
	var made calls
	if _, err := observeOn(t.Context(), mock, s, &made); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{made.visits[0].ID}, {made.visits[0].ID, "--visit"}} {
		code, _, stderr := run(t, append([]string{"scenarios", "save", "--mock", mock.URL}, args...)...)
		if code != command.ExitError || !strings.Contains(stderr, "the visit has not ended: save it after its end") {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}
