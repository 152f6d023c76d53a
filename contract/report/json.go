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

// file is results.json.
type file struct {
	result.Run
	Coverage *Coverage `json:"coverage,omitempty"`
}

// JSON writes results.json, all that is known of a run. Without coverage, which may be nil, it says nothing about that.
// What would be markup is escaped, so that the file can be put into a page.
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

// MaxSize is how many bytes of a results.json are read at most: a hundred times those of a run that is red throughout.
const MaxSize = 256 << 20

// Read reads what JSON has written, without its coverage. What this version does not write, it does not read.
func Read(r io.Reader) (result.Run, error) {
	f, err := read(r)
	return f.Run, err
}

// ReadCoverage reads the coverage of what JSON has written, nil when there is none.
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
		return file{}, fmt.Errorf("these are no results of a contract run: %w", err)
	}
	if versioned.Version == nil {
		return file{}, errors.New("these are no results of a contract run: there is no version")
	}
	if v := *versioned.Version; v != result.Version {
		return file{}, fmt.Errorf("the results are of version %d, and only version %d can be read; make them anew with this vsee-contract", v, result.Version)
	}
	var f file
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return file{}, fmt.Errorf("these are no results of a contract run: %w", err)
	}
	return f, check(f.Run)
}

var id = regexp.MustCompile(`^[A-Z]{2,6}-([0-9]{3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$`)

// check returns how the requirements of a run that was read are none.
func check(run result.Run) error {
	if run.Requirements == nil {
		return errors.New("the results have no requirements")
	}
	seen := map[string]bool{}
	for i, r := range run.Requirements {
		switch {
		case !id.MatchString(r.ID):
			return fmt.Errorf("requirement %d of the results has no id such as ELIG-003", i+1)
		case seen[r.ID]:
			return fmt.Errorf("requirement %s is in the results twice", r.ID)
		case !slices.Contains(states, r.State):
			return fmt.Errorf("requirement %s of the results is in no state that there is", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}
