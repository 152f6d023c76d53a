package mutant_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// legs are the parts of a tour, each with the operations whose mutants are tested there. Each operation named by
// no leg has a leg too. A mutant without a leg is tested on the first one.
func legs() []leg {
	all := []leg{
		{"listInsurers", (*tour).insurers},
		{"signOn", (*tour).signOns},
		{"getMe updateMe", (*tour).owner},
		{"getUser", func(v *tour) { v.insured(); v.users(); v.checks() }},
		{"startEligibilityCheck eligibility.checked", func(v *tour) { v.insured(); v.refusedChecks(); v.checks() }},
		{"listCards importCards saveCard deleteCard getFile", (*tour).cards},
		{"searchUsers login refreshToken logout listAccounts getAccount user.created", (*tour).directory},
		{"submitClaim listClaims getClaim claim.updated", (*tour).claims},
	}
	for _, o := range embedded.Spec().Operations {
		if !slices.ContainsFunc(all, func(l leg) bool { return slices.Contains(strings.Fields(l.operations), o.ID) }) {
			all = append(all, leg{o.ID, func(v *tour) { v.plain(o) }})
		}
	}
	return all
}

// plain calls an operation as the document's examples do, for a patient with two cards. An operation with further
// needs has a leg of its own.
func (v *tour) plain(o apispec.Operation) {
	v.insured()
	path, body := o.Path, ""
	for _, p := range o.Declared.Parameters {
		value := fmt.Sprint(p.Value.Example)
		if p.Value.Name == "id" {
			value = v.kept["a"]
		}
		path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", value)
	}
	if o.TakesBody() {
		example, err := json.Marshal(o.Declared.RequestBody.Value.Content.Get("application/json").Example)
		if err != nil {
			v.t.Fatal(err)
		}
		body = string(example)
	}
	header := v.patient()
	if o.Caller == "admin" {
		header = v.admin()
	}
	v.ask("sample", o.ID, o.Method, path, body, header)
}

type leg struct {
	operations string
	walk       func(*tour)
}

// legOf returns the number of the leg for the mutants of an operation.
func legOf(operation string) int {
	return max(0, slices.IndexFunc(legs(), func(l leg) bool { return slices.Contains(strings.Fields(l.operations), operation) }))
}

// insured signs on a patient with two cards.
func (v *tour) insured() {
	v.signOn("a", "a")
	v.ask("update", "updateMe", "POST", "/me.json", `{"street_addr": "1 A+B Street", "insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "234234"},
		"secondary": {"carrier_code": "car11406", "subscriber_num": "aaaaa"}, "patient": {"respparty": "self"}}}`, v.patient())
}

func (v *tour) insurers() {
	v.ask("insurers", "listInsurers", "GET", "/insurances/", "", v.admin())
	v.ask("without a token", "listInsurers", "GET", "/insurances", "", nil)
	v.ask("wrong method", "", "DELETE", "/me", "", v.admin())
	v.ask("no page", "", "GET", "/nothing/here", "", v.admin())
}

func (v *tour) signOns() {
	v.signOn("early a", "a")
	v.signOn("a", "a")
	v.signOn("b", "b")
	header := map[string]string{"X-AccountCode": "tour", "X-ApiKey": v.clinic.Key, "X-ApiSecret": v.clinic.Secret}
	v.ask("incomplete", "signOn", "POST", "/users/sso", `{"code": "c"}`, header)
	v.ask("wrong secret", "signOn", "POST", "/users/sso", `{"code": "a", `+person+`}`, map[string]string{"X-AccountCode": "tour", "X-ApiKey": v.clinic.Key, "X-ApiSecret": "x"})
	v.ask("wrong key", "signOn", "POST", "/users/sso", `{"code": "a", `+person+`}`, map[string]string{"X-AccountCode": "tour", "X-ApiKey": "x"})
	v.ask("me, early", "getMe", "GET", "/me", "", by(v.kept["early a's token"]))
}

func (v *tour) owner() {
	v.insured()
	v.ask("me", "getMe", "GET", "/me", "", v.patient())
	v.ask("impossible update", "updateMe", "POST", "/me", `{"dob": "2020-02-31"}`, v.patient())
	v.ask("without a token", "getMe", "GET", "/me", "", nil)
}

func (v *tour) users() {
	v.signOn("b", "b")
	v.ask("another user", "getUser", "GET", "/users/"+v.kept["b"], "", v.admin())
	v.ask("foreign", "getUser", "GET", "/users/"+v.kept["b"], "", v.patient())
	v.ask("foreign, unknown", "getUser", "GET", "/users/1", "", v.patient())
	v.ask("nobody", "getUser", "GET", "/users/999999999", "", v.admin())
}

