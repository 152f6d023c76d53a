package api

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
)

// After a panic in a function the caller gets a 500, and the log has the place of the panic.
func TestAPanicIsAReply(t *testing.T) {
	t.Parallel()
	doc, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	house := clearinghouse.New(nil)
	clinics := clinic.NewDirectory(store.NewMemory(), house, clinic.Hooks{})
	if _, err := clinics.Create(t.Context(), clinic.Settings{AccountCode: "a", AdminToken: "t"}); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	a, err := New(Options{
		Document: doc, Clinics: clinics, Clearinghouse: house, Stopping: t.Context(), BodyLimit: 1_000,
		Violated: func(err error) { t.Error(err) },
		Journal:  func(*clinic.Clinic) *journal.Journal { return nil }, Epoch: &journal.Epoch{}, Mask: mask.New(doc),
		NextID: func() string { return "1" },
		Faults: func(*clinic.Clinic) *fault.Injector { return nil }, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.handlers["getMe"] = func(context.Context, call) (reply, error) { panic("on purpose") }
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/api_v3/me", nil)
	r.Header.Set("X-ApiToken", "t")
	w := httptest.NewRecorder()
	a.Serve(w, r, r.URL.EscapedPath())
	if got := w.Body.String(); w.Code != 500 || got != `{"code":500,"message":"the mock has failed: see its log"}`+"\n" {
		t.Errorf("%d %s", w.Code, got)
	}
	if !strings.Contains(log.String(), "on purpose") || !strings.Contains(log.String(), "exchange_internal_test.go") {
		t.Errorf("the log says %s", &log)
	}
}
