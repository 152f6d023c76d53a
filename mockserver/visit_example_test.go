package mockserver_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// visitClinic is a clinic with a provider, a patient and their room.
type visitClinic struct {
	*mocktest.Clinic
	patientID, patient   string // id and token
	providerID, provider string
	consultation         string
}

// newVisitClinic signs a provider and a patient on to the default clinic of a fresh mock.
func newVisitClinic(t testing.TB) visitClinic {
	t.Helper()
	_, c := freshClinic(t)
	v := visitClinic{Clinic: c}
	v.patientID, v.patient = patient(t, c, "nora", "123")
	v.providerID, v.provider = newProvider(t, c, "paul")
	room := get(t, c.BaseURL+"/rooms/vclinicroom", with("X-AccountCode", "vclinic"))
	consultations, _ := room.at(t, "data", "payment", "consultations").([]any)
	v.consultation, _ = consultations[0].(map[string]any)["id"].(string)
	return v
}

// newProvider signs a provider on who is assigned to the clinic's first room.
func newProvider(t testing.TB, c *mocktest.Clinic, code string) (id, token string) {
	t.Helper()
	r := signOn(t, c, fields{
		{"first_name", "Paul"}, {"last_name", "Mercer"}, {"type", "400"}, {"code", code}, {"room_code", "vclinicroom"},
		{"email", code + "@example.com"},
	})
	id, _ = r.at(t, "data", "id").(string)
	token, _ = r.at(t, "data", "token", "token").(string)
	return id, token
}

// addBlock adds a block of time to the clinic's first room.
func addBlock(t testing.TB, c *mocktest.Clinic, provider, start, end string, places int) {
	t.Helper()
	body := map[string]any{"room_code": "vclinicroom", "start": start, "end": end, "places": places}
	if provider != "" {
		body["provider_id"] = provider
	}
	c.Control(t, "POST", "/blocks", body, nil)
}

// The keys of VSee's samples that the mock leaves out, or has at other visits alone.
var leftOut = []string{
	"data.attachments", "data.reason_for_visit", "data.intake.consent", "data.intake.location",
	"data.intake.phone", "data.intake.question_1", "data.intake.provider", "data.intake.provider_id",
	"data.intake.reason_for_visit", "data.custom_is_allergic", "data.custom_symptoms", "data.custom_symptoms_duration",
	"data.meeting.phone_numbers.US", "data.0.invoice_id", "data.expiry", "data.invoice_id", "data.invoice",
	"data.intake.invoice_id", "data.payment.id", "data.intake.consultation",
}

// missing returns the keys of an example that a reply lacks, or that have another type of JSON there. Null is of any
// type.
func missing(at string, example, got any) []string {
	if slices.Contains(leftOut, at) || example == nil || got == nil && !strings.HasSuffix(at, "data") {
		return nil
	}
	switch example := example.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return []string{at}
		}
		var all []string
		for _, name := range slices.Sorted(maps.Keys(example)) {
			below := strings.TrimPrefix(at+"."+name, ".")
			if _, ok := object[name]; !ok && !slices.Contains(leftOut, below) {
				all = append(all, below)
				continue
			}
			all = append(all, missing(below, example[name], object[name])...)
		}
		return all
	case []any:
		list, ok := got.([]any)
		if !ok {
			return []string{at}
		}
		if len(example) == 0 || len(list) == 0 {
			return nil
		}
		return missing(at+".0", example[0], list[0])
	}
	if fmt.Sprintf("%T", example) != fmt.Sprintf("%T", got) {
		return []string{fmt.Sprintf("%s: %T, not %T", at, got, example)}
	}
	return nil
}

