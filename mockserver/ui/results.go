package ui

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxResults is the size of the largest form with results of contract runs, in bytes.
const maxResults = 64 << 20

// results is the data of the view of the results of a contract run. The mock does not keep them.
type results struct {
	Read bool // the fields below are set
	result.Run
	Tone, Verdict string
	Groups        []group
	Changes       *changes // since the earlier run; nil without one
	Folder        bool     // the mock was started with a folder of results
	Files         []string // its files, the newest first
	Name, Earlier string   // those shown
}

// group has the requirements in a state.
type group struct {
	State        result.State
	Requirements []result.Requirement
}

// changes are the differences between the causes of two runs, by their keys.
type changes struct {
	Before    result.Run
	New, Gone []result.Cause
	Same      int
}

// askResults shows the form for results, and the files of the mock's folder that ?results= and ?earlier= name.
func (u *UI) askResults(c *call) (answer, error) {
	name, earlier := c.FormValue("results"), c.FormValue("earlier")
	if name == "" {
		return answer{view: "results", data: u.withFiles(results{})}, nil
	}
	later, err := u.resultsOf("results", name)
	if err != nil {
		return answer{}, err
	}
	var before *result.Run
	if earlier != "" {
		if before, err = u.resultsOf("earlier", earlier); err != nil {
			return answer{}, err
		}
	}
	data := u.withFiles(resultsOfRun(*later, before))
	data.Name, data.Earlier = name, earlier
	return answer{view: "results", data: data}, nil
}

// resultsOf reads a file of the mock's folder. The file system refuses a name that leads out of it.
func (u *UI) resultsOf(field, name string) (*result.Run, error) {
	if u.Results == nil {
		return nil, fmt.Errorf("%s names a file, and the mock knows no folder of results: start it with --results DIR, "+
			"or drop the file here", field)
	}
	file, err := u.Results.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s must name a file of the folder that the mock was started with", field)
	}
	defer func() { _ = file.Close() }() // it was only read
	read, err := report.Read(io.LimitReader(file, maxResults))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return &read.Run, nil
}

// maxFiles is the number of files offered.
const maxFiles = 200

// withFiles adds the files of the mock's folder to a view.
func (u *UI) withFiles(r results) results {
	if u.Results == nil {
		return r
	}
	r.Folder = true
	times := map[string]time.Time{}
	// A file that cannot be read is left out.
	_ = fs.WalkDir(u.Results, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) == ".json" {
			if info, err := entry.Info(); err == nil {
				times[name] = info.ModTime()
			}
		}
		return nil
	})
	r.Files = slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(times[b].Compare(times[a]), strings.Compare(a, b))
	})
	r.Files = r.Files[:min(len(r.Files), maxFiles)]
	return r
}

// readResults shows the results of a contract run, and the changes since an earlier one if that is sent, too.
func (u *UI) readResults(c *call) (answer, error) {
	later, found, err := c.resultsIn("results")
	if err == nil && !found {
		err = errors.New("results must be a file, or the text of one: vsee-contract writes results.json")
	}
	if err != nil {
		return answer{}, err
	}
	before, compared, err := c.resultsIn("earlier")
	if err != nil {
		return answer{}, err
	}
	var earlier *result.Run
	if compared {
		earlier = &before
	}
	return answer{view: "results", data: u.withFiles(resultsOfRun(later, earlier))}, nil
}

// resultsOfRun returns the view of a run, and of the changes since an earlier one unless that is nil.
func resultsOfRun(later result.Run, before *result.Run) results {
	data := results{Read: true, Run: later}
	data.Tone, data.Verdict = verdict(later)
	for _, state := range result.States() {
		var in []result.Requirement
		for _, one := range later.Requirements {
			if one.State == state {
				in = append(in, one)
			}
		}
		if len(in) > 0 {
			data.Groups = append(data.Groups, group{state, in})
		}
	}
	if before != nil {
		data.Changes = changesBetween(*before, later)
	}
	return data
}

// resultsIn reads the results in a field of the form: a file, or else a text; false for neither.
func (c *call) resultsIn(name string) (result.Run, bool, error) {
	file, _, err := c.FormFile(name)
	var sent io.Reader = file
	if err == nil {
		defer file.Close()
	} else {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return result.Run{}, false, fmt.Errorf("%s: a form may have at most %d MiB", name, maxResults>>20)
		}
		text := strings.TrimSpace(c.PostFormValue(name + "_text"))
		if text == "" {
			return result.Run{}, false, nil
		}
		sent = strings.NewReader(text)
	}
	read, err := report.Read(sent)
	if err != nil {
		return result.Run{}, false, fmt.Errorf("%s: %w", name, err)
	}
	return read.Run, true, nil
}

// verdict says in a sentence how a run has ended, and returns its tone.
func verdict(run result.Run) (tone, text string) {
	tested := len(run.Requirements) - run.Tally()[result.NotTestable]
	switch run.ExitCode() {
	case result.ExitFine:
		return good, fmt.Sprintf("Green: nothing is red among %s", plural(tested, "tested requirement"))
	case result.ExitFindings:
		return bad, "Red: the target differs by " + plural(len(run.Red()), "cause")
	case result.ExitKnownDifferences:
		return warning, "A known difference is stale or has expired"
	case result.ExitConfig:
		return warning, "Nothing was tested"
	}
	return bad, "The run broke: " + run.Broken
}

// changesBetween compares the causes of two runs.
func changesBetween(before, later result.Run) *changes {
	c := &changes{Before: before}
	earlier := map[result.Key]bool{}
	for _, cause := range before.Causes {
		earlier[cause.Key] = true
	}
	still := map[result.Key]bool{}
	for _, cause := range later.Causes {
		if still[cause.Key] = true; !earlier[cause.Key] {
			c.New = append(c.New, cause)
		}
	}
	for _, cause := range before.Causes {
		if !still[cause.Key] {
			c.Gone = append(c.Gone, cause)
		}
	}
	c.Same = len(later.Causes) - len(c.New)
	return c
}

// ToneOf returns the tone of a cause in a run.
func (r results) ToneOf(cause result.Cause) string {
	switch {
	case r.Fails(cause):
		return bad
	case cause.Known != "":
		return plain
	}
	return warning
}

// tonesOfStates are the tones of the states of requirements.
var tonesOfStates = map[result.State]string{
	result.Passed: good, result.Failed: bad, result.Blocked: warning, result.Known: plain, result.NotTestable: waiting,
}

// Tone returns the tone of the state.
func (g group) Tone() string { return tonesOfStates[g.State] }
