package inside

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// GrowthOf names a thing, the number of these things in the mock, and the time for repeating each operation.
type GrowthOf struct {
	Thing string        `json:"thing"` // of Growing
	N     int           `json:"n"`
	For   time.Duration `json:"for"`
}

// Cost is the CPU time of one operation.
type Cost struct {
	Operation string        `json:"operation"`
	Took      time.Duration `json:"took"`
}

// The things that a mock may have many of.
const (
	GrowUsers     = "users"
	GrowClinics   = "clinics"
	GrowScenarios = "scenarios"
	GrowJournal   = "journal"
)

// Growing returns the things a mock may have many of, each with a number for which the mock takes a fraction of a
// second. The journal's is a tenth of its bound.
func Growing() map[string]int {
	return map[string]int{GrowUsers: 1_000, GrowClinics: 500, GrowScenarios: 500, GrowJournal: 50}
}

// MeasureGrowth measures operations of a mock that has much of something.
func MeasureGrowth(ctx context.Context, p GrowthOf) (any, error) {
	g, err := grown(ctx, p)
	if err != nil {
		return nil, err
	}
	var costs []Cost
	for _, o := range growthOperations(p) {
		took, err := g.measure(ctx, o, p.For)
		if err != nil {
			return nil, err
		}
		costs = append(costs, Cost{o.name, took})
	}
	return costs, nil
}

// growth is a mock with much of something, and the token of one user.
type growth struct {
	mock  *mockserver.Server
	token string
}

func grown(ctx context.Context, p GrowthOf) (growth, error) {
	numbers := map[string]int{GrowUsers: 1, GrowClinics: 1, GrowScenarios: 0, GrowJournal: 0}
	numbers[p.Thing] = p.N
	options := mockserver.Options{Clinics: []clinic.Settings{}}
	var err error
	if options.Scenarios, err = manyScenarios(numbers[GrowScenarios]); err != nil {
		return growth{}, err
	}
	mock, err := mockserver.New(options)
	if err != nil {
		return growth{}, err
	}
	all, err := addClinics(ctx, mock, numbers[GrowClinics], clinic.Settings{})
	if err != nil {
		return growth{}, err
	}
	g := growth{mock: mock}
	for n := range numbers[GrowUsers] {
		if _, g.token, err = signOn(ctx, all[0], fmt.Sprint("user-", n)); err != nil {
			return growth{}, err
		}
	}
	for range numbers[GrowJournal] {
		if err := g.send(ctx, listOperation); err != nil {
			return growth{}, err
		}
	}
	return g, nil
}

// manyScenarios returns scenarios that differ in a subscriber number; none answers the checks of the bench. The set is
// nil for the catalogue if n is 0.
func manyScenarios(n int) (scenarios.Set, error) {
	if n == 0 {
		return nil, nil
	}
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("s%05d.yaml", i)] = fmt.Appendf(nil,
			"title: T\nwhen: {subscriber_num: \"9%06d\"}\nanswer: Success\n", i)
	}
	return scenarios.LoadFiles(files)
}

// growthOperation is a request to the mock.
type growthOperation struct {
	name, method, path string
	admin              bool // as the clinic's admin
}

var listOperation = growthOperation{name: "list insurers", method: http.MethodGet, path: "/api_v3/insurances/"}

// growthOperations returns operations with a cost that may depend on the number.
func growthOperations(p GrowthOf) []growthOperation {
	user := growthOperation{name: "read a user", method: http.MethodGet, path: "/api_v3/users/-"}
	check := growthOperation{name: "start a check", method: http.MethodPost,
		path: "/api_v3/users/-/" + carrier + "/eligibility"}
	switch p.Thing {
	case GrowUsers:
		return []growthOperation{user, check,
			{name: "find by e-mail", method: http.MethodGet, path: "/api_v3/users?filter%5Bemail%5D=user-0%40", admin: true},
			{name: "first page of users", method: http.MethodGet, path: "/api_v3/users", admin: true},
		}
	case GrowJournal:
		return []growthOperation{listOperation,
			{name: "newest page of the journal", method: http.MethodGet, path: "/_mock/clinics/clinic-0/journal?limit=20"}}
	default:
		return []growthOperation{listOperation, user, check}
	}
}

// send sends one request, without a network.
func (g growth) send(ctx context.Context, o growthOperation) error {
	token := g.token
	if o.admin {
		token = searchAdmin
	}
	r, err := http.NewRequestWithContext(ctx, o.method, "http://mock"+o.path, bytes.NewReader(nil))
	if err != nil {
		return err
	}
	r.Header.Set("X-ApiToken", token)
	w := httptest.NewRecorder()
	g.mock.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s: the status is %d, and must be 200: %s", o.name, w.Code, w.Body)
	}
	return nil
}

// measure returns the CPU time of an operation.
func (g growth) measure(ctx context.Context, o growthOperation, period time.Duration) (time.Duration, error) {
	if err := g.send(ctx, o); err != nil {
		return 0, err
	}
	return cheapest(period, func() { _ = g.send(ctx, o) }), nil // the first one was all right
}
