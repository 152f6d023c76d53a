package play

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
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
	preset := scenarios.DefaultPatient()
	form := url.Values{
		"type": {"200"}, "street_addr": {"2868 Tully Street"},
		"city": {"MI"}, "state": {"Detroit"},
	}
	for _, field := range []struct {
		name                 string
		said, clinic, preset scenarios.Text
	}{
		{"first_name", p.FirstName, clinic.FirstName, preset.FirstName},
		{"last_name", p.LastName, clinic.LastName, preset.LastName},
		{"code", p.Code, clinic.Code, preset.Code},
		{"email", p.Email, clinic.Email, preset.Email},
		{"dob", p.DOB, clinic.DOB, preset.DOB},
		{"gender", p.Gender, clinic.Gender, preset.Gender},
		{"zip", p.Zip, clinic.Zip, preset.Zip},
	} {
		if value := cmp.Or(field.said, field.clinic, field.preset); value != "" && !slices.Contains(p.Without, field.name) {
			form.Set(field.name, string(value))
		}
	}
	cards := url.Values{"insurance.respparty": {string(cmp.Or(p.Respparty, preset.Respparty))}}
	set := func(key string, value scenarios.Text) {
		if value != "" {
			cards.Set("insurance."+key, string(value))
		}
	}
	for card, carrier := range carriers {
		set(card+"_carrier_code", scenarios.Text(carrier))
		if !slices.Contains(p.Without, "subscriber_num") {
			set(card+"_subscriber_num", cmp.Or(p.SubscriberNum, preset.SubscriberNum))
		}
		set(card+"_group_number", p.GroupNumber)
	}
	set("patient.guarantor_name", p.GuarantorName)
	set("patient.guarantor_dob", p.GuarantorDOB)
	return &patient{form: form, cards: cards}
}

// subscriber returns the subscriber of the patient's cards, as the clinic counts and draws by it.
func (p *patient) subscriber() string {
	for _, card := range []string{"primary", "secondary"} {
		if number := p.cards.Get("insurance." + card + "_subscriber_num"); number != "" {
			return memberid.Normal(number)
		}
	}
	return "user " + p.id
}

// begin takes the guide's steps 1 to 3: it lists the insurers, signs the patient on and stores the cards.
func (p *player) begin(ctx context.Context) error {
	if err := p.readClock(ctx); err != nil {
		return err
	}
	s := p.scenario
	if first, _ := s.When.Next(p.now, true); s.Person().DOB == "" && len(s.When.Age) > 0 {
		p.patient.form.Set("dob", string(s.When.BirthDate(first)))
	}
	r := Request{Operation: "listInsurers", Method: http.MethodGet, Path: "/insurances/", Auth: ByAdmin}
	if _, err := p.call(ctx, Call{Act: ListInsurers}, r, nil); err != nil {
		return err
	}
	err := p.join(ctx, p.patient, false)
	p.ready = true
	p.draw()
	return err
}

// join signs a patient on and stores the cards.
func (p *player) join(ctx context.Context, who *patient, other bool) error {
	ok, err := p.signOn(ctx, Call{Act: SignOn, Other: other}, who)
	if ok {
		r := Request{Operation: "updateMe", Method: http.MethodPost, Path: "/me.json", Form: who.cards, patient: who}
		ok, err = p.call(ctx, Call{Act: StoreCards, Other: other}, r, nil)
	}
	if err == nil && !ok {
		return ErrGaveUp
	}
	return err
}

// signOn signs a patient on and keeps the id and the token.
func (p *player) signOn(ctx context.Context, c Call, who *patient) (bool, error) {
	var reply struct {
		Data struct {
			ID    string `json:"id"`
			Token struct {
				Token string `json:"token"`
			} `json:"token"`
		} `json:"data"`
	}
	r := Request{Operation: "signOn", Method: http.MethodPost, Path: "/users/sso", Auth: ByKey, Form: who.form}
	ok, err := p.call(ctx, c, r, &reply)
	if ok {
		who.id, who.token = reply.Data.ID, reply.Data.Token.Token
	}
	return ok, err
}

// changeCard stores new numbers on a card of the patient. The results of the earlier card go, also those to come.
func (p *player) changeCard(ctx context.Context, change scenarios.CardChange) error {
	card, form, changes := change.Of(), url.Values{}, false
	for name, number := range map[string]scenarios.Text{
		"_subscriber_num": change.SubscriberNum, "_group_number": change.GroupNumber,
	} {
		if key := "insurance." + card + name; number != "" {
			changes = changes || p.patient.cards.Get(key) != string(number)
			form.Set(key, string(number))
			p.patient.cards.Set(key, string(number))
		}
	}
	if changes {
		delete(p.saved, card)
		for _, d := range p.pending {
			if d.Check != nil && d.Kind == Result && d.Check.N > 0 && d.Check.Step.Card == card {
				d.Check.Late = true
			}
		}
	}
	r := Request{Operation: "updateMe", Method: http.MethodPost, Path: "/me.json", Form: form, patient: p.patient}
	_, err := p.call(ctx, Call{Act: ChangeCard, Card: card}, r, nil)
	return err
}
