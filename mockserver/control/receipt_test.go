package control_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A receipt of any move has a bounded size: it lists the first rows of each kind, and counts all.
func TestAReceiptListsTheFirstRowsAndCountsAll(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	for _, limit := range []int{0, 1, 3, 5} {
		account := fmt.Sprint("limit-", limit)
		one := mock.NewClinic(t, clinic.Settings{AccountCode: account, Clock: clinic.ClockSettings{Frozen: true}})
		ids := startChecks(t, mock, account, one.AdminToken, 4)
		receipt, err := mock.Control.MoveClock(t.Context(), account,
			controlapi.ClockMove{Advance: new(controlapi.Span(10 * time.Second)), Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		var listed []string
		for _, check := range receipt.Checks {
			listed = append(listed, check.ID)
		}
		if limit > 0 {
			ids = ids[:min(limit, len(ids))]
		}
		if diff := cmp.Diff(ids, listed); diff != "" {
			t.Errorf("with the limit %d (-want +got):\n%s", limit, diff)
		}
		if diff := cmp.Diff(controlapi.Counts{Checks: 4}, receipt.Counts); diff != "" {
			t.Errorf("with the limit %d (-want +got):\n%s", limit, diff)
		}
		note := fmt.Sprintf("the first %d of each kind", limit)
		if cut := len(ids) < 4; strings.Contains(receipt.Note, note) != cut {
			t.Errorf("with the limit %d, the note is %q", limit, receipt.Note)
		}
	}
}

// startChecks starts checks of the clinic's admin, and returns their ids.
func startChecks(t *testing.T, mock *mocktest.Mock, account, token string, n int) []string {
	t.Helper()
	one, _ := mock.Server.Clinics().Clinic(account)
	patch := clinic.Patch{Fields: []clinic.Field{{"insurance.primary.carrier_code", "car7556"}}}
	if _, err := one.UpdateUser(t.Context(), token, patch); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range n {
		check, err := one.StartCheck(t.Context(), token, clinic.Self, "car7556", "")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, check.ID)
	}
	return ids
}

func TestAReceiptCountsDeliveriesAndTheFailedOnes(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "failing", Clock: clinic.ClockSettings{Frozen: true}})
	one.NewReceiver(t, func(n int) int { return []int{500, 200}[min(n-1, 1)] })
	startChecks(t, mock, "failing", one.AdminToken, 1)
	receipt := one.Advance(t, time.Minute)
	if diff := cmp.Diff(controlapi.Counts{Checks: 1, Deliveries: 2, Failed: 1}, receipt.Counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALimitOfAReceiptIsANumberOfRows(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	for path, body := range map[string]string{"/clock": `{"advance": "1s", "limit": %d}`, "/settle": `{"limit": %d}`} {
		for _, limit := range []int{-1, 10_001} {
			c.refused("POST", "/clinics/vclinic"+path, fmt.Sprintf(body, limit), 400,
				"limit must be a whole number from 1 to 10000")
		}
	}
}
