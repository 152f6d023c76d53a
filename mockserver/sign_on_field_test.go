package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestALastNameMayBeEmptyForProvidersAndGuests(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "nameless"})
	for kind, want := range map[string]int{"400": 200, "600": 200, "200": 400, "": 400} {
		for how, b := range map[string]body{
			"form": formBody(fields{{"first_name", "Pat"}, {"last_name", ""}, {"code", "f" + kind}, {"type", kind}}),
			"JSON": jsonBody(fmt.Sprintf(`{"first_name": "Pat", "last_name": "", "code": "j%s", "type": %q}`, kind, kind)),
		} {
			got := post(t, c.BaseURL+"/users/sso", b, byKey(c))
			if got.status != want {
				t.Errorf("type %q in %s: %d %s, want %d", kind, how, got.status, got.body, want)
				continue
			}
			if want == http.StatusBadRequest {
				if message := got.message(t, want); message != "last_name must not be empty, except for a provider or a guest" {
					t.Errorf("type %q: %s", kind, message)
				}
				continue
			}
			if got.at(t, "data", "last_name") != "" || got.at(t, "data", "full_name") != "Pat" {
				t.Errorf("type %s: %s", kind, got.body)
			}
			token := got.at(t, "data", "token", "token").(string)
			if me := post(t, c.BaseURL+"/me", formBody(fields{{"last_name", ""}}), byToken(token)); me.status != http.StatusOK {
				t.Errorf("an update of type %s: %d %s", kind, me.status, me.body)
			}
		}
	}
	for _, kind := range []string{"400", "600", "200"} {
		absent := formBody(fields{{"first_name", "Pat"}, {"code", "absent" + kind}, {"type", kind}})
		if message := post(t, c.BaseURL+"/users/sso", absent, byKey(c)).message(t, 400); message != "last_name is required" {
			t.Errorf("type %s without a last name: %s", kind, message)
		}
	}
}

// A sign-on assigns a provider to a room, beside the existing ones; for other users the field is ignored, with a
// warning.
func TestARoomCodeAtSignOnAssignsAProviderToTheRoom(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "entering"})
	enter := func(kind, code, room string) reply {
		return post(t, c.BaseURL+"/users/sso", formBody(fields{
			{"first_name", "Pat"}, {"last_name", ""}, {"type", kind}, {"code", code}, {"room_code", room},
		}), byKey(c))
	}
	codes := func(r reply) string {
		var user struct {
			Data struct {
				Rooms []struct{ Code string } `json:"rooms"`
			}
		}
		r.into(t, &user)
		var all []string
		for _, room := range user.Data.Rooms {
			all = append(all, room.Code)
		}
		return strings.Join(all, " ")
	}
	enter("400", "pat", "abcde")
	for _, step := range []struct{ room, want string }{{"abcde", "abcde"}, {"", "abcde"}, {"b4vjj", "abcde b4vjj"},
		{"abcde", "abcde b4vjj"}} {
		r := enter("400", "pat", step.room)
		if got := codes(r); got != step.want || r.header.Get("X-Mock-Warnings") != "" {
			t.Errorf("after %q the rooms are %q, want %q, with the warning %q", step.room, got, step.want,
				r.header.Get("X-Mock-Warnings"))
		}
	}
	for _, wrong := range []string{"a,b", " a", strings.Repeat("x", 129)} {
		if message := enter("400", "pat", wrong).message(t, 400); !strings.HasPrefix(message, "room_code must ") {
			t.Errorf("message = %s", message)
		}
	}
	if found := get(t, c.BaseURL+"/users?room_code=b4vjj", byToken(c.AdminToken)).at(t, "total_count"); found != 1.0 {
		t.Errorf("GET /users finds %v in the room", found)
	}
	guest := enter("600", "guest", "abcde")
	if _, there := guest.json(t)["data"].(map[string]any)["rooms"]; there || guest.status != http.StatusOK {
		t.Errorf("a guest: %d %s", guest.status, guest.body)
	}
	const warning = "room_code is ignored: only a provider (type 400) is assigned to a room"
	if said := guest.header.Get("X-Mock-Warnings"); said != warning {
		t.Errorf("the warning is %q", said)
	}
	row := listOf(t, c, "/journal")
	if said := fmt.Sprint(row[0]["warnings"]); said != "["+warning+"]" {
		t.Errorf("the journal has the warnings %s", said)
	}
}

// rooms has seven keys; a provider without a room has an empty list, members and guests have no key.
func TestOnlyProvidersShowRoomsWithAllSevenKeys(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "keys"})
	for kind, want := range map[string]string{"400": "[]", "200": "", "600": ""} {
		r := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"type", kind}, {"code", "c" + kind}})
		id, token := r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
		for _, path := range []string{"/me", "/users/" + id} {
			if got := raw(t, get(t, c.BaseURL+path, byToken(token)), "rooms"); got != want {
				t.Errorf("type %s has the rooms %q in %s, want %q", kind, got, path, want)
			}
		}
		if got := raw(t, r, "rooms"); got != want {
			t.Errorf("type %s has the rooms %q at the sign-on, want %q", kind, got, want)
		}
		c.Control(t, http.MethodPut, "/users/"+id+"/assignments", json.RawMessage(`{"rooms": ["b4vjj"]}`), nil)
		if want != "" {
			want = `[{"code":"b4vjj","slug":"b4vjj","name":"b4vjj","domain":"","account_code":"keys","id":"","logo_url":""}]`
		}
		if got := raw(t, get(t, c.BaseURL+"/me", byToken(token)), "rooms"); got != want {
			t.Errorf("type %s in a room has the rooms %q, want %q", kind, got, want)
		}
	}
}

