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

// file is the content of results.json.
type file struct {
	result.Run
	Coverage *Coverage `json:"coverage,omitempty"`
}

// JSON writes results.json, the complete data of a run. If coverage is nil, the file has none. It escapes <, > and &, so
// that the file can be put into a page.
func JSON(w io.Writer, run result.Run, coverage *Coverage) error {
	run.Version = result.Version
	if run.Requirements == nil {
		run.Requirements = []result.Requirement{}
	}
	if coverage != nil && coverage.Operations == nil {
		coverage = &Coverage{Operations: []Operation{}}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(file{run, coverage}); err != nil {
		return fmt.Errorf("writing the results as JSON: %w", err)
	}
	return nil
}

// MaxSize is the largest size of a results.json in bytes. It is a hundred times the size of a run that is all red.
const MaxSize = 256 << 20

// Read reads the run in a results.json. It returns an error for another schema version and for unknown fields.
func Read(r io.Reader) (result.Run, error) {
	f, err := read(r)
	return f.Run, err
}

// ReadCoverage reads the coverage in a results.json. It returns nil if the file has none.
func ReadCoverage(r io.Reader) (*Coverage, error) {
	f, err := read(r)
	return f.Coverage, err
}

func read(r io.Reader) (file, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return file{}, fmt.Errorf("reading the results: %w", err)
	}
	var versioned struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(data, &versioned); err != nil {
		return file{}, fmt.Errorf("this is not a results.json of vsee-contract: %w", err)
	}
	if versioned.Version == nil {
		return file{}, errors.New("this is not a results.json of vsee-contract: version is missing")
	}
	if v := *versioned.Version; v != result.Version {
		return file{}, fmt.Errorf("the results have version %d, but this vsee-contract reads only version %d: run the tests again", v, result.Version)
	}
	var f file
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return file{}, fmt.Errorf("this is not a results.json of vsee-contract: %w", err)
	}
	return f, check(f.Run)
}

var id = regexp.MustCompile(`^[A-Z]{2,6}-([0-9]{3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$`)

// check returns the first mistake in the requirements of a run.
func check(run result.Run) error {
	if run.Requirements == nil {
		return errors.New("the results have no requirements")
	}
	seen := map[string]bool{}
	for i, r := range run.Requirements {
		switch {
		case !id.MatchString(r.ID):
			return fmt.Errorf("requirement %d of the results must have an id such as ELIG-003", i+1)
		case seen[r.ID]:
			return fmt.Errorf("requirement %s is in the results twice", r.ID)
		case !slices.Contains(states, r.State):
			return fmt.Errorf("requirement %s of the results has an unknown state", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}
