package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// actor applies an op to a patient, and shows the patient's insurance in the model's words.
type actor interface {
	do(testing.TB, op)
	end(t testing.TB, most int)
	shown(testing.TB) map[string]row
}

// subject is a patient, with its clinic and mock.
type subject struct {
	clinic *clinic.Clinic
	server http.Handler
	config clinic.Settings
	code   string
	token  string
}

// newClinicWithoutListener returns a clinic of a mock without a running loop: nothing happens by itself.
func newClinicWithoutListener(t *testing.T) (*clinic.Clinic, *mockserver.Server) {
	t.Helper()
	server, err := mockserver.New(mockserver.Options{Scenarios: scenarios.Set{}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := server.Clinics().Create(t.Context(),
		clinic.Settings{AccountCode: "property", Clock: clinic.ClockSettings{Frozen: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, violation := range server.Violations() {
			t.Error(violation)
		}
	})
	return c, server
}

func newSubject(t testing.TB, c *clinic.Clinic, server http.Handler, code string) subject {
	t.Helper()
	settings, err := c.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := subject{clinic: c, server: server, config: *settings, code: code}
	signedOn, err := c.SignOn(t.Context(), s.signOn(defaultPerson()))
	if err != nil {
		t.Fatal(err)
	}
	s.token = signedOn.Token.Text
	return s
}

// defaultPerson is the first person of a subject.
func defaultPerson() row { return row{"first_name": "Pat", "dob": "1980-02-29", "gender": "2"} }

func (s subject) signOn(fields map[string]string) clinic.SignOn {
	fields["last_name"] = "Sample"
	return clinic.SignOn{Code: s.code, Patch: patchOf(fields)}
}

func patchOf(fields map[string]string) clinic.Patch {
	var p clinic.Patch
	for name, value := range fields {
		p.Fields = append(p.Fields, clinic.Field{name, value})
	}
	return p
}

// end ends the oldest pending checks.
func (s subject) end(t testing.TB, most int) {
	t.Helper()
	for range most {
		if _, err := s.clinic.FinishChecks(t.Context(), s.clinic.Clock().Now().AddDate(1, 0, 0), 1); err != nil {
			t.Fatal(err)
		}
	}
}

// direct is an actor on the clinic itself.
type direct struct{ subject }

func (d *direct) do(t testing.TB, o op) {
	t.Helper()
	ctx, c := t.Context(), d.clinic
	var err error
	var cards []clinic.CardPatch
	for _, order := range clinic.Orders() {
		if _, sent := o.cards[order.String()]; sent {
			cards = append(cards, clinic.CardPatch{Order: order, Fields: o.newer(order.String())})
		}
	}
	switch o.kind {
	case "older":
		if o.other {
			_, err = c.SignOn(ctx, d.signOn(o.older()))
		} else {
			_, err = c.UpdateUser(ctx, d.token, patchOf(o.older()))
		}
	case "import":
		_, err = c.ImportCards(ctx, d.token, clinic.Self, cards)
	case "save":
		_, err = c.UpdateCard(ctx, d.token, clinic.Self, cards[0])
	case "delete":
		_, err = c.DeleteCard(ctx, d.token, clinic.Self, cards[0].Order)
	case "check":
		_, err = c.StartCheck(ctx, d.token, clinic.Self, o.carrier, "")
	case "end":
		d.end(t, 1)
	}
	if refused := (*clinic.Error)(nil); err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
}

func (d *direct) shown(t testing.TB) map[string]row {
	t.Helper()
	user, err := d.clinic.User(t.Context(), d.token, clinic.Self)
	if err != nil {
		t.Fatal(err)
	}
	relationOf := func(r clinic.Relation) row {
		g := r.Guarantor
		gender := ""
		if g.Gender != 0 {
			gender = strconv.Itoa(g.Gender)
		}
		return row{
			"responsible_party": r.Respparty, "guarantor_name": g.Name, "guarantor_dob": g.DOB, "guarantor_zip": g.Zip,
			"guarantor_gender": gender, "guarantor_address_2": g.Address2,
		}
	}
	all := map[string]row{"patient": relationOf(user.Insurance.Relation()).only(relationNames()[:4]...)}
	for _, order := range clinic.Orders() {
		card := user.Insurance.Card(order)
		if !card.IsSet() {
			if card != (clinic.Card{}) {
				all[order.String()] = row{"what is left": fmt.Sprintf("%+v", card)}
			}
			continue
		}
		shown := relationOf(card.Relation).set(row{"insurer_code": card.Carrier, "subscriber_number": card.Subscriber,
			"group_number": card.Group})
		if card.Consent {
			shown["consent"] = "true"
		}
		if result := user.Responses[order]; result != "" {
			shown = shown.set(resultFields(result))
		}
		all[order.String()] = shown
	}
	return all
}

// remote is an actor over HTTP, without the network.
type remote struct{ subject }

func (r *remote) send(t testing.TB, method, path string, b body, auth func(*http.Request)) map[string]any {
	t.Helper()
	request := httptest.NewRequestWithContext(context.Background(), method, "http://mock/api_v3"+path, newReader(b.data))
	request.Header.Set("Content-Type", b.contentType)
	auth(request)
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, request)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 && w.Code != 400 && w.Code != 404 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return got
}

func (r *remote) do(t testing.TB, o op) {
	t.Helper()
	method, path, sent, auth := "POST", cardsPath, noBody, byToken(r.token)
	var cards []map[string]string
	for _, order := range cardOrders() {
		if _, sent := o.cards[order]; sent {
			fields := o.newer(order)
			fields["card_type"] = order
			cards = append(cards, fields)
		}
	}
	switch o.kind {
	case "older":
		path, sent = "/me", formOf(o.older())
		if o.other {
			path, sent = "/users/sso", formOf(o.older(), "code", r.code, "last_name", "Sample")
			auth = byKey(&mocktest.Clinic{Settings: r.config})
		}
	case "import":
		path, sent = path+"/import", jsonBody(string(marshal(t, map[string]any{"insurances": cards})))
	case "save":
		path, sent = path+"/"+cards[0]["card_type"], formOf(cards[0])
	case "delete":
		method, path = "DELETE", path+"/"+cards[0]["card_type"]
	case "check":
		path = "/users/-/" + o.carrier + "/eligibility"
	case "end":
		r.end(t, 1)
		return
	}
	r.send(t, method, path, sent, auth)
}

func formOf(fields map[string]string, more ...string) body {
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	for i := 0; i < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return body{"application/x-www-form-urlencoded", []byte(values.Encode())}
}

func (r *remote) shown(t testing.TB) map[string]row {
	t.Helper()
	user := r.send(t, "GET", "/me", noBody, byToken(r.token))["data"].(map[string]any)
	insurance, _ := user["insurance"].(map[string]any)
	results, _ := user["user_data"].(map[string]any)
	older, newer := map[string]row{"patient": {}}, map[string]row{}
	for what, part := range insurance {
		older[what] = modelRow(part)
	}
	for order, result := range results {
		older[order] = older[order].set(modelRow(result))
	}
	for _, one := range r.send(t, "GET", cardsPath, noBody, byToken(r.token))["data"].([]any) {
		newer[fmt.Sprint(one.(map[string]any)["card_type"])] = modelRow(one)
	}
	both := map[string]row{"patient": older["patient"]}
	for _, order := range cardOrders() {
		if one := older[order].and(newer[order]); len(one) > 0 {
			both[order] = one
		}
	}
	return both
}

// modelRow returns a part of a reply under the model's names, without fields unknown to the model.
func modelRow(part any) row {
	names := map[string]string{
		"carrier_code": "insurer_code", "subscriber_num": "subscriber_number", "respparty": "responsible_party",
		"eligibility_response": "result",
		"insurance_order":      "", "card_type": "", "guarantor_first_name": "", "guarantor_last_name": "",
	}
	words := row{}
	for name, value := range part.(map[string]any) {
		if named, other := names[name]; other {
			name = named
		}
		text := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(value), "map[status:"), "]")
		if name != "" && text != "false" { // no consent
			words[name] = text
		}
	}
	return words
}
