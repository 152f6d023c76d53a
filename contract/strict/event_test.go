package strict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const telling = `{"id": "62583ab3-8cfc-4a47-b6c9-272850e631f8", "type": "eligibility.checked",
"created": 1649949363, "account_code": "vclinic", "data": {"eligibility_id": "2505464", "member_id": "132407",
"eligibility_response": "Success", "external_member_id": "5991794"}}`

func TestEventsAreHeldToTheirEnvelope(t *testing.T) {
	t.Parallel()
	c := checker()
	change := func(of, by string) string { return strings.Replace(telling, of, by, 1) }
	v2 := strings.Replace(change(`"id"`, `"version": "2.0", "id"`), "account_code", "clinic_code", 1)
	for name, tc := range map[string]struct {
		payload, envelope string
		want              []string
	}{
		"the guide's":      {telling, "", nil},
		"in its envelope":  {telling, "unversioned", nil},
		"a number outside": {change(`"5991794"`, "5991794"), "", nil},
		"version 2":        {v2, "2.0", nil},
		"version 2 in any": {v2, "", nil},
		"version 2 in another": {v2, "1.0",
			[]string{`/version must be one of ["1.0"]`, "/account_code is required", "/clinic_code the field is not declared"}},
		"in no such envelope": {telling, "3.0", []string{" openapi.yaml has no such envelope for this event"}},
		"an undeclared field": {change(`"member_id"`, `"plan": 1, "member_id"`), "",
			[]string{"/data/plan the field is not declared"}},
		"a missing field":        {change(`"created": 1649949363, `, ""), "", []string{"/created is required"}},
		"an id that is a number": {change(`"132407"`, "132407"), "", []string{"/data/member_id must be a string of digits"}},
		"another text": {change("Success", "OK"), "",
			[]string{"/data/eligibility_response must be Success, or a reject reason spelled as VSee spells it"}},
		"another type": {change("eligibility.checked", "x"), "",
			[]string{"/type openapi.yaml has no event of this type"}},
		"no type": {`[]`, "", []string{"/type openapi.yaml has no event of this type"}},
		"no JSON": {`no`, "", []string{" the body must be JSON"}},
		"a tail":  {telling + "x", "", []string{" nothing may stand after the JSON"}},
		"a time with an exponent": {change("1649949363", "1.649949363e9"), "",
			[]string{"/created must be written as an integer, without a fraction or an exponent"}},
	} {
		var got []string
		for _, f := range c.Event([]byte(tc.payload), tc.envelope) {
			got = append(got, f.Pointer+" "+f.Rule)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Validation ends for every body, and its findings have nothing of the body but names.
func FuzzReply(f *testing.F) {
	for _, body := range []string{user, refusal, telling, "<p>{", "[[[[", `{"data": {"insurance": [1.0, {"a": {}}]}}`,
		"{}{}", "\xff"} {
		f.Add(body)
	}
	c := checker()
	f.Fuzz(func(t *testing.T, body string) {
		for _, status := range []int{200, 404} {
			for _, found := range c.Reply("getUser", status, map[string][]string{"Content-Type": {"application/json"}},
				[]byte(body)) {
				if found.Rule == "" || found.Line == 0 {
					t.Errorf("%q: %+v", body, found)
				}
			}
		}
		for _, found := range c.Event([]byte(body), "") {
			if found.Rule == "" {
				t.Errorf("%q: %+v", body, found)
			}
		}
	})
}

// An event that is valid in no envelope is validated in the most similar one.
func TestAnEventIsInTheEnvelopeThatItIsMostLike(t *testing.T) {
	t.Parallel()
	c := checker()
	change := func(of, by string) string { return strings.Replace(telling, of, by, 1) }
	v2 := strings.Replace(change(`"id"`, `"version": "2.0", "id"`), "account_code", "clinic_code", 1)
	for name, tc := range map[string]struct{ payload, kind, envelope string }{
		"the guide's":       {telling, "eligibility.checked", "unversioned"},
		"version 1":         {change(`"id"`, `"version": "1.0", "id"`), "eligibility.checked", "1.0"},
		"version 2":         {v2, "eligibility.checked", "2.0"},
		"one yet to come":   {strings.Replace(v2, `"2.0"`, `"3.0"`, 1), "eligibility.checked", "2.0"},
		"with another text": {change("Success", "Fine"), "eligibility.checked", "unversioned"},
		"with a tail":       {telling + "<b>", "eligibility.checked", "unversioned"},
		"of another type":   {change("eligibility.checked", "Lovelace"), "", ""},
		"of no type":        {`[1]`, "", ""},
		"no JSON":           {`no`, "", ""},
		"nothing":           {``, "", ""},
	} {
		if kind, envelope := c.EnvelopeOf([]byte(tc.payload)); kind != tc.kind || envelope != tc.envelope {
			t.Errorf("%s is %q in %q", name, kind, envelope)
		}
	}
}
