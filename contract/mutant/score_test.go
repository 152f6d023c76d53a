package mutant_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func TestAMutantIsCaughtByExactlyThoseWhoMust(t *testing.T) {
	t.Parallel()
	shape := mutant.Mutant{Operation: "getMe", Caught: []string{"A-001"}, Breaks: []string{"is required"}}
	fact := mutant.Mutant{Operation: "getMe", Caught: []string{"A-001"}}
	event := mutant.Mutant{Operation: mutant.Event, Caught: []string{"A-001"}, Breaks: []string{"is required"}}
	hopeless := mutant.Mutant{Operation: "getMe", Survives: "nobody says"}
	a, ab := []string{"A-001"}, []string{"A-001", "B-001"}
	for _, tc := range []struct {
		name    string
		verdict mutant.Verdict
		outcome mutant.Outcome
		right   bool
		says    string
	}{
		{"by those it names", mutant.Verdict{Mutant: fact, LiedTo: ab, Failed: a}, mutant.Caught, true, "A-001"},
		{"by others that were lied to, too", mutant.Verdict{Mutant: fact, LiedTo: ab, Failed: ab}, mutant.Caught, true, "A-001"},
		{"not by those it names", mutant.Verdict{Mutant: fact, LiedTo: ab, Failed: []string{"B-001"}}, mutant.Unclear, false, "did not fail: A-001"},
		{"by one that was not lied to", mutant.Verdict{Mutant: fact, LiedTo: a, Failed: ab}, mutant.Unclear, false, "failed without being lied to: B-001"},
		{"a reply is broken, and not all see it", mutant.Verdict{Mutant: shape, LiedTo: ab, Failed: a}, mutant.Unclear, false, "did not fail: B-001"},
		{"a reply is broken, and all see it", mutant.Verdict{Mutant: shape, LiedTo: ab, Failed: ab}, mutant.Caught, true, "A-001"},
		{"an event is broken, and not all look", mutant.Verdict{Mutant: event, LiedTo: ab, Failed: a}, mutant.Caught, true, "A-001"},
		{"by nobody", mutant.Verdict{Mutant: fact, LiedTo: ab}, mutant.Survived, false, "nothing fails, of 2 that were lied to"},
		{"by nobody, and that is explained", mutant.Verdict{Mutant: hopeless, LiedTo: ab}, mutant.Survived, true, "nobody says"},
		{"against what is explained", mutant.Verdict{Mutant: hopeless, LiedTo: ab, Failed: a}, mutant.Caught, false, ""},
		{"in a run that broke", mutant.Verdict{Mutant: fact, LiedTo: a, Failed: a, Broken: "it was interrupted"}, mutant.Unclear, false, "the run broke: it was interrupted"},
	} {
		if got := tc.verdict.Outcome(); got != tc.outcome || tc.verdict.Right() != tc.right || tc.verdict.String() != tc.says {
			t.Errorf("%s: %s, right: %t, %q", tc.name, got, tc.verdict.Right(), tc.verdict)
		}
	}
}

// asking is a suite of three requirements: A-001 reads the insurers, B-001 requests them as well without looking
// at them, and C-001 requests something else.
func asking(t *testing.T, asked *[][]string) func(context.Context, string, []string) (result.Run, error) {
	t.Helper()
	return func(ctx context.Context, url string, ids []string) (result.Run, error) {
		*asked = append(*asked, ids)
		var run result.Run
		for id, path := range map[string]string{"A-001": "/insurances", "B-001": "/insurances", "C-001": "/me"} {
			if ids != nil && !slices.Contains(ids, id) {
				continue
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api_v3"+path, nil)
			if err != nil {
				return run, err
			}
			r.Header.Set("User-Agent", "vsee-contract/dev run/00000000 req/"+id)
			in, err := transport.RoundTrip(r)
			if err != nil {
				return run, err
			}
			body, err := io.ReadAll(in.Body)
			in.Body.Close()
			if err != nil {
				return run, err
			}
			state := result.Passed
			if id == "A-001" && !strings.Contains(string(body), `"insurers":[{`) {
				state = result.Failed
			}
			run.Requirements = append(run.Requirements, result.Requirement{ID: id, State: state})
		}
		return run, nil
	}
}

func named(t *testing.T, name string) mutant.Mutant {
	t.Helper()
	all := mutant.All()
	n := slices.IndexFunc(all, func(m mutant.Mutant) bool { return m.Name == name })
	if n < 0 {
		t.Fatalf("there is no mutant %s", name)
	}
	return all[n]
}

func serving(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }))
	t.Cleanup(server.Close)
	return server.URL
}

// A mutant is run against the requirements that exercise its change alone, and the lies to each are recorded.
func TestAMutantIsFacedByThoseItConcerns(t *testing.T) {
	t.Parallel()
	var asked [][]string
	trial := mutant.Trial{Target: serving(t, `{"data":{"insurers":[{"id":"1"}]}}`), Suite: asking(t, &asked)}
	score, err := trial.Face(t.Context(), []mutant.Mutant{named(t, "listInsurers/no insurer"), named(t, "getMe/201"), named(t, "signOn/201")})
	if err != nil || len(score) != 3 {
		t.Fatal(score, err)
	}
	if want := [][]string{nil, {"A-001", "B-001"}, {"C-001"}}; !slices.EqualFunc(asked, want, slices.Equal) {
		t.Errorf("asked %q, not %q", asked, want)
	}
	for n, want := range []mutant.Verdict{
		{Failed: []string{"A-001"}, LiedTo: []string{"A-001", "B-001"}},
		{LiedTo: []string{"C-001"}},
		{},
	} {
		if v := score[n]; !slices.Equal(v.Failed, want.Failed) || !slices.Equal(v.LiedTo, want.LiedTo) || v.Broken != "" {
			t.Errorf("%s: failed %q, lied to %q, %s", v.Mutant.Name, v.Failed, v.LiedTo, v.Broken)
		}
	}
}

func TestATargetThatIsWrongItselfIsNoMeasure(t *testing.T) {
	t.Parallel()
	var asked [][]string
	trial := mutant.Trial{Target: serving(t, `{}`), Suite: asking(t, &asked)}
	if _, err := trial.Face(t.Context(), mutant.All()); err == nil || !strings.Contains(err.Error(), "differ from it: A-001") || len(asked) != 1 {
		t.Errorf("%v, asked %d times", err, len(asked))
	}
	broken := errors.New("no such program")
	trial.Suite = func(context.Context, string, []string) (result.Run, error) { return result.Run{}, broken }
	if _, err := trial.Face(t.Context(), mutant.All()); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// Verdicts from before an interruption are not lost.
func TestAScoreIsOfWhatWasFacedBeforeItEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked [][]string
	trial := mutant.Trial{
		Target: serving(t, `{"data":{"insurers":[{"id":"1"}]}}`), Suite: asking(t, &asked),
		Told: func(mutant.Verdict) { cancel() },
	}
	score, err := trial.Face(ctx, []mutant.Mutant{named(t, "listInsurers/no insurer"), named(t, "listInsurers/one twice"), named(t, "getMe/201")})
	if !errors.Is(err, context.Canceled) || len(score) == 0 || score[0].Mutant.Name != "listInsurers/no insurer" || len(score) > 2 {
		t.Errorf("%v, %v", score, err)
	}
}
