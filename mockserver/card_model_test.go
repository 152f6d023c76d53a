package mockserver_test

import "maps"

// model predicts a user's insurance, whichever way it is written. It has each existing card and `insurance.patient`.
// The latter belongs to the first card; without a card it keeps the fields written for a first one to come.
//
// A result is about the policy, the patient and the insured: it goes when one of them changes.
type model struct {
	cards   map[string]row
	patient row
	person  row // the patient as a person
}

// checkSubject is the subject of a check at its start.
type checkSubject struct {
	order        string
	card, person row
}

func (m *model) write(o op) {
	if person := m.person.set(o.person); !maps.Equal(person, m.person) {
		m.person = person
		for order, card := range m.cards {
			m.cards[order] = card.except(resultNames()...)
		}
	}
	m.patient = m.patient.set(o.relation)
	for order, fields := range o.cards {
		before, card := m.cards[order], m.cards[order]
		switch {
		case o.kind == "import", o.kind == "delete" && before != nil:
			card, m.patient = nil, nil
		case before == nil, len(o.relation) > 0: // `insurance.patient` belongs to both cards, and to a new one
			card = m.patient.set(before.except(relationNames()...))
		}
		after := card.except(resultNames()...).set(fields)
		if o.kind == "save" && after["insurer_code"] == "" {
			return // it is refused
		}
		if maps.Equal(after.subject(), before.subject()) {
			after = after.set(before.only(resultNames()...))
		}
		if m.cards[order] = after; len(after.number()) == 0 {
			delete(m.cards, order)
		}
	}
	for _, order := range []string{"secondary", "primary"} {
		if card := m.cards[order]; card != nil {
			m.patient = card.only(relationNames()...)
		}
	}
}

// check returns the subject of a carrier's check: the first card with this carrier, or else without any; nil without
// a card.
func (m *model) check(carrier string) *checkSubject {
	for _, at := range [][2]string{{"primary", carrier}, {"secondary", carrier}, {"primary", ""}, {"secondary", ""}} {
		if card := m.cards[at[0]]; card != nil && card["insurer_code"] == at[1] {
			return &checkSubject{at[0], card, m.person}
		}
	}
	return nil
}

// end ends a check: its answer is for the card and the patient as they were at the start.
func (m *model) end(a *checkSubject) {
	card := m.cards[a.order]
	if maps.Equal(card.subject(), a.card.subject()) && maps.Equal(m.person, a.person) {
		m.cards[a.order] = card.set(a.card.answer())
	}
}