func (v *tour) refusedChecks() {
	v.ask("unknown carrier", "startEligibilityCheck", "POST", "/users/"+v.kept["a"]+"/nobody/eligibility", "", v.patient())
	v.ask("carrier on no card", "startEligibilityCheck", "POST", "/users/"+v.kept["a"]+"/car7551/eligibility", "", v.patient())
	v.ask("nobody's check", "startEligibilityCheck", "POST", "/users/999999999/car7556/eligibility", "", v.admin())
}

func (v *tour) checks() {
	start := "/users/" + v.kept["a"] + "/car7556/eligibility"
	v.ask("check", "startEligibilityCheck", "POST", start, "", v.patient())
	v.ask("second check", "startEligibilityCheck", "POST", start, "", v.patient())
	v.ask("user, before the result", "getUser", "GET", "/users/"+v.kept["a"], "", v.admin())
	v.control("POST", "/clinics/tour/clock", `{"advance": "10s"}`)
	v.ask("user, with the result", "getUser", "GET", "/users/"+v.kept["a"], "", v.admin())
}

func (v *tour) cards() {
	const card, image = "/users/-/insurances/", "--x\r\nContent-Disposition: form-data; name=\"card_front\"; filename=\"c.gif\"\r\n\r\nGIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;\r\n--x--\r\n"
	v.signOn("a", "a")
	v.ask("no cards", "listCards", "GET", "/users/-/insurances", "", v.patient())
	v.ask("import", "importCards", "POST", card+"import", `{"insurances": [
		{"card_type": "primary", "insurer_code": "car7556", "subscriber_number": "234234", "group_number": "g", "responsible_party": "self", "consent": true},
		{"card_type": "secondary", "insurer_code": "car11406", "subscriber_number": "aaaaa"}]}`, v.patient())
	v.ask("check", "startEligibilityCheck", "POST", "/users/"+v.kept["a"]+"/car7556/eligibility", "", v.patient())
	v.control("POST", "/clinics/tour/clock", `{"advance": "10s"}`)
	v.ask("cards", "listCards", "GET", "/users/-/insurances", "", v.patient())
	header := v.patient()
	header["Content-Type"] = "multipart/form-data; boundary=x"
	saved := v.ask("image", "saveCard", "POST", card+"primary", image, header)
	v.keep("image", saved, "data", "card_front", "fullpath")
	_, path, _ := strings.Cut(v.kept["image"], "/api_v3")
	v.ask("file", "getFile", "GET", path, "", v.patient())
	v.ask("delete", "deleteCard", "DELETE", card+"secondary", "", v.patient())
	v.ask("delete again", "deleteCard", "DELETE", card+"secondary", "", v.patient())
}

func (v *tour) directory() {
	header := map[string]string{"X-AccountCode": "tour"}
	v.signOn("a", "a")
	v.control("PUT", "/clinics/tour/users/"+v.kept["a"]+"/credentials", `{"password": "contract-password"}`)
	v.ask("search", "searchUsers", "GET", "/users?q=edward", "", v.admin())
	v.ask("no token", "searchUsers", "GET", "/users?q=edward", "", nil)
	in := v.ask("login", "login", "POST", "/users/login", `{"username": "edward@vseelab.com", "password": "contract-password"}`, header)
	v.keep("session", in, "data", "token", "token")
	v.keep("refresh token", in, "data", "token", "refresh_token", "token")
	v.ask("wrong password", "login", "POST", "/users/login", `{"username": "edward@vseelab.com", "password": "wrong"}`, header)
	v.ask("refresh", "refreshToken", "POST", "/users/refresh_token", `{"refresh_token": "`+v.kept["refresh token"]+`"}`, header)
	v.ask("logout", "logout", "POST", "/users/logout", "", by(v.kept["session"]))
	v.ask("accounts", "listAccounts", "GET", "/accounts", "", nil)
	v.ask("account", "getAccount", "GET", "/accounts/tour", "", nil)
}

func (v *tour) claims() {
	v.insured()
	v.ask("check", "startEligibilityCheck", "POST", "/users/"+v.kept["a"]+"/car7556/eligibility", "", v.patient())
	v.control("POST", "/clinics/tour/clock", `{"advance": "10s"}`)
	v.ask("submit", "submitClaim", "POST", "/insurance/claims", `{"member_id": "`+v.kept["a"]+`", "carrier_code": "car7556", "encounter_date": "2022-04-14",
		"facility_code": "AWC", "place_of_service": "11", "diagnoses": ["R05-9"], "lines": [{"procedure_code": "99211", "diagnosis_pointers": [1]}]}`, v.patient())
	v.control("POST", "/clinics/tour/clock", `{"advance": "1h"}`)
	v.keep("claim", v.ask("claims", "listClaims", "GET", "/insurance/claims", "", v.patient()), "data", "claims", "0", "claim_id")
	v.ask("claim", "getClaim", "GET", "/insurance/claims/"+v.kept["claim"], "", v.patient())
}
