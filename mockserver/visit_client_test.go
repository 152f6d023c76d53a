package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The tests below send the calls about visits of public clients of VSee, byte for byte but for the data, which are made
// up. They read the same parts of the replies as these clients.

// formType is the content type of forms. Some clients send it with every request, a GET included.
var formType = body{"application/x-www-form-urlencoded", nil}

// patientBy authenticates like clients that send four headers, a patient's token among them.
func patientBy(c *mocktest.Clinic, token string) func(*http.Request) {
	return both(byKey(c), byToken(token))
}

// trackMyVisit is a row of the list as TrackMy reads it. It reads member.full_name without asking whether it is there.
type trackMyVisit struct {
	ID          string `json:"id"`
	MemberID    string `json:"member_id"`
	ProviderID  string `json:"provider_id"`
	AccountCode string `json:"account_code"`
	Code        string
	Start, End  string
	Status      string
	State       *string
	SpecialtyID *string `json:"specialty_id"`
	Type        string
	CompletedBy *string `json:"completed_by"`
	Member      struct {
		ID, Email string
		FullName  *string `json:"full_name"`
		FirstName string  `json:"first_name"`
		LastName  string  `json:"last_name"`
	}
	Provider *struct {
		ID, Subtype, Title, Suffix, Email string
		FullName                          string `json:"full_name"`
		FirstName                         string `json:"first_name"`
		LastName                          string `json:"last_name"`
	}
	Room    struct{ ID, Code, Name, Slug, Domain string }
	Payment struct{ Description string }
}

func TestTrackMyListsAndReadsVisits(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	booked := bookFor(t, c.Clinic, c.patient, c.providerID)
	walkIn(t, c.Clinic, c.patient)
	listed := send(t, http.MethodGet, c.BaseURL+"/visits.json", formType, byToken(c.patient))
	var list struct{ Data []trackMyVisit }
	listed.into(t, &list)
	if len(list.Data) != 2 {
		t.Fatalf("%s", listed.body)
	}
	for _, v := range list.Data {
		if v.ID == "" || v.Member.FullName == nil || *v.Member.FullName != "Pat Sample" || v.Room.Code != "vclinicroom" ||
			v.Room.Domain == "" || v.Payment.Description == "" || len(v.Start) != 10 || v.AccountCode != "vclinic" {
			t.Errorf("%+v", v)
		}
		if (v.Provider != nil) != (v.ID == booked) || v.Provider != nil && v.Provider.FullName != "Paul Mercer" {
			t.Errorf("provider: %+v", v)
		}
	}
	var one struct {
		Data struct {
			Status                 int
			Start, End             int64
			ActualStart, ActualEnd *int64
		}
	}
	send(t, http.MethodGet, c.BaseURL+"/visits/"+booked+".json", formType, byToken(c.patient)).into(t, &one)
	if one.Data.Status != 20 || one.Data.Start != 1893499200 || one.Data.End != 1893500100 || one.Data.ActualStart != nil {
		t.Errorf("%+v", one)
	}
}

// It sends the steps urlencoded, with four headers. A reply must be JSON without a code other than 200.
func TestTrackMyStartsClosesAndDeletesVisits(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	appointment := func() string { return bookFor(t, c.Clinic, c.patient, c.providerID) }
	closed, deleted := appointment(), appointment()
	for _, call := range []struct {
		path, form, token, id string
		status                float64
	}{
		{"inprogress", "id=" + closed + "&actual_start=1893499205", c.patient, closed, 25},
		{"close", "id=" + closed + "&status=30&actual_end=1893499999&completed_by=" + c.providerID + "&provider_id=" +
			c.providerID + "&member_id=" + c.patientID, c.provider, closed, 30},
		{"delete", "id=" + deleted, c.patient, deleted, 40},
	} {
		sent := body{formType.contentType, []byte(call.form)}
		got := post(t, c.BaseURL+"/visits/"+call.path, sent, patientBy(c.Clinic, call.token))
		if code := got.json(t)["code"]; code != nil {
			t.Errorf("%s: %s", call.path, got.body)
		}
		if status := statusOf(t, c.Clinic, c.patient, call.id); status != call.status {
			t.Errorf("after %s the visit has the status %v", call.path, status)
		}
	}
	got := get(t, c.BaseURL+"/visits/"+closed, byToken(c.patient))
	if got.at(t, "data", "actual_start") != 1893499205.0 || got.at(t, "data", "actual_end") != 1893499999.0 {
		t.Errorf("%s", got.body)
	}
}