func TestRepliesAboutVisitsHaveTheKeysOfVSeesSamples(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	account, admin := with("X-AccountCode", "vclinic"), byToken(c.AdminToken)
	addBlock(t, c.Clinic, c.providerID, "2030-01-01T12:00:00Z", "2030-01-01T13:00:00Z", 1)
	intake := func() string {
		return newIntake(t, c.Clinic, c.patient, "provider_id", c.providerID, "consultation", `{"id": "`+c.consultation+`"}`)
	}
	visit, _ := post(t, c.BaseURL+"/visits", formBody(fields{
		{"intake_id", intake()}, {"slot_start", "1893499200"}, {"slot_end", "1893500100"},
	}), byToken(c.patient)).at(t, "data", "id").(string)
	done := walkIn(t, c.Clinic, c.patient)
	step(t, c.Clinic, c.patient, "inprogress", done)
	step(t, c.Clinic, c.patient, "close", done)
	user := byToken(c.patient)
	replies := map[string]reply{
		"createIntake": post(t, c.BaseURL+"/intakes", body{"application/x-www-form-urlencoded", nil}, user),
		"updateIntake": post(t, c.BaseURL+"/intakes/"+intake(), jsonBody(`{"phone": "1"}`), user),
		"getIntake":    get(t, c.BaseURL+"/intakes/"+intake(), user),
		"addWalkIn": post(t, c.BaseURL+"/visits/add_walkin", formBody(fields{
			{"intake_id", intake()}, {"provider_id", c.providerID},
		}), user),
		"addEConsult": post(t, c.BaseURL+"/visits/add_econsult", jsonBody(
			`{"intake_id": "`+intake()+`", "room_code": "vclinicroom"}`), user),
		"getAvailability":    get(t, c.BaseURL+"/availability?room_code=vclinicroom", user),
		"searchAvailability": post(t, c.BaseURL+"/availability", formBody(fields{{"room_code", "vclinicroom"}}), user),
		"addVisit":           book(t, c.Clinic, c.patient, 1893600000, 1893600900, "provider_id", c.providerID),
		"listVisits":         get(t, c.BaseURL+"/visits?type=2", user),
		"getCurrentVisit":    get(t, c.BaseURL+"/visits/current", user),
		"startVisit":         step(t, c.Clinic, c.patient, "inprogress", walkIn(t, c.Clinic, c.patient)),
		"closeVisit":         step(t, c.Clinic, c.patient, "close", walkIn(t, c.Clinic, c.patient)),
		"deleteVisit":        step(t, c.Clinic, c.patient, "delete", walkIn(t, c.Clinic, c.patient)),
		"getVisit":           get(t, c.BaseURL+"/visits/"+visit, user),
		"updateVisit": post(t, c.BaseURL+"/visits/"+visit+"?version=2", formBody(fields{{"slot_start",
			"1893499200"}}), user),
		"getVisitSummary": get(t, c.BaseURL+"/visits/"+done+"/exports/visit_summary", user),
		"listRooms":       get(t, c.BaseURL+"/rooms", account),
		"createRoom": post(t, c.BaseURL+"/rooms", multipartBody(fields{
			{"domain", "vclinic.vsee.me"}, {"name", "Two"}, {"slug", "two"},
		}), admin),
		"getRoom":           get(t, c.BaseURL+"/rooms/clinic", account),
		"listRoomProviders": get(t, c.BaseURL+"/rooms/vclinicroom/providers", account),
		"getRoomProvider":   get(t, c.BaseURL+"/rooms/vclinicroom/providers/"+c.providerID, account),
		"assignRooms": post(t, c.BaseURL+"/users/"+c.providerID+"/rooms", jsonBody(`{"room_code": "vclinicroom"}`),
			admin),
	}
	for _, op := range embedded.Spec().Operations {
		if op.Declared.Tags[0] != "visit" && op.Declared.Tags[0] != "room" {
			continue
		}
		got, sent := replies[op.ID]
		if !sent {
			t.Errorf("the test does not call %s", op.ID)
			continue
		}
		for _, text := range op.Examples(200) {
			var example any
			if err := json.Unmarshal(text, &example); err != nil {
				t.Fatal(err)
			}
			if lacks := missing("", example, any(got.json(t))); got.status != 200 || len(lacks) > 0 {
				t.Errorf("%s: %d, without %s: %s", op.ID, got.status, strings.Join(lacks, ", "), got.body)
			}
		}
	}
}

