package contract

import (
	"context"
	"fmt"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// catalogueOf returns the specs as requirements of the operations and events of openapi.yaml.
func catalogueOf(specs []*spec) (*requirement.Catalogue, error) {
	spec := embedded.Spec()
	c := requirement.New(slices.Concat(spec.IDs(), spec.Types()))
	for _, s := range specs {
		if err := c.Add(s.data()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// data is the requirement as data.
func (s *spec) data() requirement.Requirement {
	r := requirement.Requirement{
		ID: s.id, Title: s.sentence(), Level: requirement.Level(s.level), Operation: s.operation,
		Effect: requirement.Effect(s.effect), Evidence: requirement.Evidence(s.evidence), Needs: s.needs, Labels: s.labels,
	}
	if r.Operation == "" {
		r.Operation = requirement.EveryOperation
	}
	return r
}

// knownDifferences reads the known differences from a file. It returns nil if file is empty.
func knownDifferences(ctx context.Context, file string, c *requirement.Catalogue) (*known.Differences, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil is valid and has no entries
	}
	data, err := bounded.ReadStream(ctx, file, boundedyaml.MaxSize)
	if err != nil {
		return nil, fmt.Errorf("reading the known differences: %w", err)
	}
	return known.Load(file, data, c.Known)
}
