package mockserver_test

import (
	"fmt"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// newIntake makes an intake with a token, and returns its id.
func newIntake(t testing.TB, c *mocktest.Clinic, token string, f ...string) string {
	t.Helper()
	form := fields{{"reason_for_visit", "Cough"}, {"room_code", "vclinicroom"}}
	for i := 0; i < len(f); i += 2 {
		form = form.and(f[i], f[i+1])
	}
	id, _ := post(t, c.BaseURL+"/intakes", formBody(form), byToken(token)).at(t, "data", "id").(string)
	return id
}

// walkIn makes a walk-in of a patient, and returns its id.
func walkIn(t testing.TB, c *mocktest.Clinic, token string) string {
	t.Helper()
	got := post(t, c.BaseURL+"/visits/add_walkin", formBody(fields{{"intake_id", newIntake(t, c, token)}}), byToken(token))
	id, _ := got.at(t, "data", "id").(string)
	return id
}

// book books an appointment of a patient.
func book(t testing.TB, c *mocktest.Clinic, token string, start, end int64, f ...string) reply {
	t.Helper()
	form := fields{
		{"intake_id", newIntake(t, c, token)}, {"slot_start", fmt.Sprint(start)}, {"slot_end", fmt.Sprint(end)},
	}
	for i := 0; i < len(f); i += 2 {
		form = form.and(f[i], f[i+1])
	}
	return post(t, c.BaseURL+"/visits", formBody(form), byToken(token))
}

// bookFor books the usual time with a provider, and returns the id of the visit.
func bookFor(t testing.TB, c *mocktest.Clinic, token, provider string) string {
	t.Helper()
	id, _ := book(t, c, token, 1893499200, 1893500100, "provider_id", provider).at(t, "data", "id").(string)
	return id
}

// askForEConsult makes an e-consult of a patient, and returns its id.
func askForEConsult(t testing.TB, c *mocktest.Clinic, token string) string {
	t.Helper()
	sent := jsonBody(`{"intake_id": "` + newIntake(t, c, token) + `", "room_code": "vclinicroom"}`)
	id, _ := post(t, c.BaseURL+"/visits/add_econsult", sent, byToken(token)).at(t, "data", "id").(string)
	return id
}

// step calls visits/inprogress, close or delete.
func step(t testing.TB, c *mocktest.Clinic, token, name, id string, f ...string) reply {
	t.Helper()
	form := fields{{"id", id}}
	for i := 0; i < len(f); i += 2 {
		form = form.and(f[i], f[i+1])
	}
	return post(t, c.BaseURL+"/visits/"+name, formBody(form), byToken(token))
}

// statusOf returns the status of a visit.
func statusOf(t testing.TB, c *mocktest.Clinic, token, id string) float64 {
	t.Helper()
	status, _ := get(t, c.BaseURL+"/visits/"+id, byToken(token)).at(t, "data", "status").(float64)
	return status
}
