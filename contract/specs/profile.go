package specs

import (
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// guidesCards is the update with both cards, of step 3 of the guide.
func guidesCards() form {
	return form{
		{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"},
		{"insurance.primary_group_number", "contract-3"}, {"insurance.respparty", "self"},
		{"insurance.secondary_carrier_code", "car11406"}, {"insurance.secondary_group_number", "contract-group"},
		{"insurance.secondary_subscriber_num", "contract-0012"},
	}
}

// profileFields are two values of each documented field of a sign-on and of an update. The dates are leap days, or
// before the times that a server may count from.
func profileFields() [][3]string {
	one, other := engine.Unique(), engine.Unique()
	return [][3]string{
		{"first_name", "Contract", "Contract-second"}, {"last_name", "Patient", "contract-last"},
		{"email", one + "@example.com", other + "@example.com"}, {"username", one, other},
		{"dob", "1924-02-29", "1969-12-31"}, {"gender", "1", "2"},
		{"street_addr", "2868 Tully Street", "1 Main Street"}, {"city", "Detroit", "Ann Arbor"}, {"state", "MI", "AZ"},
		{"zip", "00501", "02134"},
		{"phone", "+12025550123", "+12025550199"}, {"timezone", "Asia/Singapore", "Europe/Paris"},
		{"extra.contract_id", "contract-7", "contract-8"},
		{"insurance.primary_carrier_code", "car7556", "car7551"}, {"insurance.primary_subscriber_num", "234234",
			"contract-0021"},
		{"insurance.primary_group_number", "contract-3", "contract-4"},
		{"insurance.secondary_carrier_code", "car11406", "car7147"}, {"insurance.secondary_subscriber_num",
			"contract-0012", "contract-0022"},
		{"insurance.secondary_group_number", "contract-group", "contract-group-2"},
		{"insurance.respparty", "child", "spouse"},
		{"insurance.patient.guarantor_name", "contract-guarantor", "contract-other"}, {"insurance.patient.guarantor_dob",
			"1932-02-29", "1901-12-12"},
		{"insurance.patient.guarantor_address", "contract-street", "contract-road"}, {"insurance.patient.guarantor_city",
			"Flint", "Lansing"},
		{"insurance.patient.guarantor_state", "MI", "AZ"}, {"insurance.patient.guarantor_zip", "00601", "48502"},
	}
}

// fullForm is a sign-on with every documented field.
func fullForm() form {
	f := form{{"type", "200"}, {"code", engine.Unique()}, {"disable_emails", "1"}}
	for _, field := range profileFields() {
		f = f.And(field[0], field[1])
	}
	return f
}

// wholeForm is the sign-on of the sample patient with their card, and with a value in each other documented field. It
// leaves out the one field that not every reply of VSee has.
func (t *trial) wholeForm() form {
	f := append(patientOf(t.sample()), cardOf(t.sample())...)
	for _, field := range fullForm() {
		if f.Value(field[0]) == "" && (t.IsMock() || field[0] != "insurance.primary_group_number") {
			f = f.And(field[0], field[1])
		}
	}
	return f
}

// otherFields is an update of every documented field, with other values than those of fullForm.
func otherFields() form {
	f := form{{"disable_emails", "0"}}
	for _, field := range profileFields() {
		f = f.And(field[0], field[2])
	}
	return f
}

// specialTexts are texts that servers damage: outer and double blanks, capitals, quotes, markup, escapes and characters
// beyond ASCII, with four bytes too, in the first one; zeros at the beginning of the second one; and 128 characters.
func specialTexts() []string {
	return []string{` D'Arc  & <Söhne 东𠮷> "A+B" 100%41 \1 `, zeroedText, strings.Repeat("contract", 16)}
}

// special returns a form with a text in each field that takes any, and with an e-mail address in capitals.
func special(f form, text string) form {
	f = f.Without("email").And("email", "Contract"+strings.TrimPrefix(engine.Unique(), "contract")+"@example.com")
	for _, name := range []string{
		"first_name", "last_name", "street_addr", "city", "state", "phone", "extra.contract_id",
		"insurance.primary_subscriber_num", "insurance.secondary_subscriber_num", "insurance.secondary_group_number",
		"insurance.patient.guarantor_name", "insurance.patient.guarantor_address", "insurance.patient.guarantor_city",
		"insurance.patient.guarantor_state",
	} {
		f = f.Without(name).And(name, text)
	}
	return f
}

// sentFields returns the fields of a form as replies show them.
func sentFields(f form) []engine.Field {
	var fields []engine.Field
	for _, field := range f {
		want := any(field[1])
		switch field[0] {
		case "type", "disable_emails":
			continue
		case "gender":
			want = map[string]int{"1": 1, "male": 1, "2": 2, "female": 2}[field[1]]
		}
		fields = append(fields, engine.Field{
			Pointer: "/data/" + shownAt(field[0]), Want: want, Rule: field[0] + " must be as sent",
			IfShown: field[0] == "insurance.primary_group_number", // the guide's own reply leaves it out
		})
	}
	if first, last := f.Value("first_name"), f.Value("last_name"); strings.HasPrefix(first, "Contract") && last != "" {
		fields = append(fields, engine.Field{
			Pointer: "/data/full_name", Want: first + " " + last, From: inData([]string{"first_name", "last_name"}),
			Rule: "full_name must be first and last name, joined by a space",
		})
	}
	return fields
}

// shownAt returns the place of a form's field in the data of a reply, such as insurance/primary/carrier_code.
func shownAt(name string) string {
	if name == "insurance.respparty" {
		return "insurance/patient/respparty"
	}
	place := strings.ReplaceAll(name, ".", "/")
	for _, card := range []string{"primary", "secondary"} {
		place = strings.Replace(place, "insurance/"+card+"_", "insurance/"+card+"/", 1)
	}
	return place
}
