package clinic

import (
	"context"
	"slices"
	"time"
)

// CardPatch is a write of one card in the newer generation's way.
type CardPatch struct {
	Order Order
	// Fields are new values by their names in openapi.yaml: "insurer_code", "guarantor_first_name". An empty one
	// empties the field.
	Fields map[string]string
	// Place is the prefix of the field names in the request, such as "insurances.1." in an import. Error messages
	// include it.
	Place string
	// Front and Back are new images; nil keeps the image, and one without data removes it.
	Front, Back *Upload
}

// ImportCards writes up to two cards of a user, one of each type. It writes all or none of them. It overwrites an
// existing card (documented): a field missing in the request becomes unset.
func (c *Clinic) ImportCards(ctx context.Context, token, userID string, cards []CardPatch) (*User, error) {
	if len(cards) == 2 && cards[0].Order == cards[1].Order {
		return nil, refuse(Invalid, "insurances must have at most one primary and one secondary card")
	}
	return c.changeCards(ctx, token, userID, func(tx Tx, user *User) error {
		before := *user.Insurance
		for _, p := range cards {
			*user.Insurance.card(p.Order) = Card{}
		}
		for _, p := range cards {
			if err := p.write(tx, user, before.Card(p.Order), c.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// UpdateCard writes one card of a user (inferred). A field missing in the request keeps its value. A new card starts
// with the relation of `insurance.patient` (ours).
func (c *Clinic) UpdateCard(ctx context.Context, token, userID string, p CardPatch) (*User, error) {
	return c.changeCards(ctx, token, userID, func(tx Tx, user *User) error {
		before := user.Insurance.Card(p.Order)
		if !before.IsSet() {
			user.Insurance.card(p.Order).Relation = user.Insurance.Relation()
		}
		return p.write(tx, user, before, c.clock.Now())
	})
}

// DeleteCard removes a card of a user (inferred), with its images and its result. There must be one (ours).
func (c *Clinic) DeleteCard(ctx context.Context, token, userID string, order Order) (*User, error) {
	return c.changeCards(ctx, token, userID, func(_ Tx, user *User) error {
		card := user.Insurance.card(order)
		if !card.IsSet() {
			return refuse(NotFound, "the user has no %s card", order)
		}
		*card = Card{}
		return nil
	})
}

// changeCards stores the user that change changes, if the owner of the token may change that user.
func (c *Clinic) changeCards(ctx context.Context, token, userID string, change func(Tx, *User) error) (*User, error) {
	return update(ctx, c, func(tx Tx) (*User, error) {
		before, err := c.authorizedUser(tx, token, userID)
		if err != nil {
			return nil, err
		}
		user := *before
		user.Insurance = new(*before.Insurance)
		if err := change(tx, &user); err != nil {
			return nil, err
		}
		user.Insurance.Patient = Relation{} // the cards hold the relation now
		return storeUser(tx, before, &user), nil
	})
}

// write overwrites the user's card.
func (p CardPatch) write(tx Tx, user *User, before Card, now time.Time) error {
	card := user.Insurance.card(p.Order)
	if err := p.apply(tx.Settings(), card, before); err != nil {
		return err
	}
	var err error
	if card.Front, err = p.Front.replace(tx, user.ID, card.Front, now); err != nil {
		return err
	}
	card.Back, err = p.Back.replace(tx, user.ID, card.Back, now)
	return err
}

// apply writes the fields over a card. It refuses an insurer unknown to the clinic, a card without an insurer, an
// unknown field, and a guarantor's name in conflict with its parts.
func (p CardPatch) apply(s *Settings, card *Card, before Card) error {
	guarantor := card.Relation.Guarantor
	for field, value := range p.Fields {
		switch field {
		case "insurer_code":
			if _, ok := s.insurer(value); !ok && value != before.Carrier { // an insurer removed from the clinic's list may stay
				return p.refuse("insurer_code is neither the id nor the name of one of the clinic's insurers: GET /insurances " +
					"lists them")
			}
			card.Carrier = s.carrier(value)
		case "subscriber_number":
			card.Subscriber = value
		case "group_number":
			card.Group = value
		case "consent":
			card.Consent = value == "true" || value == "1"
		case "guarantor_gender":
			n, err := s.genderNumber(p.Place+field, value)
			if err != nil {
				return err
			}
			card.Relation.Guarantor.Gender = n
		default:
			text := card.Relation.field(field)
			if text == nil {
				return p.refuse(field + " is not a field of an insurance card")
			}
			*text = value
		}
	}
	if card.Carrier == "" {
		return p.refuse("insurer_code is required")
	}
	var agree bool
	if card.Relation.Guarantor, agree = card.Relation.Guarantor.withWrittenName(guarantor, p.Fields); !agree {
		return p.refuse("guarantor_name contradicts its parts: send the whole name, or guarantor_first_name, " +
			"guarantor_middle_name and guarantor_last_name")
	}
	return nil
}

// refuse returns an Error of kind Invalid; message begins with the name of a field of the card.
func (p CardPatch) refuse(message string) error { return refuse(Invalid, "%s%s", p.Place, message) }

// insurer returns the clinic's insurer with this id or, as in VSee's examples of cards, with this name.
func (s *Settings) insurer(code string) (Insurer, bool) {
	at := slices.IndexFunc(s.Insurers, func(i Insurer) bool { return i.ID == code })
	if at < 0 {
		at = slices.IndexFunc(s.Insurers, func(i Insurer) bool { return i.Name == code })
	}
	if at < 0 {
		return Insurer{}, false
	}
	return s.Insurers[at], true
}

// HasInsurer reports whether the clinic has an insurer of this id or name.
func (s *Settings) HasInsurer(code string) bool {
	_, ok := s.insurer(code)
	return ok
}

// carrier returns the stored form of an insurer's id or name: the id, or the text unchanged if the clinic does not know
// it.
func (s *Settings) carrier(text string) string {
	if insurer, ok := s.insurer(text); ok {
		return insurer.ID
	}
	return text
}

// storeUser stores a user after a possible change, and returns the stored user: it must not be changed afterwards. It
// removes a result when its policy or person has changed, and an image sent with a card when no card uses it any more
// (ours).
func storeUser(tx Tx, before, user *User) *User {
	for _, o := range Orders() {
		if user.subject(o) != before.subject(o) {
			user.Responses[o], user.Ours[o] = "", false
			user.LastChecks = withoutChecksOf(tx, user.LastChecks, o)
		}
	}
	after := user.Insurance.files()
	for _, id := range before.Insurance.files() {
		if file, _ := tx.File(id); file.OfCard && !slices.Contains(after, id) {
			tx.RemoveFile(id)
		}
	}
	tx.PutUser(user)
	return user
}
