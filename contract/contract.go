// Package contract is the contract run: Ginkgo specs that tell whether a server behaves as openapi.yaml and the
// scenarios say. The server may be vsee-mock or any other base URL, VSee's preview environment for one; the suite knows
// nothing of the mock but its control API.
//
// What only the mock can do becomes waiting elsewhere, and what cannot be tested there is skipped with the reason.
package contract

import (
	"fmt"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Register adds the specs for a target to the tree of the running suite. It is called once, before RunSpecs; what it
// returns is called after, and frees what the suite listened on. The target must be there already: one that does not
// answer, or does not take the credentials, is said here once, and not by every spec.
func Register(config Config) (end func(), err error) {
	stories, err := scenarios.Catalogue()
	if err != nil {
		return nil, fmt.Errorf("loading the scenarios: %w", err)
	}
	target, err := newTarget(config, stories)
	if err != nil {
		return nil, err
	}
	if err := target.answers(); err != nil {
		target.close()
		return nil, err
	}
	specs, err := specsOf(target, stories)
	if err != nil {
		target.close()
		return nil, err
	}
	target.plant(specs)
	return target.close, nil
}