// A body of visits may come in each of the three encodings, with numbers as numbers or as digits.
func TestAVisitIsBookedInEachEncoding(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	form := func(intake string) fields {
		return fields{
			{"intake_id", intake}, {"slot_start", "1893499200"}, {"slot_end", "1893500100"}, {"type", "2"},
			{"room_code", "vclinicroom"}, {"provider_id", c.providerID},
		}
	}
	for name, encoded := range map[string]func(intake string) body{
		"multipart":  func(intake string) body { return multipartBody(form(intake)) },
		"urlencoded": func(intake string) body { return formBody(form(intake)) },
		"JSON with numbers": func(intake string) body {
			return jsonBody(`{"intakeId": "` + intake + `", "slot_start": 1893499200, "slot_end": 1893500100, "type": 2,` +
				` "provider_id": ` + c.providerID + `}`)
		},
		"JSON with digits": func(intake string) body {
			return jsonBody(`{"intake_id": "` + intake + `", "slot_start": "1893499200", "slot_end": "1893500100", ` +
				`"type": "2", "provider_id": "` + c.providerID + `"}`)
		},
	} {
		for _, path := range []string{"/visits", "/visits.json", "/appointments"} {
			got := post(t, c.BaseURL+path, encoded(newIntake(t, c.Clinic, c.patient)), byToken(c.patient))
			if got.status != 200 || got.at(t, "data", "start") != 1893499200.0 || got.at(t, "data", "status") != 20.0 ||
				got.at(t, "data", "provider", "id") != c.providerID {
				t.Errorf("%s to %s: %d %s", name, path, got.status, got.body)
			}
		}
	}
}

func TestFieldsOfTheCallersOwnAreKeptByAnIntake(t *testing.T) {
	t.Parallel()
	c := newVisitClinic(t)
	form := fields{{"reason_for_visit", "Rash"}, {"custom_is_allergic", "Yes"}, {"reset", "true"}, {"survey[pain]", "3"}}
	for name, sent := range map[string]body{
		"multipart": multipartBody(form), "urlencoded": formBody(form),
		"JSON": jsonBody(`{"reason_for_visit": "Rash", "custom_is_allergic": "Yes", "reset": "true", ` +
			`"survey": {"pain": "3"}}`),
	} {
		made := post(t, c.BaseURL+"/intakes", sent, byToken(c.patient))
		id, _ := made.at(t, "data", "id").(string)
		diffJSON(t, name,
			`{"data": {"id": "`+id+`", "custom_is_allergic": "Yes", "reset": "true", "survey": {"pain": "3"}}}`, made)
		changed := post(t, c.BaseURL+"/intakes/"+id, jsonBody(`{"custom_is_allergic": "No"}`), byToken(c.patient))
		diffJSON(t, name+", changed", `{"data": {"id": "`+id+`"}}`, changed)
		kept := get(t, c.BaseURL+"/intakes/"+id, byToken(c.patient))
		if kept.at(t, "data", "custom_is_allergic") != "No" || kept.at(t, "data", "survey", "pain") != "3" ||
			kept.at(t, "data", "reason_for_visit") != "Rash" || kept.at(t, "data", "type") != "1" {
			t.Errorf("%s: %s", name, kept.body)
		}
	}
}

// Visit ids may have 64 bits: a client that reads one as a number of JavaScript would round it.
func TestAVisitIDBeyondAFloatComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	mock, _ := freshClinic(t)
	const id = "9007199254740993"
	made := post(t, mock.URL+"/_mock/clinics", jsonBody(`{"account_code": "big", "first_visit_id": `+id+`}`))
	if made.status != 200 {
		t.Fatalf("%s", made.body)
	}
	c := mock.Clinic(t, "big")
	_, token := patient(t, c, "nora", "123")
	if got := walkIn(t, c, token); got != id {
		t.Fatalf("the visit has the id %s", got)
	}
	got := get(t, c.BaseURL+"/visits/"+id, byToken(token))
	if got.at(t, "data", "id") != id || got.at(t, "data", "root_visit", "id") != id {
		t.Errorf("%s", got.body)
	}
	for _, sent := range []reply{
		post(t, c.BaseURL+"/visits/inprogress", jsonBody(`{"id": `+id+`}`), byToken(token)),
		step(t, c, token, "close", id),
	} {
		diffJSON(t, "reply", `{"data": {"id": "`+id+`"}}`, sent)
	}
	if got := step(t, c, token, "close", "9007199254740992"); got.status != 404 {
		t.Errorf("the id next to it: %d %s", got.status, got.body)
	}
}
