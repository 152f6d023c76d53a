package mockserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func TestBadInputOfVisitsIsRefused(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	_, other := patient(t, c.Clinic, "olaf", "9")
	own, foreign := newIntake(t, c.Clinic, c.patient), newIntake(t, c.Clinic, other)
	waiting := walkIn(t, c.Clinic, c.patient)
	theirs := walkIn(t, c.Clinic, other)
	bare, _ := post(t, c.BaseURL+"/intakes", jsonBody(`{}`), byToken(c.AdminToken)).at(t, "data", "id").(string)
	admin := c.AdminToken
	for _, tc := range []struct {
		token, path, body string
		status            int
		message           string
	}{
		{c.patient, "/intakes", `{"type": 3}`, 400, "type must be 1 (a walk-in) or 2 (scheduled)"},
		{c.patient, "/intakes", `{"room_code": "nowhere"}`, 400, "room_code is not the code of a room"},
		{c.patient, "/intakes", `{"provider_id": "1"}`, 400, "GET /rooms/{code}/providers lists those of a room"},
		{c.patient, "/intakes", `{"provider_id": "` + c.patientID + `"}`, 400, "provider_id is not the id of a provider"},
		{c.patient, "/intakes", `{"attachments": ["x"]}`, 400, "attachments must be ids of files"},
		{c.patient, "/intakes", `{"attachments": 7}`, 400, "attachments must be a list of ids of files"},
		{c.patient, "/intakes", `{"consultation": {"id": "x"}}`, 400, "consultation.id is not the id of a consultation"},
		{c.patient, "/intakes", `{"consultation": {"duration": 15}}`, 400, "consultation.id is required"},
		{c.patient, "/intakes", `{"member_id": "olaf"}`, 403, "member_id names another patient"},
		{admin, "/intakes", `{"member_id": "nobody"}`, 400, "member_id is not a patient"},
		{admin, "/intakes", `{"member_id": "` + c.providerID + `"}`, 400, "member_id is not a patient"},
		{"", "/intakes", `{}`, 401, "X-ApiToken is required"},
		{c.patient, "/intakes/" + foreign, `{}`, 403, "the intake is another user's"},
		{c.patient, "/intakes/nothing", `{}`, 404, "no intake with this id"},
		{c.patient, "/visits/add_walkin", `{}`, 400, "intake_id is required"},
		{c.patient, "/visits/add_walkin", `{"intake_id": "x"}`, 404, "intake_id is not the id of an intake"},
		{c.patient, "/visits/add_walkin", `{"intake_id": "` + foreign + `"}`, 403, "intake_id is another patient's intake"},
		{c.patient, "/visits/add_walkin", `{"intake_id": "` + own + `", "room_code": "x"}`, 400, "room_code is not the code"},
		{c.patient, "/visits/add_walkin", `{"intake_id": "` + own + `", "user_code": "olaf"}`, 403,
			"user_code names another"},
		{c.patient, "/visits/add_walkin", `{"visit_id": "x"}`, 404, "visit_id is not the id of a visit"},
		{c.patient, "/visits/add_walkin", `{"visit_id": "` + waiting + `"}`, 400, "visit_id is no appointment"},
		{c.patient, "/visits/add_walkin", `{"visit_id": "` + theirs + `"}`, 403, "the visit is another user's"},
		{admin, "/visits/add_walkin", `{"intake_id": "` + bare + `", "room_code": "vclinicroom"}`, 400,
			"there is no patient"},
		{admin, "/visits/add_walkin", `{"intake_id": "` + own + `", "user_code": "olaf"}`, 400, "intake of another patient"},
		{c.patient, "/visits/add_econsult", `{"intake_id": "` + own + `"}`, 400, "room_code is required"},
		{c.patient, "/visits", `{"intake_id": "` + own + `"}`, 400, "slot_end is required; slot_start is required"},
		{c.patient, "/visits", `{"intake_id": "` + own + `", "slot_start": 20, "slot_end": 20}`, 400,
			"slot_end must be after"},
		{c.patient, "/visits", `{"intake_id": "` + own + `", "slot_start": "soon", "slot_end": 20}`, 400,
			"slot_start must be Unix"},
		{c.patient, "/visits", `{"intake_id": "` + own + `", "slot_start": 10, "slot_end": 20, "type": 1}`, 400,
			"type must be 2"},
		{c.patient, "/visits", `{"intake_id": "` + own + `", "slot_start": 10, "slot_end": 20, "member_id": "olaf"}`, 403,
			"member_id"},
		{c.patient, "/visits", `{"intake_id": "` + own + `", "intakeId": "x", "slot_start": 1, "slot_end": 2}`, 400,
			"intakeId"},
		{c.patient, "/visits/close", `{}`, 400, "id is required"},
		{c.patient, "/visits/close", `{"id": "` + waiting + `", "reason": "bored"}`, 400, "reason must be patient_end_call"},
		{c.patient, "/visits/close", `{"id": "` + waiting + `", "status": 31}`, 400, "status must be 10"},
		{c.patient, "/visits/close", `{"id": "` + theirs + `"}`, 403, "the visit is another user's"},
		{c.patient, "/visits/close", `{"visit_id": "` + waiting + `"}`, 400, "id is required: send id in place of visit_id"},
		{c.patient, "/visits/delete", `{"visitId": "` + waiting + `"}`, 400, "id is required: send id in place of visitId"},
		{c.patient, "/visits/inprogress", `{"member_id": "` + c.patientID + `"}`, 400, "id is required"},
		{c.patient, "/visits/inprogres", `{"id": "` + waiting + `"}`, 404, "no visit with this id; POST takes a word in " +
			"its place in /visits/add_econsult, /visits/add_walkin, /visits/close, /visits/delete, /visits/inprogress " +
			"(did you mean /visits/inprogress?)"},
		{c.patient, "/visits/xyz", `{}`, 404, "/visits/inprogress"},
		{c.patient, "/visits/1", `{}`, 404, "no visit with this id"},
		{c.patient, "/visits/delete", `{"id": "1"}`, 404, "no visit with this id"},
		{c.patient, "/visits/inprogress", `{"id": "` + theirs + `"}`, 403, "the visit is another user's"},
		{c.patient, "/visits/inprogress", `{"id": "` + waiting + `", "actual_start": -1}`, 400,
			"actual_start must be Unix seconds"},
		{c.patient, "/visits/" + waiting, `{"slot_start": 20, "slot_end": 10}`, 400, "slot_end must be after slot_start"},
		{c.patient, "/visits/" + waiting + "?version=1", `{}`, 400, "version must be 2"},
		{c.patient, "/rooms", `{"domain": "a", "name": "b"}`, 403, "this needs the clinic's admin token"},
		{admin, "/rooms", `{"name": "b"}`, 400, "domain is required"},
		{admin, "/rooms", `{"domain": "a", "name": "b", "code": "vclinicroom"}`, 400, "code is the code of another room"},
		{admin, "/rooms", `{"domain": "vclinic.vsee.me", "name": "b", "slug": "clinic"}`, 400,
			"In domain 'vclinic.vsee.me' slug 'clinic' already exists."},
		{c.patient, "/users/" + c.providerID + "/rooms", `{"room_code": "vclinicroom"}`, 403,
			"this needs the clinic's admin token"},
		{admin, "/users/" + c.patientID + "/rooms", `{"room_code": "vclinicroom"}`, 400, "the user is no provider"},
		{admin, "/users/" + c.providerID + "/rooms", `{"room_code": "x"}`, 400, "room_code is not the code of a room"},
		{admin, "/users/" + c.providerID + "/rooms", `{"room_id": "1"}`, 400, "room_id is not the id of a room"},
		{admin, "/users/" + c.providerID + "/rooms", `{}`, 400, "room_code is required, or room_id"},
		{admin, "/users/" + c.providerID + "/rooms", `{"code": "vclinicroom"}`, 400, "room_code is required, or room_id"},
		{admin, "/users/1/rooms", `{"room_code": "vclinicroom"}`, 404, "no user with this id"},
		{"", "/availability", `{"room_code": "vclinicroom"}`, 401, "X-AccountCode is required"},
	} {
		options := byToken(tc.token)
		got := post(t, c.BaseURL+tc.path, jsonBody(tc.body), options)
		if message, _ := got.json(t)["message"].(string); got.status != tc.status || !strings.Contains(message, tc.message) {
			t.Errorf("%s %s: %d %s, want %d %s", tc.path, tc.body, got.status, got.body, tc.status, tc.message)
		}
	}
	for id, token := range map[string]string{waiting: c.patient, theirs: other} {
		if status := statusOf(t, c.Clinic, token, id); status != 10 {
			t.Errorf("after the refusals a visit has the status %v", status)
		}
	}
}

