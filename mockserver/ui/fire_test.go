package ui_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestTheFormOfEachEventIsMadeFromItsSchema(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	r := newReader(t, mock)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north", Webhook: clinic.Webhook{Envelope: "2.0"}})
	r.post(north, nil)
	for _, kind := range embedded.Spec().Types() {
		r.see(north+"/fire?type="+kind, "envelope 2.0", `name="data.member_id"`, "required", `data-grade=`, "leave out",
			"has no receiver")
	}
	texts := r.see(north + "/fire")
	e, _ := embedded.Spec().Event("eligibility.checked")
	answer := e.Envelopes[0].Schema.Properties["data"].Value.Properties["eligibility_response"].Value
	if n := len(answer.Enum); n < 54 || strings.Count(texts, "<option>") < n {
		t.Errorf("the menu has %d options for %d texts", strings.Count(texts, "<option>"), n)
	}
	r.see(north+"/fire?type=visit.note.signed_and_sent&data.note.id=7&menu.data.note.status=draft&out=data.end",
		`name="data.note.id" value="7"`, "<option selected>draft", `value="data.end" checked`, "documented")
	if page := r.see(north + "/fire?type=claim.updated"); strings.Contains(page, `name="data.lines.`) {
		t.Error("a field within a list has an input")
	}
}

// fired sends the form of an event, and returns the data that the receiver got.
func fired(r *reader, receiver *mocktest.Receiver, form url.Values) map[string]any {
	r.t.Helper()
	form.Set("member", "132407")
	r.post(north+"/events", form)
	all := receiver.Received()
	var payload struct{ Data map[string]any }
	if err := json.Unmarshal(all[len(all)-1].Body, &payload); err != nil {
		r.t.Fatal(err)
	}
	return payload.Data
}

func TestAnEventIsSentWithTheFieldsOfItsForm(t *testing.T) {
	t.Parallel()
	r, receiver := started(t, nil)
	data := fired(r, receiver, url.Values{"type": {"claim.updated"}, "data.billed_cents": {"12"},
		"menu.data.status": {"paid"}, "data.lines": {"[]"}, "out": {"data.external_member_id"}})
	want := map[string]any{"billed_cents": 12.0, "status": "paid", "lines": []any{}}
	for name, value := range want {
		if diff := cmp.Diff(value, data[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, sent := data["external_member_id"]; sent {
		t.Error("a field to leave out was sent")
	}
	data = fired(r, receiver, url.Values{"type": {"eligibility.checked"}, "menu.data.eligibility_response": {"Success"},
		"data.eligibility_response": {"Patient is shy"}, "json": {`{"external_member_id": "9"}`}})
	if data["eligibility_response"] != "Patient is shy" || data["external_member_id"] != "9" {
		t.Errorf("another value than those of the menu, and JSON: %v", data)
	}
	r.see(r.firstEvent(), "is none of the 54 texts of VSee")
}

func TestAnInvalidEventIsRefusedWithItsFieldAndLine(t *testing.T) {
	t.Parallel()
	r, receiver := started(t, nil)
	for _, c := range []struct {
		form url.Values
		want []string
	}{
		{url.Values{"type": {"eligibility.checked"}, "data.eligibility_id": {"abc"}}, []string{
			"data.eligibility_id must match", "openapi.yaml:",
			`#payload-unversioned.data.eligibility_id" target="_blank" rel="noopener"`,
			`value="abc" placeholder="filled in by the mock" aria-describedby="about-data.eligibility_id" aria-invalid="true"`}},
		{url.Values{"type": {"claim.updated"}, "data.billed_cents": {"much"}}, []string{
			"data.billed_cents must be an integer", `value="much"`}},
		{url.Values{"type": {"eligibility.checked"}, "out": {"data.eligibility_response"}}, []string{
			"data.eligibility_response is required"}},
		{url.Values{"type": {"nothing"}}, []string{"type must be an event that the mock knows"}},
		{url.Values{"type": {"eligibility.checked"}, "json": {"[]"}}, []string{"The JSON must be an object"}},
	} {
		c.form.Set("member", "132407")
		reply, page := r.send(http.MethodPost, north+"/events", c.form)
		if reply.StatusCode != http.StatusBadRequest {
			t.Errorf("%v: %d", c.form, reply.StatusCode)
		}
		for _, text := range append(c.want, "The event was not sent") {
			if !strings.Contains(page, text) {
				t.Errorf("%v: the page has no %q:\n%s", c.form, text, page)
			}
		}
	}
	if reply, _ := r.send(http.MethodGet, north+"/events", nil); reply.URL.Path != north+"/fire" {
		t.Errorf("the address of a refused event leads to %s", reply.URL)
	}
	if n := len(receiver.Received()); n > 0 {
		t.Errorf("the receiver got %d invalid events", n)
	}
}

func TestAFindingLinksToTheFieldOfTheReference(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	r := newReader(t, mock)
	plant(t, mock, "vclinic", "x") // without an operation's required fields in the second body
	page := r.see(front+"/exchanges/2", "Findings", "first_name is required", "The request was refused", "openapi.yaml:",
		front+"/reference/signOn#request.first_name", `data-grade="seed"`)
	if strings.Count(page, "data-grade=") < 3 {
		t.Errorf("some findings have no evidence grade:\n%s", page)
	}
	r.see(front+"/reference/signOn", `id="request.first_name"`, `id="401"`)
	r.see(front+"/reference/eligibility.checked", `id="payload-2.0.data.member_id"`)
}

func TestTheTokensOfAPatientAreMaskedAndCopied(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	r := newReader(t, mock)
	r.post(front, nil)
	var tokens struct {
		Data []struct {
			Token   string
			Refresh string `json:"refresh_token"`
		}
	}
	one := mock.Clinic(t, "vclinic")
	one.Control(t, http.MethodGet, "/users/132407/tokens", nil, &tokens)
	page := r.see(front+"/patients/132407", "Tokens", "valid")
	for _, secret := range []string{tokens.Data[0].Token, tokens.Data[0].Refresh} {
		if strings.Contains(page, secret) {
			t.Error("the view shows a token")
		}
		copied := false
		for _, part := range strings.Split(page, `name="name" value="`)[1:] {
			name, _, _ := strings.Cut(part, `"`)
			text := r.post(front+"/reveal", url.Values{"what": {"token"}, "id": {"132407"}, "name": {name}})
			copied = copied || text == secret
		}
		if !copied {
			t.Error("no button copies the token")
		}
	}
	if reply, _ := r.send(http.MethodPost, front+"/reveal",
		url.Values{"what": {"token"}, "id": {"132407"}, "name": {"none"}}); reply.StatusCode != http.StatusNotFound {
		t.Errorf("a token of no name: %d", reply.StatusCode)
	}
}
