package play

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// patient is a patient of the clinic.
type patient struct {
	form, cards url.Values // of the sign-on and of the update with the cards
	id, token   string
}

// newPatient returns the patient of a scenario. The clinic has the data that the scenario leaves open.
func newPatient(p, clinic scenarios.Patient, carriers map[string]string) *patient {
	// The address is that of the guide, in which city and state are swapped.
	form := url.Values{"type": {"200"}, "street_addr": {"2868 Tully Street"}, "city": {"MI"}, "state": {"Detroit"}, "zip": {"48226"}}
	for _, field := range []struct {
		name                 string
		said, clinic, preset scenarios.Text
	}{
		{"first_name", p.FirstName, clinic.FirstName, "Edward"},
		{"last_name", p.LastName, clinic.LastName, "VSee"},
		{"code", p.Code, clinic.Code, "edward+001.vclinic@vseelab.com"},
		{"email", p.Email, clinic.Email, ""},
		{"dob", p.DOB, clinic.DOB, "1986-01-01"},
		{"gender", p.Gender, clinic.Gender, "1"},
	} {
		if value := cmp.Or(field.said, field.clinic, field.preset); value != "" && !slices.Contains(p.Without, field.name) {
			form.Set(field.name, string(value))
		}
	}
	cards := url.Values{"insurance.respparty": {string(cmp.Or(p.Respparty, "self"))}}
	set := func(key string, value scenarios.Text) {
		if value != "" {
			cards.Set("insurance."+key, string(value))
		}
	}
	for card, carrier := range carriers {
		set(card+"_carrier_code", scenarios.Text(carrier))
		if !slices.Contains(p.Without, "subscriber_num") {
			set(card+"_subscriber_num", cmp.Or(p.SubscriberNum, "234234"))
		}
		set(card+"_group_number", p.GroupNumber)
	}
	set("patient.guarantor_name", p.GuarantorName)
	set("patient.guarantor_dob", p.GuarantorDOB)
	return &patient{form: form, cards: cards}
}

// signOn signs a patient on and keeps the id and the token.
func (p *player) signOn(ctx context.Context, act Act, who *patient) (bool, error) {
	r := Request{Operation: "signOn", Method: http.MethodPost, Path: "/users/sso", Auth: ByKey, Form: who.form}
	var reply struct {
		Data struct {
			ID    string `json:"id"`
			Token struct {
				Token string `json:"token"`
			} `json:"token"`
		} `json:"data"`
	}
	ok, err := p.ask(ctx, Exchange{Act: act, Request: r}, who, &reply)
	if ok {
		who.id, who.token = reply.Data.ID, reply.Data.Token.Token
	}
	return ok, err
}

func (p *player) storeCards(ctx context.Context, act Act, who *patient) (bool, error) {
	r := Request{Operation: "updateMe", Method: http.MethodPost, Path: "/me.json", Form: who.cards}
	return p.ask(ctx, Exchange{Act: act, Request: r}, who, nil)
}

// begin takes the guide's steps 1 to 3: it lists the insurers, signs the patient on and stores the cards.
func (p *player) begin(ctx context.Context) error {
	if err := p.readClock(ctx); err != nil {
		return err
	}
	for _, step := range []struct {
		act Act
		do  func() (bool, error)
	}{
		{ListInsurers, func() (bool, error) {
			r := Request{Operation: "listInsurers", Method: http.MethodGet, Path: "/insurances/", Auth: ByAdmin}
			_, err := p.ask(ctx, Exchange{Act: ListInsurers, Request: r}, nil, nil)
			return true, err
		}},
		{SignOn, func() (bool, error) { return p.signOn(ctx, SignOn, p.patient) }},
		{StoreCards, func() (bool, error) { return p.storeCards(ctx, StoreCards, p.patient) }},
	} {
		if err := p.observer.Observe(ctx, Call{Act: step.act, At: p.now}); err != nil {
			return err
		}
		if ok, err := step.do(); err != nil {
			return err
		} else if !ok {
			return ErrGaveUp
		}
	}
	p.ready = true
	return nil
}
