package cron_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
)

func TestAnEventWithDataThatIsNoJSONIsRefused(t *testing.T) {
	t.Parallel()
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	event := outbox.Event{ID: "i", Type: clinic.EligibilityChecked, Data: []byte(`{`)}
	for _, envelope := range outbox.Envelopes() {
		if _, err := cron.Payload(doc, "a", envelope, &event); err == nil {
			t.Errorf("the envelope %s takes it", envelope)
		}
	}
}

// A panic during an item becomes an error of the item. The item stays pending, and the process continues.
func TestAPanicIsAnErrorOfItsItem(t *testing.T) {
	t.Parallel()
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	clinics := clinic.NewDirectory(store.NewMemory(), clearinghouse.New(nil), clinic.Hooks{})
	c, err := clinics.Create(t.Context(), clinic.Settings{
		AccountCode: "a", AdminToken: "t", Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"},
		Clock: clinic.ClockSettings{Frozen: true}, CronDelay: new(time.Duration),
	})
	if err != nil {
		t.Fatal(err)
	}
	patch := clinic.Patch{Fields: []clinic.Field{{"insurance.primary.carrier_code", "car7556"}}}
	if _, err := c.UpdateUser(t.Context(), "t", patch); err != nil {
		t.Fatal(err)
	}
	if _, err := c.StartCheck(t.Context(), "t", clinic.Self, "car7556", ""); err != nil {
		t.Fatal(err)
	}
	runner := &cron.Runner{Clinic: c, Document: doc, Journal: journal.New(mask.New(doc), &journal.Epoch{}),
		ReportViolation: func(error) {}, Log: slog.New(slog.DiscardHandler)} // without a Sender
	if done, err := runner.RunNext(t.Context(), int(clinic.FinishWork)); len(done) != 1 || err != nil {
		t.Fatalf("the check: %v, %v", done, err)
	}
	if done, err := runner.RunNext(t.Context(), int(clinic.DeliverWork)); done != nil || err == nil ||
		!strings.Contains(err.Error(), "panic") {
		t.Errorf("the delivery: %v, %v", done, err)
	}
	if pending, _ := c.PendingCounts(t.Context()); pending[clinic.DeliverWork] != 1 {
		t.Errorf("pending = %v", pending)
	}
}