// Rubymed sends the admin's token with all of its calls: the patient is the intake's, by the numeric id.
func TestRubymedMakesARoomAnIntakeAndAWalkIn(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	host := strings.TrimSuffix(c.BaseURL, "/api_v3")
	room := post(t, host+"/vc/next/api_v3/rooms", jsonBody(`{"domain":"vclinic.vsee.me",`+
		`"slug":"s-José Núñez-AB12C","name":"José Núñez"}`), byAll(c.Clinic))
	code, _ := room.at(t, "data", "code").(string)
	if room.status >= 400 || len(code) != 5 {
		t.Fatalf("%d %s", room.status, room.body)
	}
	made := post(t, host+"/vc/stable/api_v3/intakes", jsonBody(`{"provider_id":"`+c.providerID+`","type":1,`+
		`"room_code":"`+code+`","member_id":`+c.patientID+`}`), byAll(c.Clinic))
	intake, _ := made.at(t, "data", "id").(string)
	if made.status >= 400 || intake == "" {
		t.Fatalf("%d %s", made.status, made.body)
	}
	// By mistake it sends the names of the fields as values, under numbers.
	wrong := fields{
		{"0", "provider_id"}, {"0", c.providerID}, {"1", "intake_id"}, {"1", intake}, {"2", "room_code"}, {"2", code},
	}
	right := fields{{"provider_id", c.providerID}, {"intake_id", intake}, {"room_code", code}}
	admin := both(byToken(c.AdminToken), with("X-AccountCode", "vclinic"))
	if got := post(t, host+"/vc/next/api_v3/visits/add_walkin", multipartBody(wrong), admin); got.status != 400 {
		t.Errorf("%d %s", got.status, got.body)
	}
	got := post(t, host+"/vc/next/api_v3/visits/add_walkin", multipartBody(right), admin)
	if id, _ := got.at(t, "data", "meeting", "meeting_id").(string); !strings.HasSuffix(id, "__jitsi") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got.at(t, "data", "member_id") != c.patientID {
		t.Errorf("%s", got.body)
	}
}

func TestVSeeRoom2WalksIn(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	base := strings.TrimSuffix(c.BaseURL, "/api_v3") + "/vc/stable/api_v3"
	var rooms struct {
		Data []struct {
			Active     bool
			Code, Slug string
		}
	}
	get(t, base+"/rooms", byToken(c.AdminToken)).into(t, &rooms)
	if len(rooms.Data) != 1 || !rooms.Data[0].Active || rooms.Data[0].Code != "vclinicroom" {
		t.Fatalf("%+v", rooms)
	}
	const boundary = "----FormBoundary7MA4YWxkTrZu0gW"
	byHand := func(f fields) body {
		return body{"multipart/form-data; boundary=" + boundary,
			[]byte(strings.ReplaceAll(string(inBoundary(f, boundary)), "\n", "\r\n"))}
	}
	for version, form := range map[string]func(fields) body{
		"v1": func(f fields) body {
			object := map[string]any{}
			for _, field := range f {
				object[field[0]] = field[1]
			}
			if object["type"] == "1" {
				object["type"] = 1
			}
			return jsonBody(string(marshal(t, object)))
		},
		"v2": byHand,
	} {
		made := post(t, base+"/intakes", form(fields{
			{"type", "1"}, {"room_code", "vclinicroom"}, {"reason_for_visit", "Cough"},
		}), byToken(c.patient))
		intake, _ := made.at(t, "data", "id").(string)
		got := post(t, base+"/visits/add_walkin", form(fields{{"room_code", "vclinicroom"}, {"intake_id", intake}}),
			byToken(c.patient))
		id, _ := got.at(t, "data", "id").(string)
		if made.status/100 != 2 || got.status/100 != 2 || intake == "" || id == "" {
			t.Errorf("%s: %s %s", version, made.body, got.body)
		}
	}
}

