package contract

import (
	"context"
	"fmt"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/ledger"
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

// ledgerOf reads the known differences, nil for none.
func ledgerOf(ctx context.Context, file string, c *requirement.Catalogue) (*ledger.Ledger, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // no ledger is a ledger
	}
	data, err := bounded.ReadStream(ctx, file, boundedyaml.MaxSize)
	if err != nil {
		return nil, fmt.Errorf("reading the ledger: %w", err)
	}
	return ledger.Load(file, data, c.Known)
}
