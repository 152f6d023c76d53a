package document_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

func ledger(t *testing.T) map[string]apispec.Known {
	t.Helper()
	byName := map[string]apispec.Known{}
	for _, k := range embedded.Spec().EvidenceTable() {
		byName[k.Kind+" "+k.Name] = k
	}
	return byName
}

// Every part of the document is in the ledger, and every entry of the ledger has a grade and a source.
func TestTheLedgerHasEverything(t *testing.T) {
	t.Parallel()
	known, d, s := ledger(t), load(t), spec(t)
	want := []string{}
	for _, id := range d.Operations() {
		want = append(want, "operation "+id)
	}
	for _, kind := range d.Events() {
		want = append(want, "event "+kind)
	}
	for name, reply := range s.Components.Responses {
		media := reply.Value.Content.Get("application/json")
		if media == nil || media.Schema.Ref == "#/components/schemas/Failure" {
			want = append(want, "error "+name)
		}
	}
	for name := range s.Components.SecuritySchemes {
		want = append(want, "credential "+name)
	}
	want = append(want, "page auth", "page visit", "page visit summary", "page waiting room", "page appointment",
		"page patient", "page dashboard")
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(known))); diff != "" {
		t.Errorf("the document (-) and the ledger (+):\n%s", diff)
	}
	for name, k := range known {
		if !slices.Contains(apispec.Grades(), k.Grade) || k.Source == "" {
			t.Errorf("%s is %q, from %q", name, k.Grade, k.Source)
		}
		for _, f := range k.Fields {
			if !slices.Contains(apispec.Grades(), f.Grade) || f.Source == "" || f.Name == "" {
				t.Errorf("%s: the %s field %q is %q, from %q", name, f.Part, f.Name, f.Grade, f.Source)
			}
		}
	}
}

var inList = regexp.MustCompile(`\.[0-9]+\.`)

// The ledger lists every field of a request.
func TestTheLedgerHasEveryFieldOfARequest(t *testing.T) {
	t.Parallel()
	known, d := ledger(t), load(t)
	for path, item := range spec(t).Paths.Map() {
		for method, op := range item.Operations() {
			call, _, err := d.Find(method, strings.NewReplacer("{id}", "1", "{carrier_code}", "c").Replace(path))
			if err != nil {
				t.Fatal(err)
			}
			if call.Body == nil {
				continue
			}
			want := []string{}
			for _, place := range call.Body.Places() {
				if call.Body.IsFile(place) { // the place takes the id of a stored image as well
					continue
				}
				want = append(want, inList.ReplaceAllString(place, "[]."))
			}
			var fields []string
			for _, f := range known["operation "+op.OperationID].Fields {
				file := call.Body.IsFile(strings.ReplaceAll(f.Name, "[].", ".0."))
				// an object of the caller's own has no fields of ours
				if f.Part == "request" && !file && !call.Body.IsGroup(f.Name) {
					fields = append(fields, strings.TrimSuffix(f.Name, "[]"))
				}
			}
			slices.Sort(want)
			slices.Sort(fields)
			if diff := cmp.Diff(slices.Compact(want), fields); diff != "" {
				t.Errorf("%s takes (-), the ledger has (+):\n%s", op.OperationID, diff)
			}
		}
	}
}

// A field has its own grade, or else the grade of the nearest object around it.
func TestAFieldsGradeIsTheNearest(t *testing.T) {
	t.Parallel()
	known := ledger(t)
	for place, want := range map[string]string{
		"operation signOn request first_name":                                  "seed",
		"operation signOn request phone":                                       "documented",
		"operation signOn request insurance.primary.carrier_code":              "documented", // by the object it stands in
		"operation updateMe request insurance.primary.carrier_code":            "seed",
		"operation signOn reply data.phone":                                    "inferred",
		"operation signOn reply data.token.refresh_token.expiry":               "seed",
		"operation getUser reply data.insurance.primary.group_number":          "documented",
		"page auth query sso_token":                                            "ours",
		"page auth query next":                                                 "documented",
		"operation searchUsers query limit":                                    "ours",
		"operation searchUsers query type":                                     "documented",
		"operation login reply data.token.token":                               "ours",
		"operation getAccount reply data.theme.name":                           "observed",
		"event user.created payload 1.0 data.code":                             "ours",
		"event user.created payload 2.0 clinic_code":                           "documented",
		"operation signOn query fields":                                        "documented",
		"operation listInsurers reply data.insurers[].id":                      "seed",
		"event eligibility.checked header webhook-id":                          "ours",
		"event eligibility.checked payload 2.0 clinic_code":                    "inferred",
		"operation saveCard request card_front":                                "ours",
		"operation importCards request insurances[].card_front":                "ours",
		"operation importCards request insurances[].guarantor_name":            "observed",
		"operation importCards request insurances[].insurer_code":              "documented",
		"operation startEligibilityCheck path carrier_code":                    "seed",
		"operation startEligibilityCheck reply data.eligibility_id":            "seed",
		"operation updateMe request insurance.patient.guarantor_name":          "documented",
		"operation updateMe reply data.user_data.primary.eligibility_response": "documented",
		"operation updateMe reply data.insurance.patient.guarantor_name":       "documented",
	} {
		got := ""
		for name, k := range known {
			for _, f := range k.Fields {
				if name+" "+f.Part+" "+f.Name == place {
					got = f.Grade
				}
			}
		}
		if got != want {
			t.Errorf("%s is %q, want %q", place, got, want)
		}
	}
}
