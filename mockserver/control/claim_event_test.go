package control_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// claimEvent is the payload of an event about a claim.
type claimEvent struct {
	ID       string `json:"claim_id"`
	Carrier  string `json:"carrier_code"`
	Status   string `json:"status"`
	Category string `json:"category_code"`
	Code     string `json:"status_code"`
	Billed   int    `json:"billed_cents"`
	Paid     *int   `json:"paid_cents"`
	Adjusted *int   `json:"adjusted_cents"`
	Patient  *int   `json:"patient_responsibility_cents"`
	Lines    []struct {
		Billed      int `json:"billed_cents"`
		Paid        int `json:"paid_cents"`
		Adjustments []struct {
			Amount int `json:"amount_cents"`
		}
	}
}

// sums returns the amounts of an event as text: paid, adjusted and left to the patient; "" for none.
func (e claimEvent) sums(t *testing.T) string {
	t.Helper()
	if e.Paid == nil || e.Adjusted == nil || e.Patient == nil || len(e.Lines) == 0 {
		if e.Paid != nil || e.Adjusted != nil || e.Patient != nil || e.Lines != nil {
			t.Errorf("%s: some of the sums and lines are there, and some are not", e.Status)
		}
		return ""
	}
	billed, paid := 0, 0
	for _, line := range e.Lines {
		billed, paid = billed+line.Billed, paid+line.Paid
		sum := line.Paid
		for _, a := range line.Adjustments {
			sum += a.Amount
		}
		if sum != line.Billed {
			t.Errorf("%s: a line of %d sums up to %d", e.Status, line.Billed, sum)
		}
	}
	if billed != e.Billed || paid != *e.Paid || *e.Paid+*e.Adjusted+*e.Patient != e.Billed {
		t.Errorf("%s: the lines and the sums differ", e.Status)
	}
	return fmt.Sprint(*e.Paid, " ", *e.Adjusted, " ", *e.Patient)
}

// A claim event sent by hand conforms to the document. Its codes, sums and lines match the requested status,
// regardless of the user's last claim, and without one.
func TestAClaimsEventByHandGoesWithItsStatus(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	schema := doc.Components.Schemas["ClaimUpdatedEvent"].Value
	made := map[string]string{ // status → its codes and sums
		"acknowledged": "A1:19 ", "accepted": "A2:20 ", "rejected": "A3:21 ",
		"paid": ": 2800 0 0", "partly_paid": ": 2240 0 560", "denied": ": 0 2800 0",
	}
	with := func(status, codesAndSums string) map[string]string {
		wanted := maps.Clone(made)
		wanted[status] = codesAndSums
		return wanted
	}
	for name, tc := range map[string]struct {
		claim string // the claim part of its scenario; empty for no scenario
		ends  bool   // the claim has reached its final status
		bare  string // the status of an event sent without one
		want  map[string]string
	}{
		"no claim":           {"", false, "acknowledged", made},
		"one just submitted": {"A7:562", false, "acknowledged", with("rejected", "A7:562 ")},
		"a rejected one":     {"A7:562", true, "rejected", with("rejected", "A7:562 ")},
		"a paid one":         {"paid", true, "paid", made},
		"a denied one":       {"PR-204", true, "denied", with("denied", ": 0 0 2800")},
		"a partly paid one": {"{outcome: partly_paid, adjustments: [{code: CO-45, amount: 3}]}", true, "partly_paid",
			with("partly_paid", ": 2500 300 0")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, nil)
			mock, c := start(t)
			one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}})
			carrier := "car7551" // the first insurer
			if tc.claim != "" {
				put(c, "one", true, map[string]string{
					"mine.yaml": "title: Mine\nwhen: {carrier_code: car7556}\nanswer: Success\nclaim: " + tc.claim + "\n",
				})
				answered(t, one)
				submit(t, one, "2020-01-01")
				carrier = "car7556"
			}
			if tc.ends {
				c.ok("POST", "/clinics/one/clock", `{"advance": "1h"}`, nil)
			}
			fire := func(data string) claimEvent {
				c.ok("POST", "/clinics/one/events", `{"type": "claim.updated", "member_id": "132406", "data": `+data+`}`, nil)
				all := receiver.Received()
				body := all[len(all)-1].Body
				var value any
				var event struct{ Data claimEvent }
				if json.Unmarshal(body, &value) != nil || json.Unmarshal(body, &event) != nil {
					t.Fatalf("%s is no JSON", body)
				}
				if err := schema.VisitJSON(value); err != nil {
					t.Errorf("%s: %s", data, err)
				}
				return event.Data
			}
			if got := fire(`{}`).Status; got != tc.bare {
				t.Errorf("without a status it is %s, want %s", got, tc.bare)
			}
			for status, want := range tc.want {
				got := fire(`{"status": "` + status + `"}`)
				if diff := cmp.Diff(want, got.Category+":"+got.Code+" "+got.sums(t)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", status, diff)
				}
				if got.Status != status || got.ID != "7100001" || got.Carrier != carrier {
					t.Errorf("%s: %s of claim %s with %s", status, got.Status, got.ID, got.Carrier)
				}
			}
			for _, status := range []string{`"submitted"`, `"lost"`, `1`, `null`} {
				if code, text := c.do("POST", "/clinics/one/events", `{"type": "claim.updated", "member_id": "132406", "data": `+
					`{"status": `+status+`}}`); code != 400 {
					t.Errorf("%s: %d %s", status, code, text)
				}
			}
		})
	}
}