// raw returns the JSON of a key of a reply's data as it was written, "" when there is no such key.
func raw(t testing.TB, r reply, key string) string {
	t.Helper()
	var whole struct{ Data map[string]json.RawMessage }
	r.into(t, &whole)
	return string(whole.Data[key])
}

// signup_step is in GET /users/:id alone, after email_verified; preference is in no reply of the mock.
func TestSignupStepIsInGetUserAlone(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "steps"})
	r := signOn(t, c, edward)
	id, token := r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
	for what, tc := range map[string]struct {
		reply reply
		want  string
	}{
		"sign-on":        {r, ""},
		"GET me":         {get(t, c.BaseURL+"/me", byToken(token)), ""},
		"POST me":        {post(t, c.BaseURL+"/me.json", formBody(fields{{"city", "Reno"}}), byToken(token)), ""},
		"users/:id":      {get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)), "99"},
		"users/-":        {get(t, c.BaseURL+"/users/-.json", byToken(token)), "99"},
		"the admin's id": {get(t, c.BaseURL+"/users/132406", byToken(c.AdminToken)), "99"},
	} {
		if got := raw(t, tc.reply, "signup_step"); tc.reply.status != http.StatusOK || got != tc.want {
			t.Errorf("%s: signup_step is %q, want %q", what, got, tc.want)
		}
		if got := raw(t, tc.reply, "preference"); got != "" {
			t.Errorf("%s: preference is %s", what, got)
		}
	}
	body := string(get(t, c.BaseURL+"/users/"+id, byToken(token)).body)
	if !strings.Contains(body, `"email_verified":true,"signup_step":99,`) {
		t.Errorf("signup_step is not after email_verified: %s", body)
	}
}

// The genders 3 and 4 are refused by default; a clinic with the setting accepts them and returns them as numbers.
func TestGenders3And4AreTakenWithTheClinicsSetting(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "genders"})
	id, token := patient(t, c, "pat", "123")
	if setting(t, c) != "false" {
		t.Errorf("the setting is %s at first", setting(t, c))
	}
	const refusal = "gender must be 1 or male, 2 or female; 3 and 4 need the clinic's setting accept_gender_3_and_4"
	sent := []body{formBody(fields{{"gender", "3"}}), jsonBody(`{"gender": 3}`), jsonBody(`{"gender": "4"}`),
		jsonBody(`{"gender": 4.0}`)}
	for _, b := range sent {
		if message := post(t, c.BaseURL+"/me", b, byToken(token)).message(t, 400); message != refusal {
			t.Errorf("%s: %s", b.data, message)
		}
	}
	c.Control(t, http.MethodPatch, "", json.RawMessage(`{"accept_gender_3_and_4": true}`), nil)
	if setting(t, c) != "true" {
		t.Errorf("the setting is %s", setting(t, c))
	}
	for i, want := range []string{"3", "3", "4", "4"} {
		if got := raw(t, post(t, c.BaseURL+"/me", sent[i], byToken(token)), "gender"); got != want {
			t.Errorf("%s is returned as %s, want %s", sent[i].data, got, want)
		}
	}
	card := post(t, c.BaseURL+cardsPath+"/primary", jsonBody(`{"guarantor_gender": 3}`), byToken(token))
	if card.at(t, "data", "guarantor_gender") != 3.0 {
		t.Errorf("%d %s", card.status, card.body)
	}
	if message := post(t, c.BaseURL+"/me", formBody(fields{{"gender", "5"}}), byToken(token)).message(t,
		400); message != "gender must be 1 or male, 2 or female" {
		t.Errorf("message = %s", message)
	}

	// For a check, such a gender counts as given.
	check := start(t, c, id, token)
	c.Advance(t, clinic.DefaultCronDelay)
	if got := response(t, c, id, "primary"); got != clinic.Success {
		t.Errorf("the check is answered %q", got)
	}
	var explained json.RawMessage
	c.Control(t, http.MethodGet, "/checks/"+check+"/explain", nil, &explained)
	if strings.Contains(string(explained), "without") || !strings.Contains(string(explained), "1980-02-29") {
		t.Errorf("the scenario that would tell the same lacks the gender: %s", explained)
	}
	c.Control(t, http.MethodPatch, "", json.RawMessage(`{"accept_gender_3_and_4": false}`), nil)
	if diff := cmp.Diff("4", raw(t, get(t, c.BaseURL+"/me", byToken(token)), "gender")); diff != "" {
		t.Errorf("a gender that is stored (-want +got):\n%s", diff)
	}
}

// setting returns the clinic's accept_gender_3_and_4 as the control API shows it.
func setting(t testing.TB, c *mocktest.Clinic) string {
	t.Helper()
	var shown struct {
		Accept json.RawMessage `json:"accept_gender_3_and_4"`
	}
	c.Control(t, http.MethodGet, "", nil, &shown)
	return string(shown.Accept)
}
