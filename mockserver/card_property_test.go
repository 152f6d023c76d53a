package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// propertySeed is what the sequences follow from, each with its number.
const propertySeed = 1

// Random sequences of writes in the older and in the newer way, checks and deletions leave both ways of reading what a
// small model says, after each step. Most are played with the clinic itself, and some over HTTP.
func TestBothWaysOfWritingAndReadingAreOneState(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sequences uint64
		actor     func(subject) actor
	}{
		"with the clinic": {10_000, func(s subject) actor { return &direct{s} }},
		"over HTTP":       {500, func(s subject) actor { return &remote{s} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, server := unserved(t)
			patients := 0
			run := func(ops []op) (diff string, steps int) {
				patients++
				a := tc.actor(newSubject(t, c, server, strconv.Itoa(patients)))
				m := model{cards: map[string]row{}}
				for i, o := range ops {
					m.do(o)
					a.do(t, o)
					if want, got := m.shown(), a.shown(t); !maps.Equal(want, got) {
						diff, steps = cmp.Diff(want, got), i+1
						break
					}
				}
				for a.end(t) { // what is pending is nobody else's
				}
				return diff, steps
			}
			for n := range tc.sequences {
				ops := sequence(rand.New(rand.NewPCG(propertySeed, n)))
				if diff, _ := run(ops); diff != "" {
					ops = shrunk(ops, func(ops []op) int { _, at := run(ops); return at })
					diff, _ = run(ops)
					t.Fatalf("seed %d, sequence %d, without what does not matter:\n%s\n(-model +mock):\n%s", propertySeed, n, steps(ops), diff)
				}
			}
		})
	}
}

// sequence returns random steps.
func sequence(r *rand.Rand) []op {
	ops := make([]op, 1+r.IntN(12))
	for i := range ops {
		ops[i] = step(r)
	}
	return ops
}

func step(r *rand.Rand) op {
	o := op{
		kind:  one(r, "older", "older", "older", "import", "save", "save", "delete", "check", "check", "end", "end"),
		cards: map[string]row{}, relation: row{}, other: r.IntN(2) == 0, carrier: one(r, "car7556", "car7551"),
	}
	some := func(fields row, name string, values ...string) {
		if r.IntN(2) == 0 {
			fields[name] = one(r, values...)
		}
	}
	writes := func(fields row, names []string) {
		for _, name := range names {
			some(fields, name, map[string][]string{
				"responsible_party": {"", "self", "child"}, "guarantor_name": {"", "Sam Sample", "Kim Roe"},
				"guarantor_dob": {"", "1960-01-01"}, "guarantor_zip": {"", "89501"}, "guarantor_gender": {"", "1", "2"},
				"guarantor_address_2": {"", "Apt 2"}, "subscriber_number": {"", "1", "11000075"}, "group_number": {"", "g"},
				"consent": {"", "true"},
			}[name]...)
		}
	}
	if o.kind == "older" && r.IntN(2) == 0 {
		writes(o.relation, relation()[:4])
	}
	for _, order := range [][]string{{"primary"}, {"secondary"}, orders()}[r.IntN(3)] {
		if o.kind == "save" || o.kind == "delete" {
			o.cards = map[string]row{} // of one card
		}
		fields := row{}
		o.cards[order] = fields
		writes(fields, []string{"subscriber_number", "group_number"})
		if o.kind == "older" {
			some(fields, "insurer_code", "", "car7556", "car7551", "unknown")
			continue
		}
		writes(fields, append(relation(), "consent"))
		if some(fields, "insurer_code", "car7556", "car7551"); o.kind == "import" {
			fields["insurer_code"] = one(r, "car7556", "car7551")
		}
	}
	return o
}

func one(r *rand.Rand, among ...string) string { return among[r.IntN(len(among))] }

// shrunk takes out of steps that fail all that they fail without. fails returns after how many steps they do, 0 when
// they do not.
func shrunk(ops []op, fails func([]op) int) []op {
	ops = ops[:fails(ops)]
	for i := len(ops) - 2; i >= 0; i-- {
		if without := slices.Delete(slices.Clone(ops), i, i+1); fails(without) > 0 {
			ops = without
		}
	}
	return ops
}

