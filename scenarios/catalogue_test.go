package scenarios_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func catalogue(t *testing.T) scenarios.Set {
	t.Helper()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestTheCatalogueIsWhatItsFilesSay(t *testing.T) {
	t.Parallel()
	checked, err := scenarios.LoadDir(scenarios.CatalogueFiles())
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := scenarios.Parsed(checked)
	if err != nil {
		t.Fatal(err)
	}
	golden.Is(t, "catalogue.json", string(parsed))
	if !bytes.Equal(parsed, scenarios.CatalogueJSON) {
		return // -update has just written the file
	}
	if diff := cmp.Diff(checked, catalogue(t)); diff != "" {
		t.Errorf("(-files +catalogue):\n%s", diff)
	}
}

// A file's first line is for editors: they check the file while it is being written.
const schemaLine = "# yaml-language-server: $schema=./schema.json\n"

func TestTheCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	set := catalogue(t)
	if len(set) < 45 {
		t.Errorf("it has %d scenarios", len(set))
	}
	for _, s := range set {
		if len(s.Labels) == 0 || s.Labels[0] == scenarios.MockOnly {
			t.Errorf("%s is under no label of a table: %v", s.ID, s.Labels)
		}
		for _, label := range s.Labels {
			if !slices.Contains(scenarios.Labels(), label) {
				t.Errorf("%s has the label %s, which is none", s.ID, label)
			}
		}
		if len(s.Steps()) == 0 {
			t.Errorf("%s expects nothing", s.ID)
		}
		if s.HasLabel(scenarios.MockOnly) != mockOnly(s) {
			t.Errorf("%s is labelled mock-only: %t", s.ID, s.HasLabel(scenarios.MockOnly))
		}
		text, err := os.ReadFile(s.File)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), schemaLine) {
			t.Errorf("%s does not begin with the line of its schema", s.File)
		}
	}
}

// mockOnly reports whether no real target can be made to show a scenario. Some things can happen anywhere: the
// insurer's text, and another text the next time, at night or on the other card. Others are for the mock alone: an
// answer at another time than the cron job's or none at all; a deliberate failure of an event, a request or a clinic;
// the course of visits; the outcome of claims; and a subscriber number asking for a code.
func mockOnly(s scenarios.Scenario) bool {
	moved := false
	for _, answers := range [][]scenarios.Answer{s.Answers.Both, s.Answers.Primary, s.Answers.Secondary} {
		for _, a := range answers {
			moved = moved || a.Silent || a.After != nil || a.At != "" || a.Undocumented || len(a.Chance) > 0
		}
	}
	misbehaves := s.HasWebhook(func(m scenarios.Webhook) bool { return m != (scenarios.Webhook{}) })
	return moved || misbehaves || len(s.HTTP) > 0 || s.Clinic != (scenarios.Clinic{}) ||
		s.Visit != nil || len(s.ClaimSteps()) > 0 || byNumber(s)
}

// byNumber reports whether the subscriber number of a scenario asks for a code.
func byNumber(s scenarios.Scenario) bool {
	code, is := strings.CutPrefix(string(s.Person().SubscriberNum), "110000")
	_, known := scenarios.ReasonOf(code)
	return is && known
}

// Each scenario has its own number. The number begins with 7 and does not ask for a code, except in scenarios about the
// mock's answers without a scenario.
func TestNoTwoFilesAreAboutTheSamePatient(t *testing.T) {
	t.Parallel()
	set := catalogue(t)
	stories := map[string]string{}
	for _, s := range set {
		number := string(s.Person().SubscriberNum)
		if other := stories[number]; other != "" {
			t.Errorf("%s and %s are about the same patient", s.ID, other)
		}
		stories[number] = s.ID
		if !s.Answers.IsZero() && (len(number) != 8 || number[0] != '7') {
			t.Errorf("%s is about number %s", s.ID, number)
		}
		for _, other := range set {
			w := other.When
			w.Weekday, w.Date, w.Time = nil, nil, nil // whenever it is
			timeless := scenarios.Scenario{ID: other.ID, When: w, Answers: other.Answers}
			if _, found := (scenarios.Set{timeless}).Index().Find(checkOf(s)); found && other.ID != s.ID {
				t.Errorf("%s answers the patient of %s", other.ID, s.ID)
			}
		}
	}
}

// checkOf returns a check of a scenario's patient.
func checkOf(s scenarios.Scenario) scenarios.Check {
	p := s.Person()
	return scenarios.Check{
		CarrierCode: "car7556", SubscriberNum: string(p.SubscriberNum), GroupNumber: string(p.GroupNumber),
		Card: s.Steps()[0].Card, Respparty: string(p.Respparty), Nth: 1,
	}
}
