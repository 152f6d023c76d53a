package inside

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// MemoryOf says how many things there are.
type MemoryOf struct {
	N int `json:"n"`
}

// Memory is the memory of a mock, in bytes: that of its process, and that of each thing on the heap.
type Memory struct {
	RSS  int64   `json:"rss"`
	Each float64 `json:"each"`
}

// MeasureClinics makes clinics with the default settings, one user in each.
func MeasureClinics(ctx context.Context, p MemoryOf) (any, error) {
	mock, err := newMock()
	if err != nil {
		return nil, err
	}
	return grow(mock, p.N, func() error {
		all, err := addClinics(ctx, mock, p.N, clinic.Settings{})
		for _, c := range all {
			if _, _, err := signOn(ctx, c, "pat"); err != nil {
				return err
			}
		}
		return err
	})
}

// MeasurePendingDeliveries records events of one clinic that are due a day later.
func MeasurePendingDeliveries(ctx context.Context, p MemoryOf) (any, error) {
	mock, err := newMock()
	if err != nil {
		return nil, err
	}
	all, err := addClinics(ctx, mock, 1, clinic.Settings{Webhook: clinic.Webhook{
		URL: "http://127.0.0.1:1", Misbehaviour: clinic.Misbehaviour{Hold: scenarios.Hold{For: 24 * time.Hour}},
	}})
	if err != nil {
		return nil, err
	}
	return grow(mock, p.N, func() error { return fireEvents(ctx, all[0], p.N) })
}

// grow returns the memory after fill has put n things into a mock.
func grow(mock *mockserver.Server, n int, fill func() error) (Memory, error) {
	defer runtime.KeepAlive(mock) // its clinics are measured after their last use
	before := heap()
	if err := fill(); err != nil {
		return Memory{}, err
	}
	usage, err := child.OwnUsage()
	return Memory{usage.RSS, float64(heap()-before) / float64(n)}, err
}

// Advance is the cost of moving a clock over the due times of many checks: the size of the reply and the memory of the
// process afterwards, in bytes, and the time.
type Advance struct {
	Reply int64         `json:"reply"`
	RSS   int64         `json:"rss"`
	Took  time.Duration `json:"took"`
}

// MeasureAdvance moves the clock of one clinic over the due times of its checks.
func MeasureAdvance(ctx context.Context, p MemoryOf) (any, error) {
	mock, err := newMock()
	if err != nil {
		return nil, err
	}
	all, err := addClinics(ctx, mock, 1, clinic.Settings{Clock: clinic.ClockSettings{Frozen: true}})
	if err != nil {
		return nil, err
	}
	if _, _, err := startChecks(ctx, all, p.N); err != nil {
		return nil, err
	}
	begun := time.Now()
	size, err := moveClock(ctx, mock, all[0], `{"advance": "10s"}`)
	took := time.Since(begun)
	if err != nil {
		return nil, err
	}
	usage, err := child.OwnUsage()
	return Advance{size, usage.RSS, took}, err
}

// moveClock moves, stops or starts the clock of a clinic by the control API, and returns the bytes of the reply.
func moveClock(ctx context.Context, mock *mockserver.Server, c *clinic.Clinic, body string) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://mock/_mock/clinics/"+c.Account()+"/clock",
		strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	size := &counter{header: http.Header{}}
	mock.ServeHTTP(size, r)
	if size.status != 0 && size.status != http.StatusOK {
		return 0, fmt.Errorf("moving the clock: the status is %d, and must be 200", size.status)
	}
	return size.bytes, nil
}

// counter counts the bytes of a reply instead of keeping them.
type counter struct {
	header http.Header
	status int
	bytes  int64
}

func (c *counter) Header() http.Header    { return c.header }
func (c *counter) WriteHeader(status int) { c.status = status }
func (c *counter) Flush()                 {}

func (c *counter) Write(part []byte) (int, error) {
	c.bytes += int64(len(part))
	return len(part), nil
}
