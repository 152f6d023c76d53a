package mockserver_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The guide's steps 1 to 5, with its own curl lines but for host, credentials and ids. The replies are its own too,
// but for tokens, keys VSee's samples leave out, and ids with the time in them.
func TestTheGuideAnswersAsPrinted(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock := startRetrying(t, func(o *mockserver.Options) {
		vclinic := mockserver.DefaultClinic()
		vclinic.Clock = clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true}
		vclinic.Webhook.URL = receiver.URL
		o.Clinics = []clinic.Settings{vclinic}
	})
	base := mock.URL + "/vc/dev/api_v3"

	insurers := get(t, base+"/insurances/", with("X-ApiToken", "vclinic_api_token"))
	var listed struct {
		Data struct{ Insurers []map[string]string }
	}
	insurers.into(t, &listed)
	want := []map[string]string{
		{"id": "car7551", "name": "AETNA"},
		{"id": "car7414", "name": "AETNA BETTER HEALTH OF ILLINOIS"},
		{"id": "car11406", "name": "ANTHEM BLUE SHIELD"},
		{"id": "car7147", "name": "CIGNA HEALTH CARE"},
		{"id": "car7580", "name": "MONTGOMERY HEALTH INSURANCE"},
		{"id": "car7556", "name": "HEALTH CHOICE ARIZONA"},
	}
	if diff := cmp.Diff(want, listed.Data.Insurers[:len(want)]); diff != "" {
		t.Errorf("step 1 (-guide +mock):\n%s", diff)
	}

	signedOn := post(t, base+"/users/sso", multipartBody(edward),
		with("X-AccountCode", "vclinic"), with("X-ApiKey", "vclinic_api_key"),
		with("X-ApiSecret", "vclinic_api_secret"), with("X-ApiToken", "vclinic_api_token"))
	token := signedOn.at(t, "data", "token", "token").(string)
	diffJSON(t, "step 2", guideSSO, signedOn, "vseeid", "token")

	updated := post(t, base+"/me.json", multipartBody(fields{
		{"insurance.primary_carrier_code", "car7556"},
		{"insurance.respparty", "self"},
		{"insurance.primary_subscriber_num", "234234"},
		{"insurance.primary_group_number", "test 3"},
		{"insurance.secondary_carrier_code", "car11406"},
		{"insurance.secondary_group_number", "asdasd"},
		{"insurance.secondary_subscriber_num", "aaaaa"},
	}), with("X-ApiToken", token))
	diffJSON(t, "step 3", guideMe, updated, "vseeid")

	started := post(t, base+"/users/132407/car7556/eligibility", noBody,
		with("X-AccountCode", "vclinic"), with("X-ApiToken", token))
	diffJSON(t, "step 4", `{"data": {"eligibility_id": "2505465", "carrier_code": "car7556"}}`, started)

	me := get(t, base+"/me", with("X-ApiToken", token))
	if _, there := me.json(t)["data"].(map[string]any)["user_data"]; there {
		t.Error("user_data is there before the cron job has run")
	}
	mock.Clinic(t, "vclinic").Advance(t, 10*time.Second)

	me = get(t, base+"/users/132407", with("X-ApiToken", token))
	if got := me.at(t, "data", "user_data", "primary", "eligibility_response"); got != "Success" {
		t.Errorf("eligibility_response = %v, want Success", got)
	}
	events := receiver.Received()
	if len(events) != 1 {
		t.Fatalf("step 5: the receiver got %d events, want 1", len(events))
	}
	verify(t, events[0], mock.Clinic(t, "vclinic").Webhook.Secret)
	const guideEvent = `{"id": "…", "type": "eligibility.checked", "created": 1649934647, "account_code": "vclinic",
		"data": {"eligibility_id": "2505465", "member_id": "132407", "eligibility_response": "Success",
			"external_member_id": "5991794"}}`
	diffJSON(t, "step 5", guideEvent, reply{body: events[0].Body}, "id")
}

// The order of the keys is VSee's: people read it, and some clients compare text.
func TestKeysComeInTheOrderOfVSeesSamples(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "order"})
	got := signOn(t, c, edward)
	d := json.NewDecoder(newReader(got.body))
	var keys []string
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth == 2 {
				keys = append(keys, token)
				if token != "clinics" && token != "token" {
					_, _ = d.Token()
				}
			}
		}
	}
	want := []string{
		"id", "code", "first_name", "last_name", "full_name", "username", "vseeid", "dob", "email", "gender", "active", "tos",
		"status", "subtype", "street_addr", "state", "city", "zip", "timezone", "email_verified", "account_code", "clinics",
		"created", "token",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-VSee +mock):\n%s", diff)
	}
}

const guideUser = `"id": "132407", "code": "edward+001.vclinic@vseelab.com", "first_name": "Edward",
	"last_name": "VSee",
	"full_name": "Edward VSee", "username": "edward+001.vclinic@vseelab.com",
	"vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f", "dob": "1986-01-01",
	"email": "edward+001.vclinic@vseelab.com", "gender": 1, "active": true, "tos": false, "status": 20, "subtype": "",
	"street_addr": "2868 Tully Street", "state": "Detroit", "city": "MI", "zip": "48226",
	"timezone": "America/Los_Angeles", "email_verified": true, "account_code": "vclinic", "clinics": ["vclinic"],
	"created": 1649934637`

const guideSSO = `{"data": {` + guideUser + `, "token": {"user_id": "132407", "token": "xxxx", "expiry": 1650021037,
	"created": 1649934637, "user_type": "200", "refresh_token": {"user_id": "132407", "token": "xxxx",
	"expiry": 1652526637, "created": 1649934637}}}}`

// The guide's reply lacks the primary group number although its request has it; the mock returns it.
const guideMe = `{"data": {` + guideUser + `, "insurance": {
	"primary": {"carrier_code": "car7556", "group_number": "test 3", "subscriber_num": "234234", "insurance_order": 1},
	"secondary": {"carrier_code": "car11406", "group_number": "asdasd", "subscriber_num": "aaaaa", "insurance_order": 2},
	"patient": {"respparty": "self"}}}}`
