package scenarios

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// DefaultPatient has the data of a patient where a scenario has none: mostly the guide's.
func DefaultPatient() Patient {
	return Patient{
		FirstName: "Edward", LastName: "VSee", Code: "edward+001.vclinic@vseelab.com", DOB: "1986-01-01", Gender: "1",
		Zip: "48226", Respparty: "self", SubscriberNum: "234234",
	}
}

// Person returns the patient of the scenario: the data of `when` and `patient` about the patient and their card,
// and of `not` as far as it leaves the default patient out. The card is named when the scenario can be about one alone.
func (s Scenario) Person() Patient {
	p := s.Patient
	p.Without = slices.Concat(p.Without, s.When.Absent)
	for _, k := range conditions {
		is := p.field(k.name)
		if is != nil && *is == "" && !slices.Contains(p.Without, k.name) {
			if *is = Text(k.wanted(&s.When).Example()); strings.HasSuffix(k.name, "dob") && *is != "" {
				*is = Text(k.wanted(&s.When).exampleDate())
			}
		}
	}
	for _, n := range s.When.leavingOutAlways() {
		s.When.evade(n, &p)
	}
	if cards := s.concerned(); p.Card == "" && len(cards) == 1 {
		p.Card = Text(cards[0])
	}
	return p
}

// field returns the field of a patient with the value of a condition; nil for none.
func (p *Patient) field(name string) *Text {
	switch name {
	case "carrier_code":
		return &p.CarrierCode
	case "subscriber_num":
		return &p.SubscriberNum
	case "group_number":
		return &p.GroupNumber
	case "respparty":
		return &p.Respparty
	case "first_name":
		return &p.FirstName
	case "last_name":
		return &p.LastName
	case "dob":
		return &p.DOB
	case "code":
		return &p.Code
	case "email":
		return &p.Email
	case "gender":
		return &p.Gender
	case "zip":
		return &p.Zip
	case "guarantor_name":
		return &p.GuarantorName
	case "guarantor_dob":
		return &p.GuarantorDOB
	}
	return nil
}

// check returns a check of the patient, with the default patient's data where they have none.
func (p *Patient) check() *Check {
	preset := DefaultPatient()
	preset.CarrierCode = Text(carriers[0])
	value := func(name string) string {
		if slices.Contains(p.Without, name) {
			return ""
		}
		return string(cmp.Or(*p.field(name), *preset.field(name)))
	}
	return &Check{
		CarrierCode: value("carrier_code"), SubscriberNum: value("subscriber_num"), GroupNumber: value("group_number"),
		Card: string(p.Card), Respparty: value("respparty"), FirstName: value("first_name"), LastName: value("last_name"),
		DOB: value("dob"), Code: value("code"), Email: value("email"), Gender: genderNumber(value("gender")),
		Zip: value("zip"), GuarantorName: value("guarantor_name"), GuarantorDOB: value("guarantor_dob"),
		At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), // for an age
	}
}

// leavingOutAlways returns the conditions that leave patients out at any time and at any number of a check.
func (w *When) leavingOutAlways() Nots {
	return slices.DeleteFunc(slices.Clone(w.Not), func(n When) bool { return len(n.Nth) > 0 || n.IsTimed() })
}

// evade changes a field of a patient who is left out by a condition, so that they are not.
func (w *When) evade(n When, p *Patient) {
	leftOutBy := func(c *Check) (times int) {
		for _, n := range w.leavingOutAlways() {
			if n.matchesLocal(c) {
				times++
			}
		}
		return times
	}
	first := leftOutBy(p.check())
	if !n.matchesLocal(p.check()) {
		return
	}
	for _, k := range conditions {
		is := p.field(k.name)
		if k.name == "age" && len(w.Age) == 0 {
			is = &p.DOB
		}
		if is == nil || len(*k.wanted(&n)) == 0 && !slices.Contains(n.Absent, k.name) {
			continue
		}
		before := *is
		for _, text := range k.examples(*k.wanted(w)) {
			*is = Text(text)
			if c := p.check(); k.matches(w, c) && leftOutBy(c) < first {
				return
			}
		}
		*is = before
	}
}

// examples returns values to try for a condition: those of the wanted patterns, or else some that people have.
func (k *condition) examples(wanted Match) []string {
	var all []string
	for _, text := range wanted {
		for _, some := range strings.Split("234567890abcx", "") {
			all = append(all, strings.NewReplacer("*", some, "?", some).Replace(text))
		}
	}
	if len(wanted) > 0 && k.span == nil {
		return all
	}
	usual := map[string][]string{
		"carrier_code": {"car7551", "car7147", "car7414", "car7580"}, "gender": {"2", "1"},
		"respparty": {"self", "child", "spouse", "other"}, "zip": {"48226", "90210", "10001"},
	}[k.name]
	if k.span != nil {
		usual = []string{"1930-01-01", "1950-01-01", "1965-01-01", "1976-01-01", "1996-01-01", "2010-01-01", "2020-01-01"}
	}
	if usual == nil {
		usual = []string{"Sample", "1234", "another"}
	}
	return append(all, usual...)
}
