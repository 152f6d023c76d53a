package mutant

import (
	"net/http"
	"strings"
)

// doorMutants do not know a path, a header or a body that they must know.
func doorMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		name, caught, operation string
		fits                    func(call) bool
		instead                 func(call) call
	}{
		{"a token beside the key is refused", "AUTH-003", "signOn", hasHeader(tokenHeader, true), wrongKey},
		{"a key without a secret is refused", "AUTH-004", "signOn", hasHeader(secretHeader, false), wrongKey},
		{"a token's owner has no -", "AUTH-005 PATH-003 PATH-004", "getUser", under("/users/-"), nowhere},
		{"nothing but .json", "PATH-001", "getMe", not(ending(".json")), nowhere},
		{"only with a slash at the end", "PATH-005", "listInsurers", not(ending("/")), nowhere},
		{"no JSON", "BODY-003 BODY-007", "updateMe", sends("application/json"), unread},
		{"no multipart", "BODY-001 BODY-004 BODY-005", "updateMe", sends("multipart/form-data"), unread},
		{"no urlencoded", "BODY-002 BODY-006 BODY-008", "updateMe", sends("application/x-www-form-urlencoded"), unread},
		{"no double underscores", "BODY-005 BODY-006", "updateMe", holds("insurance__"), unread},
		{"no dots throughout", "BODY-004", "updateMe", holds("insurance.primary.carrier_code"), unread},
		{"no content type without a body", "BODY-009 BODY-028", "startEligibilityCheck", hasHeader("Content-Type", true), nowhere},
		{"no JSON", "BODY-023 BODY-024", "signOn", sends("application/json"), unread},
		{"no numbers in JSON", "BODY-024", "signOn", holds(`"type":200`), unread},
		{"no urlencoded", "BODY-022 BODY-025", "signOn", sends("application/x-www-form-urlencoded"), unread},
		{"no boundary without quotes", "BODY-026", "signOn", sends("multipart/form-data; boundary=-"), unread},
		{"no brackets", "BODY-040", "updateMe", holds("insurance%5Bprimary%5D"), unread},
		{"no null", "BODY-041", "updateMe", holds(`"dob":null`), unread},
		{"no dates with slashes", "BODY-042", "updateMe", holds("dob=1980%2F"), unread},
		{"no earlier spellings", "BODY-043", "updateMe", holds("insurance.insurer_id"), unread},
		{"no providers without a last name", "SIGN-030", "signOn", holds("\r\n400\r\n"), unread},
		{"no guests", "SIGN-008", "signOn", holds("\r\n600\r\n"), unread},
		{"no claims", "CLAIM-001 CLAIM-003 CLAIM-004 CLAIM-006 CLAIM-007 CLAIM-008 CLAIM-009 CLAIM-010 CLAIM-011 CLAIM-012 CLAIM-013 CLAIM-014 CLAIM-015", "submitClaim", anything, nobodys},
		{"an insurer goes by no name", "CARD-004", "importCards", namesInsurer, unread},
		{"no subscriber_num", "CARD-005", "importCards", holds(`"subscriber_num"`), unread},
		{"no multipart", "CARD-017", "importCards", sends("multipart/form-data"), unread},
		{"no urlencoded", "CARD-017", "importCards", sends("application/x-www-form-urlencoded"), unread},
		{"no username", "LOGIN-002 LOGIN-006 LOGIN-007", "login", holds(`name="username"`), unread},
		{"no e-mail token", "LOGIN-003", "login", holds(`name="email_token"`), unread},
		{"refused", "LOGIN-006", "refreshToken", anything, unread},
		{"refused", "LOGIN-007", "logout", anything, nobodys},
	} {
		all = append(all, Mutant{Name: m.operation + "/" + m.name, Operation: m.operation, Caught: by(m.caught), reply: detour(m.operation, m.fits, m.instead)})
	}
	return all
}

func anything(call) bool { return true }

func not(fits func(call) bool) func(call) bool { return func(c call) bool { return !fits(c) } }

func hasHeader(name string, has bool) func(call) bool {
	return func(c call) bool { return (c.header.Get(name) != "") == has }
}

func says(name, value string) func(call) bool {
	return func(c call) bool { return c.header.Get(name) == value }
}

func both(one, other func(call) bool) func(call) bool {
	return func(c call) bool { return one(c) && other(c) }
}

func under(part string) func(call) bool {
	return func(c call) bool { return strings.Contains(c.path, part) }
}

func ending(end string) func(call) bool {
	return func(c call) bool { return strings.HasSuffix(c.path, end) }
}

func sends(mediaType string) func(call) bool {
	return func(c call) bool { return strings.HasPrefix(c.header.Get("Content-Type"), mediaType) }
}

// namesInsurer reports whether a card names its insurer by a text other than an id.
func namesInsurer(c call) bool {
	return holds(`"insurer_code":"`)(c) && !holds(`"insurer_code":"car`)(c)
}

func holds(text string) func(call) bool {
	return func(c call) bool { return strings.Contains(string(c.body), text) }
}

func nobodys(c call) call { return c.with(tokenHeader, nobodysToken) }

func wrongKey(c call) call { return c.with(keyHeader, "wrong") }

// nowhere redirects a call to a path without a page.
func nowhere(c call) call {
	prefix, _, _ := strings.Cut(c.path, "/api_v3")
	c.path = prefix + "/api_v3/nothing/here"
	return c
}

// unread is a call with an unreadable body: its content type is wrong.
func unread(c call) call { return c.with("Content-Type", "text/plain") }

// laxMutants accept calls that they must refuse: they answer with a success.
func laxMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		name, caught, operation string
		fits                    func(call) bool
	}{
		{"a user without a first name", "SIGN-009", "signOn", not(holds(`"first_name"`))},
		{"a user without a last name", "SIGN-010", "signOn", not(holds(`"last_name"`))},
		{"a member without a code", "SIGN-011", "signOn", not(holds(`"code"`))},
		{"a long code", "SIGN-012", "signOn", holds(strings.Repeat("c", 120))},
		{"an unknown type", "SIGN-013", "signOn", holds("\r\n999\r\n")},
		{"an impossible birth date", "SIGN-014", "signOn", holds("2020-02-31")},
		{"an unknown gender", "SIGN-015", "signOn", func(c call) bool { return holds(`"gender"`)(c) && holds("\r\n5\r\n")(c) }},
		{"a mistyped field", "SIGN-016", "signOn", holds("frist_name")},
	} {
		all = append(all, Mutant{Name: m.operation + "/" + m.name + " is taken", Operation: m.operation, Caught: by(m.caught), reply: madeUp(m.operation, http.StatusBadRequest, m.fits)})
	}
	return append(all, Mutant{
		Name: "updateMe/whatever comes is taken", Operation: "updateMe", reply: madeUp("updateMe", http.StatusBadRequest, anything),
		Caught: by("BODY-011 BODY-012 BODY-013 BODY-014 BODY-015 BODY-016 BODY-017 BODY-018 BODY-019 BODY-020 BODY-021 BODY-044"),
	})
}
