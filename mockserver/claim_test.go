package mockserver_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimBody is a claim of one visit, as JSON. change has pairs of a name and its value, nil to leave the name out.
func claimBody(memberID string, change ...any) body {
	sent := map[string]any{
		"member_id": memberID, "carrier_code": "car7556", "encounter_date": "2022-04-14", "facility_code": "AWC",
		"diagnoses": []any{"R05.9", "Z20-822"},
		"lines":     []any{map[string]any{"procedure_code": "99211", "diagnosis_pointers": []any{1}}},
	}
	for i := 0; i < len(change); i += 2 {
		sent[change[i].(string)] = change[i+1]
	}
	maps.DeleteFunc(sent, func(_ string, value any) bool { return value == nil })
	text, _ := json.Marshal(sent)
	return body{"application/json", text}
}

// claimLine returns the lines of a claim of one, changed likewise.
func claimLine(change ...any) []any {
	one := map[string]any{"procedure_code": "99211", "diagnosis_pointers": []any{1}}
	for i := 0; i < len(change); i += 2 {
		one[change[i].(string)] = change[i+1]
	}
	maps.DeleteFunc(one, func(_ string, value any) bool { return value == nil })
	return []any{one}
}

// claimClinic returns a clinic at the guide's time with a webhook.
func claimClinic(t *testing.T, account, hook string) *mocktest.Clinic {
	t.Helper()
	return startRetrying(t).NewClinic(t, clinic.Settings{
		AccountCode: account, Webhook: clinic.Webhook{URL: hook},
		Clock: clinic.ClockSettings{Start: time.Date(2022, 4, 14, 23, 0, 0, 0, time.UTC), Frozen: true},
	})
}

// eligiblePatient signs a patient on and runs a successful check.
func eligiblePatient(t *testing.T, c *mocktest.Clinic, code, subscriber string) (id, token string) {
	t.Helper()
	id, token = patient(t, c, code, subscriber)
	start(t, c, id, token)
	c.Advance(t, clinic.DefaultCronDelay)
	return id, token
}

// Steps 6 and 7: a claim is submitted, acknowledged, accepted and paid. The webhook gets an event for each, and every
// message says: this is not VSee's.
func TestAClaimIsPaid(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := claimClinic(t, "paid", receiver.URL)
	id, token := eligiblePatient(t, c, "pat", "123")
	got := post(t, c.BaseURL+"/insurances/claims/", claimBody(id, "lines", []any{
		map[string]any{"procedure_code": "99211", "modifiers": []any{"f1", "20"}, "units": "2", "fee": 56.5,
			"diagnosis_pointers": []any{"2", 1}},
		map[string]any{"procedure_code": 10022, "diagnosis_pointers": []any{1}},
	}, "total", "86.50", "place_of_service", "02"), byToken(token))
	if diff := cmp.Diff(`{"data":{"claim_id":"7100001","member_id":"`+id+
		`","carrier_code":"car7556","status":"submitted"}}`+"\n", string(got.body)); diff != "" {
		t.Errorf("the reply (-want +got):\n%s", diff)
	}
	if evidence := got.header.Get("X-Mock-Evidence"); evidence != "ours" {
		t.Errorf("the evidence is %q", evidence)
	}
	receipt := c.Advance(t, time.Hour)
	var statuses []string
	for _, claim := range receipt.Claims {
		statuses = append(statuses, claim.Status)
	}
	if diff := cmp.Diff([]string{"acknowledged", "accepted", "paid"}, statuses); diff != "" {
		t.Errorf("the receipt (-want +got):\n%s", diff)
	}
	want := `{"data": {"claim_id": "7100001", "member_id": "` + id + `", "carrier_code": "car7556", "status": "paid",
		"frequency_code": "1",
		"encounter_date": "2022-04-14", "rendering_provider": "prof18", "facility_code": "AWC",
		"relationship": {"respparty": "self", "standardrelationship": "1", "hipaarelationship": "18"},
		"diagnoses": ["R05.9", "Z20.822"], "lines": [
			{"line": 1, "procedure_code": "99211", "modifiers": ["F1", "20"], "units": 2, "place_of_service": "02",
				"diagnosis_pointers": [2, 1], "billed_cents": 5650, "paid_cents": 5650, "adjustments": []},
			{"line": 2, "procedure_code": "10022", "modifiers": [], "units": 1, "place_of_service": "02",
				"diagnosis_pointers": [1], "billed_cents": 3000, "paid_cents": 3000, "adjustments": []}],
		"currency": "USD", "billed_cents": 8650, "paid_cents": 8650, "adjusted_cents": 0, "patient_responsibility_cents": 0,
		"submitted": 1649977210, "history": [
			{"status": "acknowledged", "category_code": "A1", "status_code": "19",
			"status_text": "received: its receipt is acknowledged", "created": 1649977220},
			{"status": "accepted", "category_code": "A2", "status_code": "20",
			"status_text": "accepted and passed on to the insurer: taken for processing", "created": 1649977280},
			{"status": "paid", "created": 1649977880}]}}`
	diffJSON(t, "the claim", want, get(t, c.BaseURL+"/insurance/claims/7100001.json", byToken(token)))
	var received []string
	for _, e := range receiver.Received()[1:] {
		var event struct {
			Type string
			Data struct {
				ClaimID string `json:"claim_id"`
				Status  string
				Paid    *int `json:"paid_cents"`
			}
		}
		if err := json.Unmarshal(e.Body, &event); err != nil {
			t.Fatal(err)
		}
		paid := "no amount"
		if event.Data.Paid != nil {
			paid = fmt.Sprint(*event.Data.Paid)
		}
		received = append(received, strings.Join([]string{event.Type, event.Data.ClaimID, event.Data.Status, paid}, " "))
	}
	if diff := cmp.Diff([]string{
		"claim.updated 7100001 acknowledged no amount", "claim.updated 7100001 accepted no amount",
		"claim.updated 7100001 paid 8650",
	}, received); diff != "" {
		t.Errorf("the webhook (-want +got):\n%s", diff)
	}
}