func steps(ops []op) string {
	var lines []string
	for _, o := range ops {
		line := o.kind
		switch o.kind {
		case "older":
			line += fmt.Sprint(" ", o.older())
		case "import", "save":
			for order := range o.cards {
				line += fmt.Sprint(" ", order, " ", o.newer(order))
			}
		case "delete":
			line += fmt.Sprint(" ", slices.Collect(maps.Keys(o.cards)))
		case "check":
			line += " " + o.carrier
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// older returns the fields of a write of the older way, by their places in the JSON object.
func (o op) older() map[string]string {
	names := map[string]string{"insurer_code": "carrier_code", "subscriber_number": "subscriber_num", "group_number": "group_number", "responsible_party": "respparty"}
	fields := map[string]string{}
	for order, card := range o.cards {
		for name, value := range card {
			fields["insurance."+order+"."+names[name]] = value
		}
	}
	for name, value := range o.relation {
		if older := names[name]; older != "" {
			name = older
		}
		fields["insurance.patient."+name] = value
	}
	return fields
}

// newer returns the fields of a write of a card.
func (o op) newer(order string) map[string]string {
	fields := maps.Clone(o.cards[order])
	if !o.other {
		return fields
	}
	if name, sent := fields["guarantor_name"]; sent {
		first, last, _ := strings.Cut(name, " ")
		delete(fields, "guarantor_name")
		fields["guarantor_first_name"], fields["guarantor_middle_name"], fields["guarantor_last_name"] = first, "", last
	}
	if fields["insurer_code"] == "car7551" {
		fields["insurer_code"] = "AETNA"
	}
	return fields
}

// actor does to a patient what an op says, and shows their insurance in the model's words.
type actor interface {
	do(testing.TB, op)
	end(testing.TB) bool
	shown(testing.TB) row
}

// subject is a patient, and what serves them.
type subject struct {
	clinic *clinic.Clinic
	server http.Handler
	config clinic.Settings
	code   string
	token  string
}

// unserved returns a clinic of a mock that only does what it is asked to.
func unserved(t *testing.T) (*clinic.Clinic, *mockserver.Server) {
	t.Helper()
	server, err := mockserver.New(mockserver.Options{Scenarios: scenarios.Set{}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := server.Clinics().Create(t.Context(), clinic.Settings{AccountCode: "property", Clock: clinic.ClockSettings{Frozen: true}})
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
	h := subject{clinic: c, server: server, config: settings, code: code}
	signedOn, err := c.SignOn(t.Context(), h.signOn(map[string]string{"dob": "1980-02-29", "gender": "2"}))
	if err != nil {
		t.Fatal(err)
	}
	h.token = signedOn.Token.Text
	return h
}

func (h subject) signOn(fields map[string]string) clinic.SignOn {
	fields["first_name"], fields["last_name"] = "Pat", "Sample"
	return clinic.SignOn{Code: h.code, Patch: clinic.Patch{Fields: fields}}
}

// end ends the check that was started first of those that are pending; it returns false when none is.
func (h subject) end(t testing.TB) bool {
	t.Helper()
	work, ok := h.clinic.NextWork(t.Context(), clinic.FinishWork)
	if !ok {
		return false
	}
	if _, _, err := h.clinic.FinishCheck(t.Context(), work); err != nil {
		t.Fatal(err)
	}
	return true
}

// direct is an actor with the clinic itself.
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
			_, err = c.Update(ctx, d.token, clinic.Patch{Fields: o.older()})
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
		d.end(t)
	}
	if refused := (*clinic.Error)(nil); err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
}

func (d *direct) shown(t testing.TB) row {
	t.Helper()
	user, err := d.clinic.User(t.Context(), d.token, clinic.Self)
	if err != nil {
		t.Fatal(err)
	}
	all := row{}
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
	for _, order := range clinic.Orders() {
		card := user.Insurance.Card(order)
		if !card.IsSet() {
			if card != (clinic.Card{}) {
				all["left of "+order.String()] = fmt.Sprintf("%+v", card)
			}
			continue
		}
		number := row{"insurer_code": card.Carrier, "subscriber_number": card.Subscriber, "group_number": card.Group}
		all.add("older "+order.String(), number)
		all.add("newer "+order.String(), number)
		all.add("newer "+order.String(), relationOf(card.Relation))
		if card.Consent {
			all["newer "+order.String()+" consent"] = "true"
		}
		result := user.Responses[order]
		all["older "+order.String()+" result"] = result
		if result != "" {
			all["newer "+order.String()+" eligibility"] = map[bool]string{true: "active", false: "inactive"}[result == "Success"]
		}
	}
	all.add("older patient", relationOf(user.Insurance.Relation()).only(relation()[:4]...))
	return all.set(nil)
}

// remote is an actor over HTTP, but for the network.
type remote struct{ subject }

func (r *remote) send(t testing.TB, method, path string, b body, auth func(*http.Request)) (int, map[string]any) {
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
	return w.Code, got
}

func (r *remote) do(t testing.TB, o op) {
	t.Helper()
	method, path, sent, auth := "POST", cardsPath, noBody, byToken(r.token)
	var cards []map[string]string
	for _, order := range orders() {
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
			path, sent = "/users/sso", formOf(r.subject.signOn(o.older()).Patch.Fields, "code", r.code)
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
		r.end(t)
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

func (r *remote) shown(t testing.TB) row {
	t.Helper()
	all := row{}
	_, older := r.send(t, "GET", "/me", noBody, byToken(r.token))
	user := older["data"].(map[string]any)
	insurance, _ := user["insurance"].(map[string]any)
	results, _ := user["user_data"].(map[string]any)
	newer := map[string]string{"carrier_code": "insurer_code", "subscriber_num": "subscriber_number", "respparty": "responsible_party"}
	for what, part := range insurance {
		for name, value := range part.(map[string]any) {
			if named := newer[name]; named != "" {
				name = named
			}
			if name != "insurance_order" {
				all["older "+what+" "+name] = fmt.Sprint(value)
			}
		}
	}
	for order, result := range results {
		all["older "+order+" result"] = fmt.Sprint(result.(map[string]any)["eligibility_response"])
	}
	_, list := r.send(t, "GET", cardsPath, noBody, byToken(r.token))
	for _, one := range list["data"].([]any) {
		card := one.(map[string]any)
		for name, value := range card {
			all["newer "+fmt.Sprint(card["card_type"])+" "+name] = fmt.Sprint(value)
		}
	}
	return all.inTheModelsWords()
}

// inTheModelsWords leaves out of what cards show what the model does not have.
func (r row) inTheModelsWords() row {
	for name, value := range r {
		switch {
		case strings.HasSuffix(name, " eligibility"):
			r[name] = strings.TrimSuffix(strings.TrimPrefix(value, "map[status:"), "]")
		case strings.HasSuffix(name, " card_type"), strings.HasSuffix(name, "first_name"), strings.HasSuffix(name, "last_name"),
			strings.HasSuffix(name, " consent") && value == "false":
			delete(r, name)
		}
	}
	return r
}
