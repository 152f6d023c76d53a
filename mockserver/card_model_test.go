package mockserver_test

import "maps"

// model says what a user's insurance must be, whichever way it is written: each card that there is, and
// `insurance.patient`, which is that of the first card, and without a card what was written for the first one to come.
type model struct {
	cards   map[string]row
	patient row
}

func (m *model) write(o op) {
	m.patient = m.patient.set(o.relation)
	for order, fields := range o.cards {
		before, card := m.cards[order], m.cards[order]
		switch {
		case o.kind == "import", o.kind == "delete" && before != nil:
			card, m.patient = nil, nil
		case before == nil, len(o.relation) > 0: // `insurance.patient` is of both cards, and of a new one
			card = m.patient.set(before.except(relation()...))
		}
		after := card.except(outcome()...).set(fields)
		if o.kind == "save" && after["insurer_code"] == "" {
			return // it is refused
		}
		if maps.Equal(after.number(), before.number()) {
			after = after.set(before.only(outcome()...))
		}
		if m.cards[order] = after; len(after.number()) == 0 {
			delete(m.cards, order)
		}
	}
	for _, order := range []string{"secondary", "primary"} {
		if card := m.cards[order]; card != nil {
			m.patient = card.only(relation()...)
		}
	}
}

// check returns the card that a check of a carrier is about: the first that names it, or else has none.
func (m *model) check(carrier string) map[string]row {
	for _, at := range [][2]string{{"primary", carrier}, {"secondary", carrier}, {"primary", ""}, {"secondary", ""}} {
		if card := m.cards[at[0]]; card != nil && card["insurer_code"] == at[1] {
			return map[string]row{at[0]: card}
		}
	}
	return nil
}

// end ends a check: what is answered is of the card as it was asked about.
func (m *model) end(asked map[string]row) {
	for order, was := range asked {
		if card := m.cards[order]; maps.Equal(card.number(), was.number()) {
			m.cards[order] = card.set(was.answer())
		}
	}
}