// Events of claims come in each of VSee's envelopes; one in breach of openapi.yaml would fail the test at its end.
func TestClaimEventsComeInEachEnvelope(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	for _, envelope := range outbox.Envelopes() {
		receiver := mocktest.NewReceiver(t, nil)
		c := mock.NewClinic(t, clinic.Settings{AccountCode: "e" + envelope[:1],
			Webhook: clinic.Webhook{URL: receiver.URL, Envelope: envelope}})
		id, token := eligiblePatient(t, c, "pat", "12100002")
		post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)).at(t, "data", "claim_id")
		c.Advance(t, time.Hour)
		if n := len(receiver.Received()); n != 4 {
			t.Errorf("in envelope %s the webhook got %d events", envelope, n)
		}
	}
}

// A clinic subscribed to checks alone gets no event of a claim.
func TestAClinicGetsClaimEventsByDefault(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := startRetrying(t).NewClinic(t, clinic.Settings{
		AccountCode: "checks", Webhook: clinic.Webhook{URL: receiver.URL, Events: []string{clinic.EligibilityChecked}},
	})
	id, token := eligiblePatient(t, c, "pat", "12100002")
	post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)).at(t, "data", "claim_id")
	c.Advance(t, time.Hour)
	if n := len(receiver.Received()); n != 1 {
		t.Errorf("the webhook got %d events, and was to get that of the check", n)
	}
}

