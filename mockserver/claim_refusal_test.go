package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// repeatedItem returns a list of n times an item.
func repeatedItem(n int, item any) []any { return slices.Repeat([]any{item}, n) }

// The limits of a claim are inclusive: a value exactly at one is accepted.
func TestAClaimAtItsLimitsIsAccepted(t *testing.T) {
	t.Parallel()
	diagnoses, known := []any{}, claims.DefaultSettings().Diagnoses
	for n := range 12 {
		code := fmt.Sprintf("A%02d.0", n)
		diagnoses, known[code] = append(diagnoses, code), "d"
	}
	for name, change := range map[string][]any{
		"treated on the day of birth": {"encounter_date", "1980-02-29"},
		"treated today":               {"encounter_date", "2022-04-14"},
		"50 lines":                    {"lines", repeatedItem(50, claimLine()[0])},
		"12 diagnoses":                {"diagnoses", diagnoses},
		"999 units":                   {"lines", claimLine("units", 999)},
		"almost ten million":          {"lines", claimLine("fee", "9999999.99")},
		"one line of two for free":    {"lines", append(claimLine("fee", 0), claimLine()...)},
		"4 pointers":                  {"diagnoses", diagnoses, "lines", claimLine("diagnosis_pointers", []any{1, 2, 3, 12})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claimClinic(t, "limits", "")
			c.Control(t, http.MethodPatch, "", map[string]any{"claims": map[string]any{"diagnosis_codes": known}}, nil)
			id, token := eligiblePatient(t, c, "pat", "123")
			post(t, c.BaseURL+"/insurance/claims", claimBody(id, change...), byToken(token)).at(t, "data", "claim_id")
		})
	}
}

