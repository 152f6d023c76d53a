package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// resetKeepingPatients resets a clinic, but for its patients.
func resetKeepingPatients(t *testing.T, c *mocktest.Clinic) {
	t.Helper()
	var reply struct {
		Code string `json:"account_code"`
	}
	c.Control(t, http.MethodPost, "/reset", map[string]string{"keep": "patients"}, &reply)
	if reply.Code != c.AccountCode {
		t.Errorf("the reply is of the clinic %q", reply.Code)
	}
}

// busyClinic returns a clinic and a patient with a card with an image, a password, a room, a successful check, a
// claim, and a pending check.
func busyClinic(t *testing.T, hook string) (c *mocktest.Clinic, id, token, image string, shown []byte) {
	t.Helper()
	c = claimClinic(t, "busy", hook)
	id, token = eligible(t, c, "pat", "123")
	post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(token)).at(t, "data", "claim_id")
	shown = picture(t, "png", 1)
	saved := post(t, c.BaseURL+cardsPath+"/primary", withFiles(nil, upload{"card_front", shown}), byToken(token))
	image = "/files/" + saved.at(t, "data", "card_front", "id").(string)
	c.Control(t, http.MethodPut, "/users/"+id+"/credentials", map[string]string{"password": password}, nil)
	c.Control(t, http.MethodPut, "/users/"+id+"/assignments", map[string][]string{"rooms": {"uat2"}}, nil)
	start(t, c, id, token)
	return c, id, token, image, shown
}

// Users, cards, images, credentials and assignments stay. Tokens, checks with their results, claims, events, pending
// work and the journal go. The clock starts anew.
func TestAResetThatKeepsPatientsTakesAwayWhatHasHappened(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c, id, token, image, shown := busyClinic(t, receiver.URL)
	before := get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)).at(t, "data").(map[string]any)
	told := len(receiver.Received())
	resetKeepingPatients(t, c)

	if rows := listOf(t, c, "/journal"); len(rows) != 0 {
		t.Errorf("the journal has %d rows", len(rows))
	}
	for _, path := range []string{"/me", "/insurance/claims?member_id=" + id} {
		if got := get(t, c.BaseURL+path, byToken(token)).message(t,
			http.StatusUnauthorized); got != "X-ApiToken is not known" {
			t.Errorf("%s with a token of before: %s", path, got)
		}
	}
	for _, list := range []string{"/checks", "/claims", "/events", "/deliveries"} {
		if rows := listOf(t, c, list); len(rows) != 0 {
			t.Errorf("%s has %d rows", list, len(rows))
		}
	}
	if receipt := c.Advance(t, time.Hour); !receipt.From.Equal(time.Date(2022, 4, 14, 23, 0, 0, 0, time.UTC)) ||
		len(receipt.Checks)+len(receipt.Claims) != 0 {
		t.Errorf("the receipt of an hour: %+v", receipt)
	}
	if now := len(receiver.Received()); now != told {
		t.Errorf("%d events of before come after the reset", now-told)
	}

	delete(before, "user_data")
	after := get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)).at(t, "data")
	if diff := cmp.Diff(any(before), after); diff != "" {
		t.Errorf("the patient (-want +got):\n%s", diff)
	}
	card := cards(t, get(t, c.BaseURL+"/users/"+id+"/insurances", byToken(c.AdminToken)))[0]
	if card["subscriber_number"] != "123" || card["eligibility"] != nil {
		t.Errorf("the card: %v", card)
	}
	if got := get(t, c.BaseURL+image, byToken(c.AdminToken)); !bytes.Equal(got.body, shown) {
		t.Errorf("the image: %d", got.status)
	}
	login := post(t, c.BaseURL+"/users/login", formBody(fields{{"username", before["username"].(string)},
		{"password", password}}), at(c))
	if got := login.at(t, "data", "id"); got != id {
		t.Errorf("the password is that of %v", got)
	}
	if got := get(t, c.BaseURL+"/users?room_code=uat2", byToken(c.AdminToken)).at(t, "data").([]any); len(got) != 1 {
		t.Errorf("%d users are in the room", len(got))
	}
	fresh := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "pat"}})
	if got := fresh.at(t, "data", "id"); got != id {
		t.Errorf("the code is that of %v", got)
	}
	again := fresh.at(t, "data", "token", "token").(string)
	if again == token {
		t.Error("a token of before has come back")
	}
	if got := post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(again)).message(t,
		http.StatusBadRequest); got != "member_id has no eligibility check with this carrier that has ended: start one, "+
		"and wait for its result" {
		t.Errorf("a claim on the check of before: %s", got)
	}
	if n := get(t, c.BaseURL+"/insurance/claims?member_id="+id, byToken(again)).at(t, "total_count"); n != 0.0 {
		t.Errorf("%v claims of before are listed", n)
	}
}

