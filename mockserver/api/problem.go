package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
)

// maxListed is the limit of problems in a refusal, and of names in a warning.
const maxListed = 20

// problems are all mistakes in a request, in order: one sentence for each.
type problems []error

func (p problems) Error() string {
	var texts []string
	seen := map[string]bool{}
	for _, err := range p {
		if text := err.Error(); !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	if more := len(texts) - maxListed; more > 0 {
		texts = append(slices.Clip(texts[:maxListed]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// and returns the problems with those of a claim.
func (p problems) and(more claims.Problems) problems {
	for _, one := range more {
		p = append(p, one)
	}
	return p
}

// err returns the problems, nil when there are none.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
