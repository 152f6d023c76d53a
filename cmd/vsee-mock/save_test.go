package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// course is what came of a check, as far as a client and a receiver can see.
type course struct {
	Response string
	After    time.Duration
	Attempts []string // when each was made, from the end of the check, and how it ended
}

// takeCourse has a patient's check take its course in a mock, and returns the clinic and the check's id.
func takeCourse(t *testing.T, mock *mocktest.Mock, url, patient string) (*mocktest.Clinic, string, course) {
	t.Helper()
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "mine", Webhook: clinic.Webhook{URL: url}, Clock: clinic.ClockSettings{
		Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true,
	}})
	w := world{Clinic: c}
	w.call(t, "/me", patient)
	w.call(t, "/users/-/car7556/eligibility", "")
	c.Advance(t, 96*time.Hour)
	var checks struct {
		Data []struct {
			ID       string
			Response string `json:"eligibility_response"`
			Started  time.Time
			Finished time.Time
		}
	}
	c.Control(t, http.MethodGet, "/checks", nil, &checks)
	check := checks.Data[0]
	took := course{Response: check.Response}
	if !check.Finished.IsZero() {
		took.After = check.Finished.Sub(check.Started)
	}
	var deliveries struct {
		Data []struct {
			At           time.Time
			Reason       string
			Misbehaviour []string
		}
	}
	c.Control(t, http.MethodGet, "/deliveries", nil, &deliveries)
	slices.Reverse(deliveries.Data)
	for _, d := range deliveries.Data {
		outcome := "refused"
		if d.Reason == "" {
			outcome = "taken"
		}
		took.Attempts = append(took.Attempts, d.At.Sub(check.Finished).String()+" "+outcome)
	}
	return c, check.ID, took
}

// What has happened to a check is saved as a scenario, and with that in force it happens again.
func TestWhatIsSavedHappensAgain(t *testing.T) {
	t.Parallel()
	const card = `{"dob": "1980-02-29", "gender": 2, "insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "NUMBER"}}}`
	for name, tc := range map[string]struct {
		patient string
		story   string // that is in force when it happens first
		answers []int  // of the receiver, at first; 200 from then on
	}{
		"the default":       {patient: strings.Replace(card, "NUMBER", "4711", 1)},
		"a reject code":     {patient: strings.Replace(card, "NUMBER", "11000075", 1)},
		"missing data":      {patient: `{"insurance": {"primary": {"carrier_code": "car7556"}}}`},
		"late":              {patient: strings.Replace(card, "NUMBER", "1", 1), story: "when: {subscriber_num: \"1\"}\nanswer: {text: Out of Network, after: 90m}\n"},
		"never":             {patient: strings.Replace(card, "NUMBER", "1", 1), story: "when: {subscriber_num: \"1\"}\nanswer: silent\n"},
		"a webhook refused": {patient: strings.Replace(card, "NUMBER", "4711", 1), answers: []int{500, 503}},
		"a webhook twice":   {patient: strings.Replace(card, "NUMBER", "1", 1), story: "when: {subscriber_num: \"1\"}\nanswer: Success\nwebhook: {duplicate: 2, hold: 5m}\n"},
		"no webhook at all": {patient: strings.Replace(card, "NUMBER", "1", 1), story: "when: {subscriber_num: \"1\"}\nanswer: Success\nwebhook: {drop: true}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, func(n int) int {
				if n <= len(tc.answers) {
					return tc.answers[n-1]
				}
				return 200
			})
			set := scenarios.Set{}
			if tc.story != "" {
				story, err := scenarios.Load("story.yaml", []byte("title: Story\n"+tc.story))
				if err != nil {
					t.Fatal(err)
				}
				set = append(set, story)
			}
			mock := mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = set })
			c, id, first := takeCourse(t, mock, receiver.URL, tc.patient)

			dir := t.TempDir()
			out := filepath.Join(dir, "saved.yaml")
			if code, _, stderr := playLive(t, "scenarios", "save", id, "--out", out, "--mock", mock.URL, "--clinic", c.AccountCode); code != exitOK {
				t.Fatal(stderr)
			}
			saved, err := scenarios.LoadDir(os.DirFS(dir))
			if err != nil {
				t.Fatal(err)
			}
			willing := mocktest.NewReceiver(t, nil)
			_, _, again := takeCourse(t, mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = saved }), willing.URL, tc.patient)
			if diff := cmp.Diff(first, again); diff != "" {
				text, _ := os.ReadFile(out)
				t.Errorf("with\n%s(-first +again):\n%s", text, diff)
			}
		})
	}
}

func TestSaveSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	check := w.check(t).ID
	there := filepath.Join(t.TempDir(), "there.yaml")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"12345":                    {exitError, "the clinic has no check with this id"},
		check + " --out there.yml": {exitUsage, "--out must end in .yaml"},
		check + " --out " + there:  {exitUsage, "is there already: choose another name with --out"},
		"":                         {exitUsage, `expected "<check>"`},
	} {
		args := append([]string{"scenarios", "save", "--mock", w.mock, "--clinic", w.AccountCode}, strings.Fields(line)...)
		if code, _, stderr := playLive(t, args...); code != want.code || !strings.Contains(stderr, want.says) {
			t.Errorf("%s: exit %d, %s", line, code, stderr)
		}
	}
}