// A scenario's claim_webhook is about the events of its claims, and its webhook about the events of its checks.
func TestAScenarioCanFailTheEventsOfItsClaims(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		want []string // the types of the events, with the statuses of claims
	}{
		"neither": {"claim: denied", []string{"check", "acknowledged", "accepted", "denied"}},
		"of the claim": {"claim: denied\nclaim_webhook: {duplicate: 2}",
			[]string{"check", "acknowledged", "acknowledged", "accepted", "accepted", "denied", "denied"}},
		"of the check": {"claim: denied\nwebhook: {duplicate: 2}",
			[]string{"check", "check", "acknowledged", "accepted", "denied"}},
		"of both": {"claim: denied\nwebhook: {drop: true}\nclaim_webhook: {burst: 2}",
			[]string{"acknowledged", "acknowledged", "accepted", "accepted", "denied", "denied"}},
		"no claim's sent": {"claim: denied\nclaim_webhook: {drop: true}", []string{"check"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario, err := scenarios.Load("story.yaml",
				[]byte("title: Story\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n"+tc.text+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			receiver := mocktest.NewReceiver(t, nil)
			mock := startRetrying(t, func(o *mockserver.Options) { o.Scenarios = scenarios.Set{scenario} })
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "events", Webhook: clinic.Webhook{URL: receiver.URL}})
			id, token := eligiblePatient(t, c, "pat", "1")
			post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)).at(t, "data", "claim_id")
			c.Advance(t, time.Hour)
			var got []string
			for _, event := range receiver.Received() {
				var received struct {
					Data struct{ Status string }
				}
				if err := json.Unmarshal(event.Body, &received); err != nil {
					t.Fatal(err)
				}
				kind := received.Data.Status
				if kind == "" {
					kind = "check"
				}
				got = append(got, kind)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// Without a scenario, the outcome of a claim follows from the subscriber number.
func TestNumbersDecideClaims(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "numbers", "")
	for number, want := range map[string]struct {
		status  string
		reasons []string
	}{
		"12000097": {"denied", []string{"CO-97"}},
		"12100001": {"partly_paid", []string{"PR-1"}},
		"12200021": {"rejected", []string{"A3:21"}},
		"12000151": {"denied", []string{"CO-151"}}, // the codes of this and the next two have no text here
		"12100151": {"partly_paid", []string{"PR-151"}},
		"12200500": {"rejected", []string{"A3:500"}},
		"12300000": {"accepted", nil},
		"12009999": {"paid", nil},
		"11000022": {"paid", nil},
	} {
		id, token := eligiblePatient(t, c, number, number)
		post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)).at(t, "data", "claim_id")
		receipt := c.Advance(t, time.Hour)
		last := receipt.Claims[len(receipt.Claims)-1]
		if last.Status != want.status || !cmp.Equal(want.reasons, last.Reasons) {
			t.Errorf("%s: %s %v, want %s %v", number, last.Status, last.Reasons, want.status, want.reasons)
		}
	}
}

// A claim rejected by the clearinghouse never reaches the insurer, so it may be sent again; any other may not.
func TestARejectedClaimMayBeSentAgain(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "again", "")
	id, token := eligiblePatient(t, c, "pat", "12200033")
	send := func() reply { return post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)) }
	send().at(t, "data", "claim_id")
	send().message(t, 400)
	c.Advance(t, time.Hour)
	send().at(t, "data", "claim_id")
}

// The claims settings can be changed. At first they equal VSee's published ones.
func TestTheClaimsSettingsAreTheClinics(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "settings", "")
	id, token := eligiblePatient(t, c, "pat", "123")
	var before struct {
		Claims struct {
			Procedures map[string]map[string]string `json:"procedure_codes"`
		}
	}
	c.Control(t, http.MethodGet, "", nil, &before)
	if diff := cmp.Diff(map[string]string{"id": "pcode35602", "units": "1.0", "tos": "01", "pos": "11", "fee": "28"},
		before.Claims.Procedures["99211"]); diff != "" {
		t.Errorf("99211 (-want +got):\n%s", diff)
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"claims": map[string]any{
		"procedure_codes": map[string]any{"90000": map[string]any{"id": "p", "units": "3.0", "tos": "01", "pos": "22",
			"fee": "9.99"}},
		"facility_code": map[string]string{"NEW": "fac1"}, "diagnosis_codes": map[string]string{"A00.0": "d"},
		"relationship": map[string]any{
			"self":   map[string]string{"standardrelationship": "9", "hipaarelationship": "99"},
			"child":  map[string]string{"standardrelationship": "3", "hipaarelationship": "19"},
			"spouse": map[string]string{"standardrelationship": "2", "hipaarelationship": "01"},
			"other":  map[string]string{"standardrelationship": "4", "hipaarelationship": "G8"},
		},
	}}, nil)
	claim := post(t, c.BaseURL+"/insurance/claims",
		claimBody(id, "facility_code", "NEW", "diagnoses", []any{"A00-0"}, "lines", claimLine("procedure_code", "90000")),
		byToken(token)).at(t, "data", "claim_id").(string)
	got := get(t, c.BaseURL+"/insurance/claims/"+claim, byToken(token))
	if billed := got.at(t, "data", "billed_cents"); billed != 2997.0 {
		t.Errorf("three units are billed %v", billed)
	}
	if relation := got.at(t, "data", "relationship", "hipaarelationship"); relation != "99" {
		t.Errorf("the relationship is %v", relation)
	}
}

