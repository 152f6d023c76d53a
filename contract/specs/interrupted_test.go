package specs_test

import (
	"context"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// An interrupted run deletes the clinics it has made, also one that the mock is making at that moment.
func TestAnInterruptedRunLeavesNoClinic(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	control := &controlapi.Client{URL: mock.URL + controlapi.Prefix}
	clinics := func() int {
		page, err := control.ListClinics(t.Context(), controlapi.PageRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Data)
	}
	before := clinics()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	began := 0
	run, err := engine.Run(ctx, engine.Options{
		Config:       config.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock"},
		Requirements: all(t),
		Began: func(string, string) {
			if began++; began == 60 {
				interrupt()
			}
		},
	})
	if err == nil && run.Broken == "" {
		t.Error("the interrupted run says nothing about it")
	}
	if after := clinics(); after != before {
		t.Errorf("it leaves %d clinics", after-before)
	}
}
