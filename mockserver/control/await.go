package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

const (
	// defaultAwait is the default time limit of await, in real time.
	defaultAwait = 10 * time.Second
	// maxSeen is the number of items shown when none matched.
	maxSeen = 20
)

func (c *Control) streamRoutes() []clinicRoute {
	return []clinicRoute{{"await", http.MethodPost, "/await", bodyHandler(c.await)}}
}

// rowOf returns the part of an item that its kind names.
func rowOf(i controlapi.StreamItem) any {
	return map[string]any{
		controlapi.KindExchange: i.Exchange, controlapi.KindCheck: i.Check, controlapi.KindClaim: i.Claim,
		controlapi.KindVisit: i.Visit, controlapi.KindEvent: i.Event, controlapi.KindDelivery: i.Delivery,
	}[i.Kind]
}

// await answers with the first item that matches, and moves no clock.
func (c *Control) await(r *http.Request, one *clinic.Clinic, want controlapi.Await) (any, error) {
	changes := c.Feed(one)
	if changes == nil {
		return nil, clinic.ErrUnknown
	}
	after, timeout, err := checkAwait(want, changes.After(0, 0).Newest)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	seen := []controlapi.SeenItem{}
	for {
		now := changes.After(after, batch)
		for _, i := range now.Items {
			after = i.Number
			item := c.itemOf(i)
			if item.Kind != want.Kind {
				continue
			}
			differs, err := differences(item, want.Where)
			if err != nil || len(differs) == 0 {
				return item, err
			}
			seen = append(seen[max(0, len(seen)-maxSeen+1):], controlapi.SeenItem{StreamItem: item, Differs: differs})
		}
		switch {
		case len(now.Items) > 0:
			continue
		case now.Closed:
			return nil, clinic.ErrUnknown
		}
		select {
		case <-now.Changed:
		case <-c.Stopping.Done():
			return nil, problem{http.StatusServiceUnavailable, "the mock is stopping, and nothing has matched so far"}
		case <-ctx.Done():
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, ctx.Err()
			}
			slices.Reverse(seen)
			return nil, unmatchedError{c.unmatchedProblem(one, want, timeout, seen), seen}
		}
	}
}

// checkAwait returns the first place to look at and the time limit of an Await.
func checkAwait(want controlapi.Await, newest uint64) (after uint64, timeout time.Duration, err error) {
	if err := checkKind("kind", want.Kind); err != nil {
		return 0, 0, err
	}
	row := reflect.TypeOf(rowOf(controlapi.StreamItem{Kind: want.Kind}))
	for _, name := range slices.Sorted(maps.Keys(want.Where)) {
		if err := checkName(row, name); err != nil {
			return 0, 0, err
		}
	}
	if want.After != "" {
		if after, err = strconv.ParseUint(want.After, 10, 63); err != nil || after > newest {
			return 0, 0, badRequest("after must be the id of an item of this clinic's stream")
		}
	}
	timeout = defaultAwait
	replace(&timeout, (*time.Duration)(want.Timeout))
	if timeout < 0 {
		return 0, 0, badRequest("timeout must not be negative: 0s looks at the present items alone")
	}
	return after, timeout, nil
}

// checkName refuses a name in where that no item of the kind can have.
func checkName(row reflect.Type, name string) error {
	at := fieldPath{"where"}
	for part := range strings.SplitSeq(name, ".") {
		for row.Kind() == reflect.Pointer {
			row = row.Elem()
		}
		if row.Kind() != reflect.Struct || row == reflect.TypeFor[time.Time]() {
			return nil // free JSON, or the value of a plain field, which then differs
		}
		fields := fieldsOf(row)
		at = at.child(part)
		next, ok := fields[part]
		if !ok {
			return unknownField(at, fields)
		}
		row = next
	}
	return nil
}

// differences returns the names in where with another value in an item, sorted.
func differences(item controlapi.StreamItem, where map[string]any) ([]string, error) {
	text, err := json.Marshal(rowOf(item))
	if err != nil {
		return nil, fmt.Errorf("writing an item to compare it: %w", err)
	}
	var row any
	if err := json.Unmarshal(text, &row); err != nil {
		return nil, fmt.Errorf("reading an item to compare it: %w", err)
	}
	var differs []string
	for _, name := range slices.Sorted(maps.Keys(where)) {
		value := row
		for part := range strings.SplitSeq(name, ".") {
			object, _ := value.(map[string]any)
			value = object[part]
		}
		if !equalJSON(value, where[name]) {
			differs = append(differs, name)
		}
	}
	return differs, nil
}

// equalJSON compares JSON values. A number equals the text with the same digits, because VSee sends ids as either, and
// nothing equals an empty text, because a field without a value is left out.
func equalJSON(a, b any) bool {
	return scalarText(a) == scalarText(b) && (scalarText(a) != "" || reflect.DeepEqual(orEmpty(a), orEmpty(b)))
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// scalarText returns a text or a number as text; "" for any other value.
func scalarText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// unmatchedError is the error of an await in which nothing matched in time.
type unmatchedError struct {
	problem
	seen []controlapi.SeenItem
}

// unmatchedProblem says what came instead of the wanted item, and why nothing may come by itself.
func (c *Control) unmatchedProblem(one *clinic.Clinic, want controlapi.Await, timeout time.Duration,
	seen []controlapi.SeenItem) problem {
	text := fmt.Sprintf("no %s matched within %s; ", want.Kind, timeout)
	if len(seen) == 0 {
		text += "there was none"
		if want.After != "" {
			text += " behind after"
		}
	} else {
		text += fmt.Sprintf("the newest one that was seen instead differs in %s, and seen has up to %d of them",
			strings.Join(seen[0].Differs, ", "), maxSeen)
	}
	if one.Clock().Frozen() {
		text += "; the clinic's clock stands still, and await does not move it"
		if due := nextDue(one); !due.IsZero() {
			text += ": the next item is due at " + due.Format(time.RFC3339Nano)
		}
	}
	return problem{http.StatusGatewayTimeout, text}
}

// nextDue returns when the earliest pending item of a clinic is due; zero for none.
func nextDue(one *clinic.Clinic) time.Time {
	var first time.Time
	for kind := range clinic.WorkKinds {
		work, ok, err := one.NextWork(context.Background(), clinic.WorkKind(kind))
		if err == nil && ok && (first.IsZero() || work.Due.Before(first)) {
			first = work.Due
		}
	}
	return first
}
