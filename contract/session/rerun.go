package session

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// rerun is the part of a run that is to be repeated.
type rerun struct {
	again  map[string]bool     // ids of the requirements to run again
	failed map[string][]string // ids of the failed ones; of a shape requirement with those of the requests behind it
}

// rerunOf returns the failed and blocked requirements in the results to run again, and those that met the causes of a
// failed shape requirement, because it sends no requests itself. There are none without results.
func rerunOf(ctx context.Context, file string) (rerun, error) {
	r := rerun{map[string]bool{}, map[string][]string{}}
	if file == "" {
		return r, nil
	}
	data, err := bounded.ReadStream(ctx, file, report.MaxSize)
	if err != nil {
		return r, fmt.Errorf("reading the results to run again: %w", err)
	}
	run, err := report.Read(bytes.NewReader(data))
	if err != nil {
		return r, fmt.Errorf("%s: %w", file, err)
	}
	met := map[string][]string{}
	for _, cause := range run.Causes {
		met[cause.ID] = cause.MetBy
	}
	for _, q := range run.Requirements {
		r.again[q.ID] = r.again[q.ID] || q.State == result.Failed || q.State == result.Blocked
		if q.State != result.Failed {
			continue
		}
		r.failed[q.ID] = nil
		for _, cause := range q.Causes {
			if q.ID != engine.ShapeID(q.Operation) {
				continue
			}
			r.failed[q.ID] = append(r.failed[q.ID], met[cause]...)
			for _, id := range met[cause] {
				r.again[id] = true
			}
		}
	}
	return r, nil
}

// left returns the failed requirements that a run has not tested again, sorted by id: they were not testable, or none
// of the requests behind them was sent.
func (r rerun) left(run result.Run) []string {
	isTested := map[string]bool{}
	for _, q := range run.Requirements {
		isTested[q.ID] = q.State != result.NotTestable
	}
	var left []string
	for id, met := range r.failed {
		if !isTested[id] || len(met) > 0 && !slices.ContainsFunc(met, func(id string) bool { return isTested[id] }) {
			left = append(left, id)
		}
	}
	slices.Sort(left)
	return left
}