// Each kind of bad input has its own sentence of refusal, and makes no claim.
func TestBadClaimsAreRefused(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "bad", "")
	c.Control(t, http.MethodPatch, "", map[string]any{"claims": map[string]any{
		"carrier": map[string]any{"one": "car7556", "two": "car11406"}}}, nil)
	id, token := eligiblePatient(t, c, "pat", "123")
	lines := func(change ...any) body { return claimBody(id, "lines", claimLine(change...)) }
	const (
		amount   = " must be dollars with at most two decimals, from 0 to 9999999.99, such as 28 or 28.50"
		units    = "lines.0.units must be a whole number from 1 to 999"
		unlisted = " is not in the clinic's claims settings: use "
		icd10    = " must be an ICD-10 code such as R05.9 or R05-9"
		date     = "encounter_date must be a date that exists, written YYYY-MM-DD"
		pointTo  = "lines.0.diagnosis_pointers.0 must be the number of a diagnosis, counted from 1"
		provider = "rendering_provider must be the id of a provider profile: 1 to 64 letters, digits, hyphens and underscores"
		nothing  = "lines must bill something: the fee of at least one of them must be more than 0"
		before   = "carrier_code is required; diagnoses is required; encounter_date is required; facility_code is required; "
		place    = "place_of_service must be two digits, such as 11 or 02"
	)
	for name, tc := range map[string]struct {
		body body
		want string
	}{
		"no member":       {claimBody(id, "member_id", nil), "member_id is required"},
		"an empty member": {claimBody(id, "member_id", ""), "member_id must be the id of a user"},
		"no carrier":      {claimBody(id, "carrier_code", nil), "carrier_code is required"},
		"a carrier of no insurer": {claimBody(id, "carrier_code", "nobody"),
			"carrier_code is not one of the clinic's insurers: GET /insurances lists them"},
		"a carrier without claims": {claimBody(id, "carrier_code", "car11400"),
			"carrier_code is not a carrier that the clinic submits claims to: claims.carrier of GET /_mock/clinics/{account} " +
				"lists them"},
		"a carrier on neither card": {claimBody(id, "carrier_code", "car11406"),
			"carrier_code is on neither of the member's insurance cards: GET /users/{user_id}/insurances lists them"},
		"no date":                {claimBody(id, "encounter_date", nil), "encounter_date is required"},
		"no date that exists":    {claimBody(id, "encounter_date", "2021-02-29"), date},
		"a date in another form": {claimBody(id, "encounter_date", "14.04.2022"), date},
		"an empty date":          {claimBody(id, "encounter_date", ""), date},
		"a day that has begun nowhere": {claimBody(id, "encounter_date", "2022-04-16"),
			"encounter_date must not be in the future: by the clinic's clock, its day has begun nowhere on earth"},
		"before birth": {claimBody(id, "encounter_date", "1980-02-28"),
			"encounter_date must not be before the member was born"},
		"a provider of no form": {claimBody(id, "rendering_provider", "prof 18"), provider},
		"an empty provider":     {claimBody(id, "rendering_provider", ""), provider},
		"no facility":           {claimBody(id, "facility_code", nil), "facility_code is required"},
		"an unknown facility": {claimBody(id, "facility_code", "XXX"),
			"facility_code" + unlisted + "3, 41, AMC, AWC, MSC, STM"},
		"a place of one digit": {claimBody(id, "place_of_service", "1"), place},
		"no diagnoses":         {claimBody(id, "diagnoses", nil), "diagnoses is required"},
		"an empty list of diagnoses": {claimBody(id, "diagnoses", []any{}),
			"diagnoses must be a list of 1 to 12 ICD-10 codes"},
		"13 diagnoses": {claimBody(id, "diagnoses", repeatedItem(13, "R05.9")),
			"diagnoses must be a list of 1 to 12 ICD-10 codes"},
		"a diagnosis that is a number":  {claimBody(id, "diagnoses", []any{5}), "diagnoses.0" + icd10},
		"a diagnosis of no form":        {claimBody(id, "diagnoses", []any{"R05.9", "cough"}), "diagnoses.1" + icd10},
		"a diagnosis without separator": {claimBody(id, "diagnoses", []any{"R059"}), "diagnoses.0" + icd10},
		"an unknown diagnosis": {claimBody(id, "diagnoses", []any{"A00.0"}),
			"diagnoses.0" + unlisted + "B34.9, R05.9, R50.9, R51.9, Z20.822"},
		"a diagnosis twice": {claimBody(id, "diagnoses", []any{"R05.9", "r05-9"}),
			"diagnoses.1 is in the list already"},
		"no lines":               {claimBody(id, "lines", nil), "lines is required"},
		"an empty list of lines": {claimBody(id, "lines", []any{}), "lines must be a list of 1 to 50 service lines"},
		"51 lines": {claimBody(id, "lines", repeatedItem(51, claimLine()[0])),
			"lines must be a list of 1 to 50 service lines"},
		"a line that is none": {claimBody(id, "lines", []any{"99211"}), "lines.0 must be an object"},
		"no procedure":        {lines("procedure_code", nil), "lines.0.procedure_code is required"},
		"a procedure that is true": {lines("procedure_code", true),
			"lines.0.procedure_code must be a procedure code such as 99211"},
		"an unknown procedure": {lines("procedure_code", "99999"),
			"lines.0.procedure_code" + unlisted + "10022, 1035F, 99211"},
		"5 modifiers": {lines("modifiers", repeatedItem(5, "F1")),
			"lines.0.modifiers must be a list of at most 4"},
		"an unknown modifier": {lines("modifiers", []any{"F1", "ZZ"}),
			"lines.0.modifiers.1" + unlisted + "20, 21, F1"},
		"a modifier twice": {lines("modifiers", []any{"F1", "f1"}),
			"lines.0.modifiers.1 is in the list already"},
		"a modifier that is an object": {lines("modifiers", []any{map[string]any{}}),
			"lines.0.modifiers.0 must be a modifier such as F1"},
		"no units":                     {lines("units", 0), units},
		"a thousand units":             {lines("units", 1000), units},
		"half a unit":                  {lines("units", 1.5), units},
		"a text of half a unit":        {lines("units", "1.5"), units},
		"units of no digit":            {lines("units", ".0"), units},
		"units of three decimals":      {lines("units", "1.000"), units},
		"units in hexadecimal":         {lines("units", "0x1p0"), units},
		"units that are a word":        {lines("units", "two"), units},
		"a fee in words":               {lines("fee", "free"), "lines.0.fee" + amount},
		"a fee with three decimals":    {lines("fee", "28.005"), "lines.0.fee" + amount},
		"a number with three decimals": {lines("fee", 28.005), "lines.0.fee" + amount},
		"a negative fee":               {lines("fee", -1), "lines.0.fee" + amount},
		"a fee that is too large":      {lines("fee", "10000000"), "lines.0.fee" + amount},
		"a fee with an exponent":       {lines("fee", "1e2"), "lines.0.fee" + amount},
		"a fee of nothing":             {lines("fee", 0), nothing},
		"fees of nothing": {claimBody(id, "lines", repeatedItem(2, claimLine("fee", "0.00")[0]), "total", 0),
			nothing},
		"no pointers": {lines("diagnosis_pointers", nil), "lines.0.diagnosis_pointers is required"},
		"an empty list of pointers": {lines("diagnosis_pointers", []any{}),
			"lines.0.diagnosis_pointers must be a list of 1 to 4"},
		"5 pointers": {lines("diagnosis_pointers", repeatedItem(5, 1)),
			"lines.0.diagnosis_pointers must be a list of 1 to 4"},
		"a pointer to nothing": {lines("diagnosis_pointers", []any{3}), pointTo},
		"a pointer to zero":    {lines("diagnosis_pointers", []any{0}), pointTo},
		"a pointer twice": {lines("diagnosis_pointers", []any{1, "1"}),
			"lines.0.diagnosis_pointers.1 is in the list already"},
		"half a pointer": {lines("diagnosis_pointers", []any{1.5}),
			"lines.0.diagnosis_pointers.0 must be a whole number"},
		"a text of half a pointer": {lines("diagnosis_pointers", []any{"1.5"}),
			"lines.0.diagnosis_pointers.0 must be a whole number"},
		"a huge pointer": {lines("diagnosis_pointers", []any{1e300}),
			"lines.0.diagnosis_pointers.0 must be a whole number"},
		"a negative pointer": {lines("diagnosis_pointers", []any{-1}), pointTo},
		"a pointer that is a word": {lines("diagnosis_pointers", []any{"A"}),
			"lines.0.diagnosis_pointers.0 must be a whole number"},
		"a total that is another": {claimBody(id, "total", "28.01"), "total is not the sum of the fees of the lines"},
		"a total in words":        {claimBody(id, "total", "much"), "total" + amount},
		"a field that the claim has not": {claimBody(id, "diagnosis", "R05.9"),
			"diagnosis is not a field of this request (did you mean diagnoses?)"},
		"a form without JSON": {formBody(fields{{"diagnoses", "R05.9"}}),
			strings.Replace(before, "diagnoses is required",
				"diagnoses must be a list: send diagnoses[] once for each item, or a JSON list",
				1) + "lines is required; member_id is required"},
		"a form with an object": {formBody(fields{{"lines", "{}"}}),
			before + "lines must be a JSON list; member_id is required"},
		"a form with a name twice": {multipartBody(fields{{"lines",
			`[{"procedure_code": "99211", "diagnosis_pointers": [1], "fee": 1, "fee": 2}]`}}),
			before + "lines.0.fee is sent twice in one JSON object; member_id is required"},
		"null": {claimBody(id, "member_id", json.RawMessage("null")), "member_id is required"},
	} {
		got := post(t, c.BaseURL+"/insurance/claims", tc.body, byToken(token))
		if message := got.json(t)["message"]; got.status != http.StatusBadRequest || message != tc.want {
			t.Errorf("%s: %d %v\nwant 400 %s", name, got.status, message, tc.want)
		}
	}
	if n := len(listOf(t, c, "/claims")); n != 0 {
		t.Errorf("the refusals have left %d claims", n)
	}
}

