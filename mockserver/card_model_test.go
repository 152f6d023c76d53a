package mockserver_test

import (
	"maps"
	"slices"
)

// row is fields by the names that cards have for them; it has no empty one.
type row map[string]string

// set returns a row with other fields over it.
func (r row) set(fields row) row {
	after := row{}
	maps.Copy(after, r)
	maps.Copy(after, fields)
	maps.DeleteFunc(after, func(_, value string) bool { return value == "" })
	return after
}

// only returns some fields of a row.
func (r row) only(names ...string) row {
	after := r.set(nil)
	maps.DeleteFunc(after, func(name, _ string) bool { return !slices.Contains(names, name) })
	return after
}

func orders() []string { return []string{"primary", "secondary"} }

// number is what a result is about.
func (r row) number() row { return r.only("insurer_code", "subscriber_number", "group_number") }

// relation is how the patient relates to the insured; the older way has its first four fields.
func relation() []string {
	return []string{"responsible_party", "guarantor_name", "guarantor_dob", "guarantor_zip", "guarantor_gender", "guarantor_address_2"}
}

// op is one thing that is done to a user's insurance.
type op struct {
	kind     string
	relation row            // what the older way writes of insurance.patient
	cards    map[string]row // what is written of each card; the card that is deleted
	carrier  string         // of a check
	other    bool           // in the other spelling: a name in its parts, an insurer by its name, the older fields at sign-on
}

// model says what a user's insurance must be.
type model struct {
	cards   map[string]row // those that there are, each with its result
	waiting row            // insurance.patient, while there is no card
	pending []asked
}

// asked is a check that has not ended, of a card as it was.
type asked struct {
	order, answer string
	number        row
}

// patient is insurance.patient: that of the first card.
func (m *model) patient() row {
	for _, order := range orders() {
		if card := m.cards[order]; card != nil {
			return card.only(relation()...)
		}
	}
	return m.waiting
}

// put makes a card what it is to be: none, when it has no insurer and no number. The result of another number goes.
func (m *model) put(order string, after row) {
	if !maps.Equal(m.cards[order].number(), after.number()) {
		delete(after, "result")
	}
	if m.cards[order] = after; len(after.number()) == 0 {
		delete(m.cards, order)
	}
}

func (m *model) do(o op) {
	patient, waiting := m.patient(), row(nil)
	switch o.kind {
	case "older": // insurance.patient is of both cards, and of a new one
		waiting = patient.set(o.relation)
		for _, order := range orders() {
			before := m.cards[order]
			if before == nil || len(o.relation) > 0 {
				before = waiting.set(before.number()).set(before.only("result", "consent"))
			}
			m.put(order, before.set(o.cards[order]))
		}
	case "import": // overwrites
		for order, fields := range o.cards {
			m.put(order, fields.set(m.cards[order].only("result")))
		}
	case "save": // updates
		for order, fields := range o.cards {
			before := m.cards[order]
			if before == nil {
				before = patient
			}
			if before.set(fields)["insurer_code"] == "" {
				return // it is refused
			}
			m.put(order, before.set(fields))
		}
	case "delete":
		for order := range o.cards {
			if m.cards[order] == nil {
				return // it is refused
			}
			m.put(order, nil)
		}
	case "check":
		if order := m.cardOf(o.carrier); order != "" {
			m.pending = append(m.pending, asked{order, m.cards[order].answer(), m.cards[order].number()})
		}
		return
	case "end":
		if len(m.pending) > 0 {
			k := m.pending[0]
			if m.pending = m.pending[1:]; maps.Equal(m.cards[k.order].number(), k.number) {
				m.cards[k.order]["result"] = k.answer
			}
		}
		return
	}
	m.waiting = waiting
}

// cardOf is the card that a check of a carrier is about: the first that names it, or else has none.
func (m *model) cardOf(carrier string) string {
	for _, code := range []string{carrier, ""} {
		for _, order := range orders() {
			if card := m.cards[order]; card != nil && card["insurer_code"] == code {
				return order
			}
		}
	}
	return ""
}

// answer is what a check of a card is answered, of a patient whose own data are complete.
func (r row) answer() string {
	other := r["responsible_party"] != "" && r["responsible_party"] != "self"
	switch {
	case r["subscriber_number"] == "11000075":
		return "Subscriber/Insured not found"
	case r["insurer_code"] == "":
		return "Payer name or identifier missing"
	case r["subscriber_number"] == "":
		return "Invalid/Missing subscriber/insured ID"
	case other && r["guarantor_name"] == "":
		return "Invalid/Missing subscriber/insured name"
	case other && r["guarantor_dob"] == "":
		return "Invalid/Missing date of birth"
	}
	return "Success"
}

// shown is what both ways of reading must show, in one row.
func (m *model) shown() row {
	all := row{}
	for order, card := range m.cards {
		all.add("older "+order, card.number())
		all.add("newer "+order, card)
		all["older "+order+" result"] = card["result"]
		if delete(all, "newer "+order+" result"); card["result"] != "" {
			all["newer "+order+" eligibility"] = map[bool]string{true: "active", false: "inactive"}[card["result"] == "Success"]
		}
	}
	all.add("older patient", m.patient().only(relation()[:4]...))
	return all.set(nil)
}

func (r row) add(what string, fields row) {
	for name, value := range fields {
		r[what+" "+name] = value
	}
}
