package clinic

import "strings"

// Relation is the patient's relation to the insured. If the insured is another person, it includes that person, the
// guarantor.
type Relation struct {
	Respparty string // self, child, spouse or other; empty is self
	Guarantor Guarantor
}

// IsSelf reports whether the patient is the insured.
func (r Relation) IsSelf() bool { return r.Respparty == "" || r.Respparty == "self" }

// Guarantor is the insured, if the patient is not the insured. An empty field is unset.
type Guarantor struct {
	Name                string // the full name: the only one in the older way
	First, Middle, Last string // its parts
	DOB                 string // YYYY-MM-DD
	Gender              int    // such as Male; 0 is unset
	Address, Address2   string
	City, State, Zip    string
}

// withNameAndParts returns the guarantor with the parts of a name: the first word, the last word, and everything
// between them.
func (g Guarantor) withNameAndParts(name string) Guarantor {
	g.Name, g.First, g.Middle, g.Last = name, "", "", ""
	words := strings.Fields(name)
	if len(words) > 0 {
		g.First = words[0]
	}
	if last := len(words) - 1; last > 0 {
		g.Middle, g.Last = strings.Join(words[1:last], " "), words[last]
	}
	return g
}

// withJoinedName returns the guarantor with the full name made from its parts.
func (g Guarantor) withJoinedName() Guarantor {
	g.Name = strings.Join(strings.Fields(g.First+" "+g.Middle+" "+g.Last), " ")
	return g
}

// field returns a pointer to a text field, nil when a relation has no field of that name. It accepts the names of both
// the older and the newer fields.
func (r *Relation) field(name string) *string {
	g := &r.Guarantor
	switch name {
	case "respparty", "responsible_party":
		return &r.Respparty
	case "guarantor_name":
		return &g.Name
	case "guarantor_first_name":
		return &g.First
	case "guarantor_middle_name":
		return &g.Middle
	case "guarantor_last_name":
		return &g.Last
	case "guarantor_dob":
		return &g.DOB
	case "guarantor_address":
		return &g.Address
	case "guarantor_address_2":
		return &g.Address2
	case "guarantor_city":
		return &g.City
	case "guarantor_state":
		return &g.State
	case "guarantor_zip":
		return &g.Zip
	}
	return nil
}

// withWrittenName returns the guarantor after a write of parts of the name, or of the full name. The two must agree; an
// empty one is ignored beside the other. before is the guarantor before the write. It returns false when the name and
// the parts contradict each other.
func (g Guarantor) withWrittenName(before Guarantor, sent map[string]string) (Guarantor, bool) {
	name, whole := sent["guarantor_name"]
	sentParts, parts := Guarantor{}, false
	merged := before.withName(name)
	for _, one := range []struct {
		field       string
		sent, merge *string
	}{
		{"guarantor_first_name", &sentParts.First, &merged.First},
		{"guarantor_middle_name", &sentParts.Middle, &merged.Middle},
		{"guarantor_last_name", &sentParts.Last, &merged.Last},
	} {
		if text, ok := sent[one.field]; ok {
			*one.sent, *one.merge, parts = text, text, true
		}
	}
	switch {
	case !whole && !parts:
		return g, true
	case whole && sentParts.withJoinedName().Name == "":
		return g.withPartsOf(before.withName(name)), true
	case name == "":
		return g.withJoinedName(), true
	}
	for _, split := range []Guarantor{merged, sentParts} {
		if split.withJoinedName().Name == strings.Join(strings.Fields(name), " ") {
			return g.withPartsOf(split), true
		}
	}
	return g, false
}

// withName returns the guarantor with another name. If the name stays the same, the guarantor keeps its parts.
func (g Guarantor) withName(name string) Guarantor {
	if name == g.Name {
		return g
	}
	return g.withNameAndParts(name)
}

// withPartsOf returns the guarantor with the name parts of another one.
func (g Guarantor) withPartsOf(other Guarantor) Guarantor {
	g.First, g.Middle, g.Last = other.First, other.Middle, other.Last
	return g
}
