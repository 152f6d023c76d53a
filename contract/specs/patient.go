package specs

import (
	"cmp"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// patientOf returns the sign-on form of a scenario's patient.
func patientOf(who scenarios.Patient) form {
	f := form{{"type", "200"}, {"street_addr", "2868 Tully Street"}, {"city", "Detroit"}, {"state", "MI"},
		{"zip", "48226"}}
	for _, field := range [][3]string{
		{"code", string(who.Code), engine.Unique()},
		{"first_name", string(who.FirstName), "Contract"},
		{"last_name", string(who.LastName), "Patient"},
		{"dob", string(who.DOB), "1986-01-01"},
		{"gender", string(who.Gender), "1"},
	} {
		if !slices.Contains(who.Without, field[0]) {
			f = f.And(field[0], cmp.Or(field[1], field[2]))
		}
	}
	if who.Email != "" {
		f = f.And("email", string(who.Email))
	}
	return f
}

// cardOf returns the update for the card of a scenario's patient, with their relationship to the insured.
func cardOf(who scenarios.Patient) form {
	card := "insurance." + cmp.Or(string(who.Card), "primary")
	f := form{{card + "_carrier_code", string(who.CarrierCode)},
		{"insurance.respparty", cmp.Or(string(who.Respparty), "self")}}
	if !slices.Contains(who.Without, "subscriber_num") {
		f = f.And(card+"_subscriber_num", cmp.Or(string(who.SubscriberNum), "234234"))
	}
	for _, field := range [][2]string{
		{card + "_group_number", string(who.GroupNumber)},
		{"insurance.patient.guarantor_name", string(who.GuarantorName)},
		{"insurance.patient.guarantor_dob", string(who.GuarantorDOB)},
	} {
		if field[1] != "" {
			f = f.And(field[0], field[1])
		}
	}
	return f
}

// patientForm is the sign-on form of a complete patient with a code of its own.
func patientForm() form {
	return form{
		{"first_name", "Contract"}, {"last_name", "Patient"}, {"type", "200"},
		{"code", engine.Unique()}, {"dob", "1986-01-01"},
		{"gender", "1"}, {"street_addr", "2868 Tully Street"}, {"city", "Detroit"}, {"state", "MI"}, {"zip", "48226"},
	}
}