// A claim can come as a form with its lists as JSON, and with a scenario named in the request.
func TestAClaimCanBeAFormAndGoByANamedScenario(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "form", "")
	id, token := eligiblePatient(t, c, "pat", "123")
	for day, encode := range map[string]func(fields) body{"2022-04-01": multipartBody, "2022-04-02": formBody} {
		r := post(t, c.BaseURL+"/insurance/claims", encode(fields{
			{"member_id", id}, {"carrier_code", "car7556"}, {"encounter_date", day}, {"facility_code", "3"},
			{"diagnoses", `["r50-9"]`}, {"lines", `[{"procedure_code": 99211, "fee": "12.5", "diagnosis_pointers": [1]}]`},
			{"total", "12.50"},
		}), byToken(token), with("X-Mock-Scenario", "claim-denied"))
		r.at(t, "data", "claim_id")
	}
	receipt := c.Advance(t, time.Hour)
	for _, last := range receipt.Claims[len(receipt.Claims)-2:] {
		if last.Status != "denied" || last.Scenario != "claim-denied" {
			t.Errorf("a claim is %+v", last)
		}
	}
	if billed := get(t, c.BaseURL+"/insurance/claims", byToken(token)).at(t, "data",
		"claims").([]any)[0].(map[string]any)["billed_cents"]; billed != 1250.0 {
		t.Errorf("12.50 are billed as %v", billed)
	}
}

// The list of a member's claims comes in pages, like the list of users, the newest first.
func TestAMembersClaimsComeInPages(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "pages", "")
	id, token := eligiblePatient(t, c, "pat", "123")
	var all []string
	for day := 1; day <= 25; day++ {
		claim := claimBody(id, "encounter_date", fmt.Sprintf("2022-03-%02d", day))
		all = append(all, post(t, c.BaseURL+"/insurance/claims", claim, byToken(token)).at(t, "data", "claim_id").(string))
	}
	slices.Reverse(all)
	for query, want := range map[string][]string{
		"":                             all[:20],
		"?start=20":                    all[20:],
		"?start=24&limit=100":          all[24:],
		"?start=25":                    {},
		"?start=1000000000&limit=1":    {},
		"?limit=100":                   all,
		"?limit=3&start=1":             all[1:4],
		"?limit=1&member_id=" + id:     all[:1],
		"?limit=1&start=1&member_id=-": all[1:2],
	} {
		r := get(t, c.BaseURL+"/insurance/claims"+query, byToken(token))
		got := []string{}
		for _, claim := range r.at(t, "data", "claims").([]any) {
			got = append(got, claim.(map[string]any)["claim_id"].(string))
		}
		if diff := cmp.Diff(want, got); diff != "" || r.at(t, "total_count") != 25.0 {
			t.Errorf("%s of %v (-want +got):\n%s", query, r.at(t, "total_count"), diff)
		}
	}
	for query, want := range map[string]string{
		"limit=0":              "limit must be a whole number from 1 to 100",
		"limit=101":            "limit must be a whole number from 1 to 100",
		"limit=":               "limit must be a whole number from 1 to 100",
		"start=-1":             "start must be a whole number from 0 to 1000000000",
		"start=x":              "start must be a whole number from 0 to 1000000000",
		"limit=1&limit=2":      "limit is sent more than once",
		"start=%zz":            "the query is not well encoded: write % as %25 and ; as %3B",
		"member_id=":           "member_id must be the id of a user",
		"member_id":            "member_id must be the id of a user",
		"memberid=1":           "memberid is not a parameter of this request (did you mean member_id?)",
		"start=10000000000000": "start must be a whole number from 0 to 1000000000",
	} {
		if got := get(t, c.BaseURL+"/insurance/claims?"+query, byToken(token)).message(t, 400); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
}

// Units and pointers are whole numbers, however they are written: VSee's claims settings have units of "1.0".
func TestAClaimsNumbersAreWholeHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "whole", "")
	id, token := eligiblePatient(t, c, "pat", "123")
	for i, number := range []string{`2`, `2.0`, `2e0`, `20e-1`, `"2"`, `"2.0"`, `"2.00"`} {
		date := fmt.Sprintf("2022-03-%02d", i+1)
		sent := claimBody(id, "encounter_date", date, "lines",
			claimLine("units", json.RawMessage(number), "diagnosis_pointers", []any{json.RawMessage(number)}))
		claim := post(t, c.BaseURL+"/insurance/claims", sent, byToken(token)).at(t, "data", "claim_id").(string)
		got := get(t, c.BaseURL+"/insurance/claims/"+claim, byToken(token)).at(t, "data", "lines").([]any)[0].(map[string]any)
		if got["units"] != 2.0 || !cmp.Equal(got["diagnosis_pointers"], []any{2.0}) || got["billed_cents"] != 5600.0 {
			t.Errorf("%s is read as %v", number, got)
		}
	}
}