// Qualibrite sends its API key in place of a token: 401, as VSee would answer.
func TestQualibriteSendsItsKeyAsAToken(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	wrong := both(byKey(c.Clinic), byToken(c.Key))
	right := both(byKey(c.Clinic), byToken(c.AdminToken))
	form := fields{
		{"provider_id", c.providerID}, {"reason_for_visit", "Skin"}, {"type", "2"}, {"room_code", "vclinicroom"},
		{"member_id", c.patientID},
	}
	if message := post(t, c.BaseURL+"/intakes", multipartBody(form), wrong).message(t, 401); message == "" {
		t.Error("the refusal has no message")
	}
	intake, _ := post(t, c.BaseURL+"/intakes", multipartBody(form), right).at(t, "data", "id").(string)
	booked := post(t, c.BaseURL+"/visits", multipartBody(fields{
		{"intake_id", intake}, {"slot_start", "1893499200"}, {"slot_end", "1893500100"}, {"type", "2"},
		{"room_code", "vclinicroom"}, {"provider_id", c.providerID},
	}), right)
	if id, _ := booked.at(t, "data", "id").(string); booked.status != 200 || id == "" {
		t.Errorf("%d %s", booked.status, booked.body)
	}
	walked := post(t, c.BaseURL+"/visits/add_walkin", multipartBody(fields{
		{"intake_id", intake}, {"room_code", "vclinicroom"},
	}), right)
	if id, _ := walked.at(t, "data", "id").(string); walked.status != 200 || id == "" {
		t.Errorf("%d %s", walked.status, walked.body)
	}
}

// meeting-api makes an empty intake with a token alone, and names patient and provider with the visit.
func TestMeetingAPIBooksForAPatient(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	made := post(t, c.BaseURL+"/intakes", formType, byToken(c.AdminToken))
	intake, _ := made.at(t, "data", "id").(string)
	if made.status != 200 || intake == "" {
		t.Fatalf("%d %s", made.status, made.body)
	}
	sent := marshal(t, map[string]any{
		"member_id": c.patientID, "provider_id": c.providerID, "room_code": "vclinicroom", "type": "2", "intake_id": intake,
		"slot_start": json.Number("1893499200"), "slot_end": json.Number("1893500100"),
	})
	booked := post(t, c.BaseURL+"/visits", jsonBody(string(sent)), byToken(c.AdminToken))
	if id, _ := booked.at(t, "data", "id").(string); booked.status != 200 || id == "" {
		t.Fatalf("%d %s", booked.status, booked.body)
	}
	creator, _ := booked.at(t, "data", "creator").(map[string]any)
	if name, has := creator["first_name"]; creator["type"] != 160.0 || !has || name != nil ||
		booked.at(t, "data", "member", "id") != c.patientID {
		t.Errorf("%s", booked.body)
	}
	if got := get(t, c.BaseURL+"/intakes/"+intake, byToken(c.patient)); got.status != 200 {
		t.Errorf("the intake is not the patient's: %d %s", got.status, got.body)
	}
}

// VSee's sample commands, as curl sends them: the header has two boundaries and the body the last of them, a form type
// has a boundary, and curl -d makes a GET a POST.
func TestVSeesSampleCommandsWork(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	addBlock(t, c.Clinic, c.providerID, "2030-01-01T12:00:00Z", "2030-01-01T13:00:00Z", 1)
	const boundary = "------------------------d74496d66958873e"
	curl := func(contentType string, f fields) body {
		return body{contentType + "; boundary=" + boundary,
			[]byte(strings.ReplaceAll(string(inBoundary(f, boundary)), "\n", "\r\n"))}
	}
	doubled := "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"
	for _, contentType := range []string{doubled, "application/x-www-form-urlencoded"} {
		made := post(t, c.BaseURL+"/intakes", curl(contentType, fields{{"reason_for_visit", "Rash"}, {"type", "2"},
			{"room_code", "vclinicroom"}, {"custom_symptoms", "Rash, Red Eyes"}}), byToken(c.patient))
		intake, _ := made.at(t, "data", "id").(string)
		if made.status != 200 || made.at(t, "data", "custom_symptoms") != "Rash, Red Eyes" {
			t.Errorf("%s: %d %s", contentType, made.status, made.body)
		}
		booked := post(t, c.BaseURL+"/visits", curl(contentType, fields{
			{"slot_start", "1893600000"}, {"slot_end", "1893600900"}, {"type", "2"}, {"intakeId", intake},
		}), byToken(c.patient))
		if booked.status != 200 {
			t.Errorf("%s: %d %s", contentType, booked.status, booked.body)
		}
	}
	room := post(t, c.BaseURL+"/availability", formBody(fields{
		{"room_code", "vclinicroom"}, {"start", "1893456000"}, {"end", "1893542400"}, {"location", "CA"},
	}), byToken(c.patient))
	slots, _ := room.at(t, "data", "slots").([]any)
	if room.status != 200 || len(slots) != 4 {
		t.Errorf("%d %s", room.status, room.body)
	}
	inBody := send(t, http.MethodGet, c.BaseURL+"/visits/current", curl(doubled, fields{{"id", "1"}}), byToken(c.patient))
	if inBody.status != 200 {
		t.Errorf("a GET with a body: %d %s", inBody.status, inBody.body)
	}
}
