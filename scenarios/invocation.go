package scenarios

import "strings"

// Invocation describes in Markdown the check of the scenario, and its other requirements.
func (s Scenario) Invocation() string {
	var parts []string
	for _, k := range conditions {
		if want := *k.wanted(&s.When); len(want) > 0 {
			parts = append(parts, k.name+" `"+strings.Join(want, "` or `")+"`")
		}
	}
	if s.When.IsZero() {
		parts = s.Patient.words()
	}
	if s.Clinic != (Clinic{}) {
		parts = append(parts, "in a clinic with "+quoted(s.Clinic))
	}
	return strings.Join(parts, ", ")
}

// words describes the special properties of a patient.
func (p Patient) words() []string {
	var parts []string
	for _, field := range []struct {
		name  string
		value Text
	}{
		{"carrier_code", p.CarrierCode}, {"subscriber_num", p.SubscriberNum}, {"group_number", p.GroupNumber},
		{"card", p.Card}, {"respparty", p.Respparty}, {"first_name", p.FirstName}, {"last_name", p.LastName},
		{"dob", p.DOB}, {"code", p.Code}, {"email", p.Email},
	} {
		if field.value != "" {
			parts = append(parts, field.name+" `"+string(field.value)+"`")
		}
	}
	for _, name := range p.Without {
		parts = append(parts, "no "+name)
	}
	return parts
}

// quoted returns a part of a scenario in its form in a file, on one line.
func quoted(part any) string { return "`" + flow(part) + "`" }