// VSee may accept these requests, so they are carried out.
func TestUnlikelyValuesOfVisitsGetAWarning(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	now := c.Advance(t, 0).To.Unix()
	const day = 24 * 60 * 60
	past, long := "slot_start is in the past, by the clinic's clock", "slot_end is more than a day after slot_start"
	moved := bookFor(t, c.Clinic, c.patient, c.providerID)
	move := func(f fields) reply { return post(t, c.BaseURL+"/visits/"+moved, formBody(f), byToken(c.patient)) }
	closed := func(token, status string) reply {
		id, _ := book(t, c.Clinic, c.patient, now+day, now+day+900).at(t, "data", "id").(string)
		return step(t, c.Clinic, token, "close", id, "status", status)
	}
	for name, tc := range map[string]struct {
		got  reply
		want []string
	}{
		"a day":             {book(t, c.Clinic, c.patient, now+9, now+9+day), nil},
		"the past":          {book(t, c.Clinic, c.patient, now-day, now+1), []string{past, long}},
		"a short past":      {book(t, c.Clinic, c.patient, now-900, now), []string{past}},
		"long":              {book(t, c.Clinic, c.patient, now+9, now+10+day), []string{long}},
		"moved to the past": {move(fields{{"slot_start", fmt.Sprint(now - 900)}}), []string{past}},
		"not moved":         {move(fields{{"provider_id", "0"}}), nil},
		"closed as 40": {closed(c.AdminToken, "40"),
			[]string{"status is ignored: only 30, sent by a provider or an admin, has an effect"}},
		"closed as 30": {closed(c.AdminToken, "30"), nil},
		"closed as 30 by the patient": {closed(c.patient, "30"),
			[]string{"status is ignored: it has an effect only when a provider or an admin sends it"}},
	} {
		if diff := cmp.Diff(tc.want, warnings(tc.got)); tc.got.status != 200 || diff != "" {
			t.Errorf("%s: %d, warnings (-want +got):\n%s", name, tc.got.status, diff)
		}
	}
}

