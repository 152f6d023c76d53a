package scenarios

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sync"
)

//go:embed *.yaml
var files embed.FS

// CatalogueFiles returns the files of the mock's own scenarios.
func CatalogueFiles() fs.FS { return files }

// parsed is what the files say, in JSON. Every mock reads the catalogue at its start, and reading and checking the YAML
// took a third of the CPU until the first answer. A test makes it from the files.
//
//go:embed catalogue.json
var parsed []byte

// Catalogue returns the mock's own scenarios. They are read once, so a caller must not change them.
func Catalogue() (Set, error) {
	set, err := catalogue()
	return slices.Clone(set), err
}

var catalogue = sync.OnceValues(func() (Set, error) {
	var all []parsedScenario
	if err := json.Unmarshal(parsed, &all); err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	set := make(Set, 0, len(all))
	for _, one := range all {
		for i, line := range one.Scenario.lines() {
			*line = one.Lines[i]
		}
		set = append(set, one.Scenario)
	}
	return set, nil
})

// parsedScenario is a scenario of the catalogue.
type parsedScenario struct {
	Scenario Scenario `json:"scenario"`
	Lines    []int    `json:"lines"` // those that the JSON of a scenario leaves out
}

// lines returns the lines of the answers, and of the claims.
func (s *Scenario) lines() []*int {
	var all []*int
	for _, answers := range [][]Answer{s.Answers.Both, s.Answers.Primary, s.Answers.Secondary} {
		for i := range answers {
			all = append(all, &answers[i].Line)
			for j := range answers[i].Chance {
				all = append(all, &answers[i].Chance[j].Answer.Line)
			}
		}
	}
	for i := range s.Claims {
		all = append(all, &s.Claims[i].Line)
	}
	return all
}
