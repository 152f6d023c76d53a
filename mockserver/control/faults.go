package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func (c *Control) faultRoutes() []clinicRoute {
	return []clinicRoute{
		{"listFaults", http.MethodGet, "/faults", c.listFaults},
		{"setFaults", http.MethodPut, "/faults", c.setFaults},
		{"deleteFaults", http.MethodDelete, "/faults", c.deleteFaults},
	}
}

// faultsOf finds the faults of a clinic.
func (c *Control) faultsOf(one *clinic.Clinic) (*fault.Injector, error) {
	if kept := c.Faults(one); kept != nil {
		return kept, nil
	}
	return nil, clinic.ErrUnknown
}

// listFaults answers with all faults of a clinic. They are at most 100, so the list has no pages.
func (c *Control) listFaults(r *http.Request, one *clinic.Clinic) (any, error) {
	if _, err := parameters(r); err != nil {
		return nil, err
	}
	kept, err := c.faultsOf(one)
	if err != nil {
		return nil, err
	}
	return ownFaults(kept), nil
}

func ownFaults(kept *fault.Injector) controlapi.FaultList {
	reply := controlapi.FaultList{Data: []controlapi.Fault{}}
	for _, count := range kept.Own() {
		reply.Data = append(reply.Data, controlapi.Fault(count))
	}
	return reply
}

func (c *Control) setFaults(r *http.Request, one *clinic.Clinic) (any, error) {
	var (
		faults []scenarios.Fault
		text   bytes.Buffer
		sent   []map[string]any // a 0 sent is not a field left out
	)
	r.Body = io.NopCloser(io.TeeReader(r.Body, &text))
	if err := decodeList(r, &faults, "faults"); err != nil {
		return nil, err
	}
	if faults == nil {
		return nil, badRequest("the body must be one well-formed JSON list: DELETE removes all faults")
	}
	if len(faults) > maxFaults {
		return nil, badRequest("a clinic can have up to %d faults", maxFaults)
	}
	_ = json.Unmarshal(text.Bytes(), &sent) // it was valid
	for i, f := range faults {
		if err := cmp.Or(scenarios.CheckZeros(sent[i]), c.checkFault(f)); err != nil {
			return nil, badRequest("faults[%d]: %s", i, err)
		}
	}
	kept, err := c.faultsOf(one)
	if err != nil {
		return nil, err
	}
	kept.Set(faults)
	return ownFaults(kept), nil
}

// maxFaults is the maximum number of faults in a clinic. There is a limit because their latencies add up.
const maxFaults = 100

// checkFault returns the rule broken by a fault.
func (c *Control) checkFault(f scenarios.Fault) error {
	if f.Operation != "" && !slices.Contains(c.Operations, f.Operation) {
		list := ": " + strings.Join(c.Operations, ", ")
		return badRequest("operation must be one that the mock knows%s",
			cmp.Or(didYouMean(f.Operation, c.Operations), list))
	}
	return f.Check()
}

func (c *Control) deleteFaults(_ *http.Request, one *clinic.Clinic) (any, error) {
	kept, err := c.faultsOf(one)
	if err != nil {
		return nil, err
	}
	kept.Set(nil)
	return nil, nil
}
