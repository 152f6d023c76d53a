package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// File is the content of results.json.
type File struct {
	result.Run
	Coverage *result.Coverage `json:"coverage,omitempty"`
}

// JSON writes results.json, the complete data of a run. If coverage is nil, the file has none. It escapes <, > and &,
// so that the file can be put into a page.
func JSON(w io.Writer, run result.Run, coverage *result.Coverage) error {
	run.Version = result.Version
	filled(&run.Causes)
	filled(&run.FailOn)
	filled(&run.Known)
	filled(&run.Requirements)
	filled(&run.Seen.Operations)
	filled(&run.Seen.Exercised)
	run.Causes = slices.Clone(run.Causes)
	for i := range run.Causes {
		filled(&run.Causes[i].Places)
	}
	if coverage != nil {
		c := *coverage
		filled(&c.Seen)
		filled(&c.Never)
		filled(&c.Undeclared)
		if c.Messages == nil {
			c.Messages = map[string]int{}
		}
		coverage = &c
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(File{run, coverage}); err != nil {
		return fmt.Errorf("writing the results as JSON: %w", err)
	}
	return nil
}

// filled replaces a nil list by an empty one, which is [] in JSON.
func filled[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// MaxSize is the largest size of a results.json in bytes. It is a hundred times the size of a run that is all red.
const MaxSize = 256 << 20

// Read reads a results.json. It returns an error for another schema version and for unknown fields.
func Read(r io.Reader) (File, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return File{}, fmt.Errorf("reading the results: %w", err)
	}
	var versioned struct {
		Version      *int             `json:"version"`
		Requirements *json.RawMessage `json:"requirements"` // every version has them
	}
	if err := json.Unmarshal(data, &versioned); err != nil {
		return File{}, fmt.Errorf("this is not a results.json of vsee-contract: %w", err)
	}
	if versioned.Version == nil {
		return File{}, errors.New("this is not a results.json of vsee-contract: version is missing")
	}
	v := *versioned.Version
	if v != result.Version && versioned.Requirements == nil {
		return File{}, errors.New("this is not a results.json of vsee-contract: it has no requirements, so it is the file " +
			"of another program, such as a report of vsee-mock gauntlet")
	}
	if v != result.Version {
		return File{}, fmt.Errorf("the results have version %d, but this vsee-contract reads only version %d: "+
			"run the tests again with this vsee-contract, or read them with the one that wrote them", v, result.Version)
	}
	var f File
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return File{}, fmt.Errorf("this is not a results.json of vsee-contract: %w", err)
	}
	return f, check(f.Run)
}

var id = regexp.MustCompile(`^[A-Z]{2,6}-[A-Za-z0-9][A-Za-z0-9.-]*$`)

// check returns the first mistake in the causes and requirements of a run.
func check(run result.Run) error {
	if run.Causes == nil || run.Requirements == nil {
		return errors.New("the results have no causes or no requirements")
	}
	causes, seen := map[string]bool{}, map[string]bool{}
	for i, c := range run.Causes {
		switch {
		case c.ID != c.Key.ID():
			return fmt.Errorf("cause %d of the results has an id that does not fit its key", i+1)
		case causes[c.ID]:
			return fmt.Errorf("cause %s is in the results twice", c.ID)
		case !slices.Contains(result.Classes(), c.Class):
			return fmt.Errorf("cause %s of the results has an unknown class", c.ID)
		}
		causes[c.ID] = true
	}
	for i, r := range run.Requirements {
		switch {
		case !id.MatchString(r.ID):
			return fmt.Errorf("requirement %d of the results must have an id such as ELIG-003", i+1)
		case seen[r.ID]:
			return fmt.Errorf("requirement %s is in the results twice", r.ID)
		case !slices.Contains(result.States(), r.State):
			return fmt.Errorf("requirement %s of the results has an unknown state", r.ID)
		case slices.ContainsFunc(r.Causes, func(id string) bool { return !causes[id] }):
			return fmt.Errorf("requirement %s of the results names a cause that is not there", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}
