// Package inside measures the mock from inside its process: its memory, its timers, its search, and how its costs grow.
// Each part runs in a child process of its own.
package inside

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Mock makes the mock with the defaults of vsee-mock serve. Its log has a line for each request, and goes to standard
// error.
func Mock([]server.Reply) (server.Serve, error) {
	set, err := scenarios.Catalogue()
	if err != nil {
		return nil, err
	}
	mock, err := mockserver.New(mockserver.Options{
		Scenarios: set, Log: slog.New(logline.NewText(printable.NewWriter(os.Stderr), nil)),
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, on net.Listener) error { return mock.Serve(ctx, on) }, nil
}

// newMock returns a mock without clinics and without a log.
func newMock() (*mockserver.Server, error) {
	return mockserver.New(mockserver.Options{Clinics: []clinic.Settings{}})
}

// addClinics makes clinics that differ in their account codes, tokens and seeds.
func addClinics(ctx context.Context, mock *mockserver.Server, n int, like clinic.Settings) ([]*clinic.Clinic, error) {
	var all []*clinic.Clinic
	for i := range n {
		s := like
		s.AccountCode = fmt.Sprint("clinic-", i)
		s.AdminToken = s.AccountCode + "-admin"
		s.Seed = uint64(i + 1)
		c, err := mock.Clinics().Create(ctx, s)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// signOn makes a patient with a card, and returns the id and the token.
func signOn(ctx context.Context, c *clinic.Clinic, code string) (id, token string, err error) {
	on, err := c.SignOn(ctx, clinic.SignOn{Code: code, Type: clinic.Member, Patch: clinic.Patch{Fields: []clinic.Field{
		{"first_name", "Pat"}, {"last_name", "Sample"}, {"dob", "1980-02-29"}, {"gender", "2"},
		{"email", code + "@example.com"},
		{"insurance.primary.carrier_code", carrier}, {"insurance.primary.subscriber_num", "234234"},
	}}})
	return on.User.ID, on.Token.Text, err
}

// carrier is one of every clinic's insurers.
const carrier = "car7556"

// heap returns the bytes in use, after a collection.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) //nolint:gosec // no memory is that large
}

// patience is the time for the work of all clinics.
const patience = 2 * time.Minute

// awaitWork waits until each clinic has no more pending work of a kind. It asks one clinic at a time, so that asking
// costs the mock little.
func awaitWork(ctx context.Context, clinics []*clinic.Clinic, kind clinic.WorkKind) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, c := range clinics {
		for {
			pending, err := c.PendingCounts(ctx)
			if err != nil {
				return err
			}
			if pending[kind] == 0 {
				break
			}
			if ctx.Err() != nil {
				return fmt.Errorf("a clinic has %d pending items left: %w", pending[kind], ctx.Err())
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	return nil
}
