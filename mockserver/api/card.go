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

// listInsurerOptions returns the clinic's insurers in the form of a form's options.
func listInsurerOptions(ctx context.Context, c call) (any, error) {
	insurers, err := c.clinic.Insurers(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]insurerOption, 0, len(insurers))
	for _, i := range insurers {
		rows = append(rows, insurerOption{i.ID, i.Name})
	}
	return rows, nil
}

func listCards(ctx context.Context, c call) (any, error) {
	user, err := c.clinic.User(ctx, c.token, c.params["id"])
	return cardsReply(c, user, err)
}

func importCards(ctx context.Context, c call) (any, error) {
	var cards []clinic.CardPatch
	for i := range c.body.items["insurances"] {
		place := fmt.Sprintf("insurances.%d.", i)
		cards = append(cards, c.body.card(orderOf(c.body.text(place+"card_type")), place))
	}
	user, err := c.clinic.ImportCards(ctx, c.token, c.params["id"], cards)
	if err != nil {
		return nil, err
	}
	return cardsReply(c, user, c.warnOfInsurers(ctx))
}

func saveCard(ctx context.Context, c call) (any, error) {
	order := orderOf(c.params["card"])
	if said := c.body.text("card_type"); said != "" && said != order.String() {
		return nil, &document.Violation{Field: "card_type", Rule: "must be that of the path, or left out"}
	}
	user, err := c.clinic.UpdateCard(ctx, c.token, c.params["id"], c.body.card(order, ""))
	if err != nil {
		return nil, err
	}
	if err := c.warnOfInsurers(ctx); err != nil {
		return nil, err
	}
	return envelope{Data: insuranceCardOf(c, user, order), Version: generation, shows: user.ID, ours: user.HasResponseGradedOurs()}, nil
}

func deleteCard(ctx context.Context, c call) (any, error) {
	user, err := c.clinic.DeleteCard(ctx, c.token, c.params["id"], orderOf(c.params["card"]))
	return cardsReply(c, user, err)
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
		Order: order, Fields: map[string]string{}, Place: place, Front: f.image(place + "card_front"), Back: f.image(place + "card_back"),
	}
	for at := range f.values {
		if name, ok := strings.CutPrefix(at, place); ok && name != "card_type" {
			p.Fields[name] = f.text(at)
		}
	}
	return p
}

// cardsReply is the reply with all cards of a user.
func cardsReply(c call, user clinic.User, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	cards := []insuranceCard{}
	for _, order := range clinic.Orders() {
		if user.Insurance.Card(order).IsSet() {
			cards = append(cards, insuranceCardOf(c, user, order))
		}
	}
	return envelope{Data: cards, Version: generation, shows: user.ID, ours: user.HasResponseGradedOurs()}, nil
}
