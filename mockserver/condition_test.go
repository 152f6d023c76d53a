package mockserver_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Scenarios see the data of the patient, the card and the insured, and the clinic's day.
func TestAScenarioMatchesTheDataOfThePatientAndTheDay(t *testing.T) {
	t.Parallel()
	c := clinicWithScenarios(t, map[string]string{
		"a": "when: {first_name: Gen, gender: female}\nanswer: \"41\"\n",
		"b": "when: {first_name: Zip, zip: 482*}\nanswer: \"42\"\n",
		"c": "when: {first_name: Kid, guarantor_name: Sam*, guarantor_dob: ..1960-12-31}\nanswer: \"43\"\n",
		"d": "when: {first_name: Old, age: 18..}\nanswer: \"44\"\n",
		"e": "when: {first_name: Not, not: [{zip: 9*}, {card: secondary}]}\nanswer: \"45\"\n",
		"f": "when: {first_name: Absent, absent: [group_number, email]}\nanswer: \"46\"\n",
		"g": "when: {first_name: Zone, time_zone: Pacific/Auckland, weekday: fri, time: 12:00..13:00}\nanswer: \"47\"\n",
		"h": "when: {first_name: Open, date: ..2030-01-03}\nanswer: \"48\"\n",
	}, clinic.Settings{Clock: clinic.ClockSettings{Start: time.Date(2030, 1, 3, 23, 30, 0, 0, time.UTC), Frozen: true}})
	for _, tc := range []struct {
		code, name string
		more       fields
		want       string
	}{
		{"1", "Gen", fields{{"gender", "2"}}, "Authorization/Access restrictions"},
		{"2", "Gen", fields{{"gender", "1"}}, "Success"},
		{"3", "Zip", fields{{"zip", "48226"}}, "Unable to respond at current time."},
		{"4", "Zip", fields{{"zip", "90210"}}, "Success"},
		{"5", "Kid", fields{{"insurance.respparty", "child"}, {"insurance.patient.guarantor_name", "sam sample"},
			{"insurance.patient.guarantor_dob", "1960-12-31"}}, "Invalid/Missing provider information"},
		{"6", "Kid", fields{{"insurance.respparty", "child"}, {"insurance.patient.guarantor_name", "Sam Sample"},
			{"insurance.patient.guarantor_dob", "1961-01-01"}}, "Success"},
		{"7", "Old", fields{{"dob", "2012-01-03"}}, "Invalid/Missing provider name"},
		{"8", "Old", fields{{"dob", "2012-01-04"}}, "Success"},
		{"9", "Not", fields{{"zip", "48226"}}, "Invalid/Missing provider speciality"},
		{"10", "Not", fields{{"zip", "90210"}}, "Success"},
		{"11", "Absent", nil, "Invalid/Missing provider phone number"},
		{"12", "Absent", fields{{"insurance.primary_group_number", "1"}}, "Success"},
		{"13", "Zone", nil, "Invalid/Missing provider state"},
		{"14", "Open", nil, "Invalid/Missing referring provider identification number"},
	} {
		set := map[string]string{"first_name": tc.name, "last_name": "Sample", "code": tc.code, "dob": "1980-02-29",
			"gender": "1", "insurance.primary_carrier_code": "car7556", "insurance.primary_subscriber_num": tc.code}
		var form fields
		for _, field := range tc.more {
			delete(set, field[0])
			form = append(form, field)
		}
		for name, value := range set {
			form = append(form, [2]string{name, value})
		}
		r := signOn(t, c, form)
		id := r.at(t, "data", "id").(string)
		start(t, c, id, r.at(t, "data", "token", "token").(string))
		c.Advance(t, 10*time.Second)
		if got := response(t, c, id, "primary"); got != tc.want {
			t.Errorf("%s with %v is answered %q, want %q", tc.name, tc.more, got, tc.want)
		}
	}
}
