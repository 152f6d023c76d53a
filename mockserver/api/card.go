package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// generation is the version at the top of each reply about cards (documented).
const generation = "2.0"

// ListCards returns the cards of a user.
func (handlers) ListCards(ctx context.Context, c call) (reply, error) {
	user, err := c.clinic.User(ctx, c.token, c.params.Get("id"))
	if err != nil {
		return reply{}, err
	}
	return cardsReply(c, user), nil
}

// ImportCards writes up to two cards of a user.
func (handlers) ImportCards(ctx context.Context, c call) (reply, error) {
	var cards []clinic.CardPatch
	for i := range c.body.items["insurances"] {
		place := fmt.Sprintf("insurances.%d.", i)
		cards = append(cards, c.body.card(orderOf(c.body.text(place+"card_type")), place))
	}
	user, err := c.clinic.ImportCards(ctx, c.token, c.params.Get("id"), cards)
	if err != nil {
		return reply{}, err
	}
	c.warnOfInsurers()
	return cardsReply(c, user), nil
}

// SaveCard writes one card of a user.
func (handlers) SaveCard(ctx context.Context, c call) (reply, error) {
	order := orderOf(c.params.Get("card"))
	if kind := c.body.text("card_type"); kind != "" && kind != order.String() {
		return reply{}, &document.Violation{Field: "card_type", Rule: "must be the card type in the path, or left out"}
	}
	user, err := c.clinic.UpdateCard(ctx, c.token, c.params.Get("id"), c.body.card(order, ""))
	if err != nil {
		return reply{}, err
	}
	saved := userReply(user, insuranceCardOf(c, user, order))
	saved.version = generation
	c.warnOfInsurers()
	return saved, nil
}

// DeleteCard removes one card of a user.
func (handlers) DeleteCard(ctx context.Context, c call) (reply, error) {
	user, err := c.clinic.DeleteCard(ctx, c.token, c.params.Get("id"), orderOf(c.params.Get("card")))
	if err != nil {
		return reply{}, err
	}
	return cardsReply(c, user), nil
}

// orderOf returns the card of a name already validated against openapi.yaml.
func orderOf(name string) clinic.Order {
	if name == clinic.Secondary.String() {
		return clinic.Secondary
	}
	return clinic.Primary
}

// card returns the fields below a place as a write of a card.
func (f *fields) card(order clinic.Order, place string) clinic.CardPatch {
	p := clinic.CardPatch{
		Order: order, Fields: map[string]string{}, Place: place,
		Front: f.upload(place + "card_front"), Back: f.upload(place + "card_back"),
	}
	for at := range f.places() {
		if name, ok := strings.CutPrefix(at, place); ok && name != "card_type" {
			p.Fields[name] = f.text(at)
		}
	}
	return p
}

// cardsReply is the reply with all cards of a user.
func cardsReply(c call, user *clinic.User) reply {
	cards := []insuranceCard{}
	for _, order := range clinic.Orders() {
		if card := user.Insurance.Card(order); card.IsSet() {
			cards = append(cards, insuranceCardOf(c, user, order))
		}
	}
	all := userReply(user, cards)
	all.version = generation
	return all
}
