package clinic

import "strings"

// Relation is how the patient relates to the insured, and who that is when it is somebody else: the guarantor.
type Relation struct {
	Respparty string // self, child, spouse or other; empty is self
	Guarantor Guarantor
}

// Guarantor is the insured of a patient who is not the insured. An empty field is unset.
type Guarantor struct {
	Name                string // all of it: the older way has no other
	First, Middle, Last string // its parts
	DOB                 string // YYYY-MM-DD
	Gender              int    // Male, Female or 0
	Address, Address2   string
	City, State, Zip    string
}

// named returns the guarantor with a name and the parts that it has: the first word, the last one, and what stands
// between them.
func (g Guarantor) named(name string) Guarantor {
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

// joined returns the guarantor with the name that their parts make.
func (g Guarantor) joined() Guarantor {
	g.Name = strings.Join(strings.Fields(g.First+" "+g.Middle+" "+g.Last), " ")
	return g
}

// nameParts are the fields of a guarantor's name in the newer generation.
func nameParts() []string {
	return []string{"guarantor_first_name", "guarantor_middle_name", "guarantor_last_name"}
}

// field returns where a text field is kept, nil when a relation has none of that name. Names are those of either way of
// writing.
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

// written returns the relation after the guarantor's name was written as a whole, or parts of it: the two go together.
// Where both were written, the parts count.
func (r Relation) written(name, parts bool) Relation {
	switch {
	case parts:
		r.Guarantor = r.Guarantor.joined()
	case name:
		r.Guarantor = r.Guarantor.named(r.Guarantor.Name)
	}
	return r
}
