package api

import (
	"fmt"
	"slices"
	"strings"
)

// maxTold is the limit of complaints in a refusal, and of names in a warning.
const maxTold = 20

// complaints are all mistakes in a request that could be received: one sentence for each, in order.
type complaints []error

func (c complaints) Error() string {
	var texts []string
	seen := map[string]bool{}
	for _, err := range c {
		if text := err.Error(); !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	if more := len(texts) - maxTold; more > 0 {
		texts = append(slices.Clip(texts[:maxTold]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// err returns the complaints, nil when there are none.
func (c complaints) err() error {
	if len(c) == 0 {
		return nil
	}
	return c
}
