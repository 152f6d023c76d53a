package demo

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// patient is a patient signed on in a demo.
type patient struct {
	form      url.Values // the form of the sign-on
	id, token string
}

func demoPatient(p scenarios.Patient) url.Values {
	form := url.Values{
		"first_name":  {cmp.Or(string(p.FirstName), "Edward")},
		"last_name":   {cmp.Or(string(p.LastName), "VSee")},
		"type":        {"200"},
		"code":        {cmp.Or(string(p.Code), "edward+001.vclinic@vseelab.com")},
		"email":       {cmp.Or(string(p.Email), "edward+001.vclinic@vseelab.com")},
		"dob":         {cmp.Or(string(p.DOB), "1986-01-01")},
		"gender":      {cmp.Or(string(p.Gender), "1")},
		"street_addr": {"2868 Tully Street"},
		"state":       {"Detroit"},
		"city":        {"MI"},
		"zip":         {"48226"},
	}
	for _, name := range p.Without {
		form.Del(name)
	}
	return form
}

// demoCards returns the update with a patient's cards, by their carriers, and the patient's relationship to the
// insured.
func demoCards(p scenarios.Patient, carriers map[string]string) url.Values {
	form := url.Values{"insurance.respparty": {cmp.Or(string(p.Respparty), "self")}}
	set := func(key, value string) {
		if value != "" {
			form.Set("insurance."+key, value)
		}
	}
	for card, carrier := range carriers {
		set(card+"_carrier_code", carrier)
		if !slices.Contains(p.Without, "subscriber_num") {
			set(card+"_subscriber_num", cmp.Or(string(p.SubscriberNum), "234234"))
		}
		set(card+"_group_number", string(p.GroupNumber))
	}
	set("patient.guarantor_name", string(p.GuarantorName))
	set("patient.guarantor_dob", string(p.GuarantorDOB))
	return form
}

// somebodyElse returns a patient of the clinic outside of every scenario.
func somebodyElse() (*patient, url.Values) {
	form := demoPatient(scenarios.Patient{FirstName: "Somebody", LastName: "Else", Code: "somebody-else", Email: "else@vseelab.com"})
	return &patient{form: form}, demoCards(scenarios.Patient{}, map[string]string{"primary": "car7556"})
}
