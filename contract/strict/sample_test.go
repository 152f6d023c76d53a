package strict_test

import (
	"net/http"
	"strings"
	"testing"
)

// guideUser is the user of the guide's step 3, without its last brace. Step 2 is the same with a token.
const guideUser = `{"data": {"id": "132407", "code": "edward+001.vclinic@vseelab.com",
"first_name": "Edward", "last_name": "VSee", "full_name": "Edward VSee",
"username": "edward+001.vclinic@vseelab.com", "vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f",
"dob": "1986-01-01", "email": "edward+001.vclinic@vseelab.com", "gender": 1, "active": true, "tos": false,
"status": 20, "subtype": "", "street_addr": "2868 Tully Street", "state": "Detroit", "city": "MI", "zip": "48226",
"timezone": "America/Los_Angeles", "email_verified": true, "account_code": "vclinic", "clinics": ["vclinic"],
"created": 1649934637`

const (
	guideToken = `, "token": {"user_id": "132407", "token": "0123456789abcdef0123456789abcdef",
"expiry": 1650021037, "created": 1649934637, "user_type": "200",
"refresh_token": {"user_id": "132407", "token": "fedcba9876543210fedcba9876543210",
"expiry": 1652526637, "created": 1649934637}}`
	guideInsurance = `, "insurance": {
"primary": {"carrier_code": "car7556", "subscriber_num": "234234", "insurance_order": 1},
"secondary": {"carrier_code": "car11406", "group_number": "asdasd", "subscriber_num": "aaaaa", "insurance_order": 2},
"patient": {"respparty": "self"}}`
	ends = `}}`
)

// The checker is wrong if it refuses a sample printed by VSee itself, or a real answer of its servers.
func TestVSeesOwnSamplesHaveNoFindings(t *testing.T) {
	t.Parallel()
	c := checker()
	with := func(of, by string) string {
		if !strings.Contains(guideUser, of) {
			t.Fatalf("the sample has no %s", of)
		}
		return strings.Replace(guideUser, of, by, 1)
	}
	vseeID := func(id string) string { return with("ccpreview+6258012d656449b8b5e73ad964457b1f", id) }
	const room = `{"code": "b4vjj", "slug": "uat2", "name": "UAT", "domain": "vclinic.vsee.me",
"account_code": "vclinic", "id": "10023087", "logo_url": ""}`
	const few = `{"data": {"id": "509", "code": "", "first_name": "Paul", "last_name": "Mercer",
"full_name": "Paul Mercer",
"username": "provider-509", "vseeid": "wellikodev+user509"`
	for name, sample := range map[string]struct{ operation, body string }{
		"step 2 of the guide": {"signOn", guideUser + guideToken + ends},
		"step 3 of the guide": {"updateMe", guideUser + guideInsurance + ends},
		"a user by the id": {"getUser", guideUser + guideInsurance +
			`, "signup_step": 99, "extra": {"th_id": "7"}` + ends},
		"a prefix and 32 hex digits": {"getMe", vseeID("cmo+6050d2a4b1c8456c8c16564457b11ab3") + ends},
		"a prefix, user and an id":   {"getMe", vseeID("cmo+user27769243") + ends},
		"another prefix":             {"getMe", vseeID("evisitdev+user401") + ends},
		"an e-mail address":          {"getMe", vseeID("mercer@example.com") + ends},
		"a user of the API":          {"getMe", vseeID("5f9c1a2b3c4d4e5f8a9b0c1d2e3f4a5b@vsee.com") + ends},
		"a provider with rooms":      {"signOn", guideUser + guideToken + `, "rooms": [` + room + `]` + ends},
		"a provider without a room":  {"signOn", guideUser + guideToken + `, "rooms": []` + ends},
		"a provider with an empty last name": {"signOn", with(`"last_name": "VSee"`, `"last_name": ""`) + guideToken +
			ends},
		"a preference, whatever it is": {"signOn", guideUser + guideToken + `, "preference": {"any": ["thing"]}` +
			ends},
		"a preference that is null":             {"signOn", guideUser + guideToken + `, "preference": null` + ends},
		"a user of a form with four genders":    {"getMe", with(`"gender": 1`, `"gender": 4`) + ends},
		"a user with no more than who they are": {"getUser", few + ends},
		"the same at a sign-on":                 {"signOn", few + guideToken + ends},
		"a user without an e-mail address": {"getUser",
			with(`"email": "edward+001.vclinic@vseelab.com"`, `"email": ""`) + ends},
	} {
		if found := c.Reply(sample.operation, http.StatusOK, http.Header{"Content-Type": {"application/json"}},
			[]byte(sample.body)); found != nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
	for _, id := range []string{"6258012d656449b8b5e73ad964457b1f", "ccpreview+", "+user1", "ccpreview+user",
		"ccpreview+6258012d", "a b@example.com", "@", ""} {
		found := c.Reply("getMe", http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(vseeID(id)+ends))
		if len(found) != 1 || found[0].Pointer != "/data/vseeid" {
			t.Errorf("vseeid %q: %+v", id, found)
		}
	}
}