// Two clinics share nothing: what one has does not exist in the other, for its admin as well.
func TestClinicsCannotSeeEachOthersVisits(t *testing.T) {
	t.Parallel()
	mock, _ := freshClinic(t)
	neighbour := mock.NewClinic(t, clinic.Settings{AccountCode: "neighbour", FirstVisitID: 7_000_000})
	one := mock.Clinic(t, "vclinic")
	_, token := patient(t, one, "nora", "123")
	intake, visit := newIntake(t, one, token), walkIn(t, one, token)
	made := post(t, one.BaseURL+"/rooms", jsonBody(`{"domain": "d", "name": "n", "code": "secret"}`),
		byToken(one.AdminToken))
	if made.status != 200 {
		t.Fatalf("%s", made.body)
	}
	providerID, _ := newProvider(t, one, "paul")
	admin, account := byToken(neighbour.AdminToken), with("X-AccountCode", "neighbour")
	for name, got := range map[string]reply{
		"getIntake":    get(t, neighbour.BaseURL+"/intakes/"+intake, admin),
		"updateIntake": post(t, neighbour.BaseURL+"/intakes/"+intake, jsonBody(`{"phone": "1"}`), admin),
		"addWalkIn":    post(t, neighbour.BaseURL+"/visits/add_walkin", jsonBody(`{"intake_id": "`+intake+`"}`), admin),
		"addEConsult": post(t, neighbour.BaseURL+"/visits/add_econsult",
			jsonBody(`{"intake_id": "`+intake+`", "room_code": "vclinicroom"}`), admin),
		"addVisit": post(t, neighbour.BaseURL+"/visits",
			jsonBody(`{"intake_id": "`+intake+`", "slot_start": 1, "slot_end": 2}`), admin),
		"getVisit":          get(t, neighbour.BaseURL+"/visits/"+visit, admin),
		"updateVisit":       post(t, neighbour.BaseURL+"/visits/"+visit, jsonBody(`{}`), admin),
		"getVisitSummary":   get(t, neighbour.BaseURL+"/visits/"+visit+"/exports/visit_summary", admin),
		"startVisit":        step(t, neighbour, neighbour.AdminToken, "inprogress", visit),
		"closeVisit":        step(t, neighbour, neighbour.AdminToken, "close", visit),
		"deleteVisit":       step(t, neighbour, neighbour.AdminToken, "delete", visit),
		"getRoom":           get(t, neighbour.BaseURL+"/rooms/secret", account),
		"listRoomProviders": get(t, neighbour.BaseURL+"/rooms/secret/providers", account),
		"getRoomProvider":   get(t, neighbour.BaseURL+"/rooms/vclinicroom/providers/"+providerID, account),
		"assignRooms": post(t, neighbour.BaseURL+"/users/"+providerID+"/rooms",
			jsonBody(`{"room_code": "vclinicroom"}`), admin),
	} {
		if got.status != 404 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	for name, got := range map[string]reply{
		"listVisits": get(t, neighbour.BaseURL+"/visits", admin),
		"current":    get(t, neighbour.BaseURL+"/visits/current", admin),
	} {
		if strings.Contains(string(got.body), visit) || got.status != 200 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := get(t, neighbour.BaseURL+"/rooms", account); strings.Contains(string(got.body), "secret") {
		t.Errorf("listRooms: %s", got.body)
	}
	for name, got := range map[string]reply{
		"a token of the other clinic": get(t, neighbour.BaseURL+"/visits", byToken(token), account),
		"no token":                    get(t, neighbour.BaseURL+"/visits", account),
		"an unknown token":            get(t, neighbour.BaseURL+"/visits", byToken("unknown")),
		"the key in X-ApiToken":       get(t, neighbour.BaseURL+"/visits", byToken(neighbour.Key)),
	} {
		if got.status != 401 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if status := statusOf(t, one, token, visit); status != 10 {
		t.Errorf("the visit has the status %v", status)
	}
}

func TestEachTokenSeesItsVisits(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	_, otherPatient := patient(t, c.Clinic, "olaf", "9")
	_, colleague := newProvider(t, c.Clinic, "quinn")
	outside := signOn(t, c.Clinic, fields{{"first_name", "Out"}, {"last_name", "Side"}, {"type", "400"}, {"code", "out"}})
	stranded, _ := outside.at(t, "data", "token", "token").(string)
	free := walkIn(t, c.Clinic, c.patient)
	taken, _ := book(t, c.Clinic, c.patient, 1893499200, 1893500100, "provider_id", c.providerID).at(t, "data",
		"id").(string)
	for name, tc := range map[string]struct {
		token string
		want  map[string]int // visit → status of the reply
		total float64
	}{
		"the patient":                  {c.patient, map[string]int{free: 200, taken: 200}, 2},
		"another patient":              {otherPatient, map[string]int{free: 403, taken: 403}, 0},
		"the provider":                 {c.provider, map[string]int{free: 200, taken: 200}, 2},
		"another provider of the room": {colleague, map[string]int{free: 200, taken: 403}, 1},
		"a provider outside the room":  {stranded, map[string]int{free: 403, taken: 403}, 0},
		"the admin":                    {c.AdminToken, map[string]int{free: 200, taken: 200}, 2},
	} {
		for id, want := range tc.want {
			if got := get(t, c.BaseURL+"/visits/"+id, byToken(tc.token)); got.status != want {
				t.Errorf("%s: visit %s is %d", name, id, got.status)
			}
		}
		if got := get(t, c.BaseURL+"/visits", byToken(tc.token)); got.at(t, "total_count") != tc.total {
			t.Errorf("%s lists %v visits", name, got.at(t, "total_count"))
		}
	}
}
