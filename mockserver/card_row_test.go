package mockserver_test

import (
	"fmt"
	"maps"
	"slices"
)

// row is fields by their names on cards; it has no empty field.
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

// except returns the other fields of a row.
func (r row) except(names ...string) row {
	after := r.set(nil)
	maps.DeleteFunc(after, func(name, _ string) bool { return slices.Contains(names, name) })
	return after
}

// and returns a card as two ways of reading show it. If they differ in its number, the row has a note of it.
func (r row) and(newer row) row {
	both := r.set(newer)
	for name := range both.number() {
		if r[name] != newer[name] {
			both[name] = fmt.Sprintf("the older way shows %q, the newer %q", r[name], newer[name])
		}
	}
	return both
}

func orders() []string { return []string{"primary", "secondary"} }

// number is a card's policy fields.
func (r row) number() row { return r.only("insurer_code", "subscriber_number", "group_number") }

// subject is the subject of a result without the patient: the policy and the insured person.
func (r row) subject() row {
	about := r.number().set(r.only("responsible_party", "guarantor_name", "guarantor_dob", "guarantor_gender"))
	if about["responsible_party"] == "self" {
		delete(about, "responsible_party") // as if it were not said
	}
	return about
}

// outcome is the fields that a check sets on a card: the older way shows the first, the newer the second.
func outcome() []string { return []string{"result", "eligibility"} }

// relation is the fields for the patient's relation to the insured; the older way has the first four.
func relation() []string {
	return []string{"responsible_party", "guarantor_name", "guarantor_dob", "guarantor_zip", "guarantor_gender",
		"guarantor_address_2"}
}

// resulting returns a result as both ways show it.
func resulting(result string) row {
	return row{"result": result, "eligibility": map[bool]string{true: "active", false: "inactive"}[result == "Success"]}
}

// answer is the clearinghouse's answer to a check of a card, for a patient with complete data.
func (r row) answer() row {
	other := r["responsible_party"] != "" && r["responsible_party"] != "self"
	switch {
	case r["subscriber_number"] == "11000075":
		return resulting("Subscriber/Insured not found")
	case r["insurer_code"] == "":
		return resulting("Payer name or identifier missing")
	case r["subscriber_number"] == "":
		return resulting("Invalid/Missing subscriber/insured ID")
	case other && r["guarantor_name"] == "":
		return resulting("Invalid/Missing subscriber/insured name")
	case other && r["guarantor_dob"] == "":
		return resulting("Invalid/Missing date of birth")
	}
	return resulting("Success")
}