// The callers allowed to submit and read claims, and the members they may do it for: each refusal has a sentence of
// its own.
func TestOnlyTheMemberAndTheAdminMayClaim(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	at := clinic.ClockSettings{Start: time.Date(2022, 4, 14, 23, 0, 0, 0, time.UTC), Frozen: true}
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "who", Clock: at})
	there := mock.NewClinic(t, clinic.Settings{AccountCode: "elsewhere", Clock: at})
	var otherID, otherToken string // an id unknown to this clinic
	for n := range 9 {
		otherID, otherToken = patient(t, there, fmt.Sprint("else", n), "1")
	}
	of := claimBody
	id, token := eligiblePatient(t, c, "pat", "123")
	unchecked, uncheckeds := patient(t, c, "unchecked", "124")
	refused, _ := eligiblePatient(t, c, "refused", "11000075")
	pending, pendings := patient(t, c, "pending", "125")
	start(t, c, pending, pendings)
	url := c.BaseURL + "/insurance/claims"
	pay := func(b body, token string) reply { return post(t, url, b, byToken(token)) }

	for name, tc := range map[string]struct {
		got    reply
		status int
		want   string
	}{
		"nobody":                  {post(t, url, of(id)), 401, "X-ApiToken is required"},
		"another user":            {pay(of(id), uncheckeds), 403, "this token may only see and change its own user"},
		"another clinic's member": {pay(of(otherID), c.AdminToken), 404, "member_id is not a member of this clinic"},
		"another clinic's token": {post(t, url, of(id), byToken(otherToken), with("X-AccountCode", "who")), 401,
			"X-ApiToken is of another clinic than X-AccountCode or the host: send a token of that clinic"},
		"a check under way": {pay(of(pending), pendings), 400,
			"member_id has no eligibility check with this carrier that has ended: start one, and wait for its result"},
		"no check": {pay(of(unchecked), uncheckeds), 400,
			"member_id has no eligibility check with this carrier that has ended: start one, and wait for its result"},
		"not Success": {pay(of(refused), c.AdminToken), 400,
			"member_id is not eligible: the last eligibility check with this carrier was not Success"},
		"an unknown claim": {get(t, url+"/1", byToken(token)), 404, "the clinic has no claim with this id"},
		"claims of another": {get(t, url+"?member_id="+id, byToken(uncheckeds)), 403,
			"this token may only see and change its own user"},
		"claims of nobody": {get(t, url+"?member_id=1", byToken(c.AdminToken)), 404,
			"member_id is not a member of this clinic"},
	} {
		if diff := cmp.Diff(tc.want, tc.got.message(t, tc.status)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if n := len(listOf(t, c, "/claims")); n != 0 {
		t.Errorf("the refusals have left %d claims", n)
	}
	first := pay(of(clinic.Self), token).at(t, "data", "claim_id").(string)
	if got := pay(of(id), c.AdminToken).message(t,
		400); !strings.HasPrefix(got, "the claim is a duplicate: the member has one with this carrier, encounter_date and "+
		"lines, or ") {
		t.Errorf("a duplicate: %s", got)
	}
	second := pay(of(id, "lines", claimLine("modifiers", []any{"F1"})), c.AdminToken).at(t, "data", "claim_id").(string)
	if got := get(t, url+"/"+first, byToken(uncheckeds)).message(t,
		403); got != "the claim is another user's: this token may only see and submit those of its own user" {
		t.Errorf("another's claim: %s", got)
	}
	for _, caller := range []string{token, c.AdminToken} {
		if got := get(t, url+"/"+second, byToken(caller)).at(t, "data", "claim_id"); got != second {
			t.Errorf("the claim that is read is %v", got)
		}
		list := get(t, url+"?member_id="+id, byToken(caller)).at(t, "data", "claims").([]any)
		if len(list) != 2 || list[0].(map[string]any)["claim_id"] != second {
			t.Errorf("the list is %v", list)
		}
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"claims": map[string]any{"enabled": false}}, nil)
	if got := pay(of(id, "encounter_date", "2001-01-01"), token).message(t,
		403); got != "claims are not enabled in this clinic" {
		t.Errorf("in a clinic without claims: %s", got)
	}
}