// Two resets with the same patients kept lead to the same ids, tokens and events; the counts of checks start anew.
func TestEachResetThatKeepsPatientsIsFollowedByTheSameIDs(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := claimClinic(t, "same", receiver.URL)
	c.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]string{
		"first.yaml": "title: First\nwhen: {subscriber_num: \"123\", nth: 2}\nanswer: \"80\"\n",
	}}, nil)
	patient(t, c, "pat", "123")
	signOn(t, c, fields{{"first_name", "Guest"}, {"last_name", ""}, {"type", "600"}}) // the mock makes up its code
	play := func() string {
		resetKeepingPatients(t, c)
		from := len(receiver.Received())
		id, token := eligible(t, c, "pat", "123")
		claim := post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(token)).at(t, "data", "claim_id")
		c.Advance(t, time.Hour)
		text := fmt.Sprintln(id, token, response(t, c, id, "primary"), claim)
		for _, e := range receiver.Received()[from:] {
			text += string(e.Body) + "\n"
		}
		return text
	}
	first := play()
	if diff := cmp.Diff(first, play()); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
}

// New ids, codes and usernames after a reset never equal a kept one, however often a reset happens.
func TestNewIDsAreNoneThatAResetHasKept(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "new"})
	seen := map[string]string{}
	isNew := func(what, id string) {
		t.Helper()
		if before, known := seen[id]; known {
			t.Errorf("%s is given twice: as %s and as %s", id, before, what)
		}
		seen[id] = what
	}
	for life := range 4 {
		r := signOn(t, c, fields{{"first_name", "Guest"}, {"last_name", ""}, {"type", "600"}})
		for _, field := range []string{"id", "code", "username", "vseeid"} {
			isNew(fmt.Sprint(field, " of life ", life), r.at(t, "data", field).(string))
		}
		token := r.at(t, "data", "token", "token").(string)
		isNew("token", token)
		saved := post(t, c.BaseURL+cardsPath+"/primary", withFiles(fields{{"insurer_code", "car7556"}},
			upload{"card_front", picture(t, "png", 1)}), byToken(token))
		isNew("image", "image "+saved.at(t, "data", "card_front", "id").(string))
		resetKeepingPatients(t, c)
		renamed := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "pat"}, {"username", ""}})
		isNew(fmt.Sprint("the patient's username of life ", life), renamed.at(t, "data", "username").(string))
	}
}

// A plain reset removes everything, as before, in whichever form it is requested.
func TestAResetKeepsNothingUnlessItIsAskedTo(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]any{"no body": nil, "an empty object": map[string]string{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "nothing"})
			id, _ := patient(t, c, "pat", "123")
			c.Control(t, http.MethodPost, "/reset", sent, nil)
			get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)).message(t, http.StatusNotFound)
			if again, _ := patient(t, c, "sam", "124"); again != id {
				t.Errorf("the first patient after the reset is %s, want %s", again, id)
			}
		})
	}
}
