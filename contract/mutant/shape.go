package mutant

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// The rules of package strict that mutants break.
const (
	required   = "is required"
	undeclared = "the field is not declared"
	notDigits  = "must be a string of digits"
	notNull    = "must not be null"
)

// optional returns the requirement that fails when an operation leaves out a field optional in openapi.yaml but
// always sent by the mock: not all of VSee's replies have it.
func optional(operation, path string) string {
	switch path {
	case "data/active", "data/clinics", "data/created":
		return map[string]string{
			"getUser": "USER-002", "getMe": "USER-001", "updateMe": "BODY-010",
			"signOn": map[string]string{"data/active": "SIGN-019", "data/clinics": "SIGN-017", "data/created": "SIGN-001"}[path],
		}[operation]
	case "data/tos", "data/subtype", "data/timezone", "data/email_verified", "data/account_code":
		return map[string]string{"getUser": "USER-002"}[operation]
	}
	return ""
}

// answering returns the operations with JSON replies.
func answering() []string {
	return operations(func(o apispec.Operation) bool { return len(o.Fields(http.StatusOK)) > 0 })
}

// isThorough reports whether an operation has mutants for every way to get a field or a whole reply wrong. For the
// other operations, a few mutants show that their replies are validated in the same way.
func isThorough(operation string) bool {
	return slices.Contains(by("listInsurers signOn getMe updateMe getUser startEligibilityCheck"), operation)
}

// typeOf returns the type of a field, and the rules broken by a value of another type and by a null.
func typeOf(f apispec.Field) (kind, wrong, null string) {
	for _, s := range f.Schemas {
		if types := s.Type.Slice(); len(types) > 0 {
			kind = types[0]
		}
	}
	wrong, null = "must be of the type "+kind, notNull
	for _, s := range f.Schemas {
		rule := apispec.Text(s.Extensions, "x-rule")
		switch {
		case rule != "":
			wrong, null = rule, rule
		case s.Pattern == "^[0-9]+$":
			kind, wrong, null = "digits", notDigits, notDigits
		case len(s.Enum) > 0:
			members, _ := json.Marshal(s.Enum) // cannot fail: the document was YAML
			wrong = "must be one of " + string(members)
			null = wrong
		}
	}
	return kind, wrong, null
}

// retyped is a value of another type: a number instead of a string, and a string instead of any other type.
func retyped(kind string) edit {
	return put(func(value string) string {
		switch kind {
		case "digits":
			return strings.Trim(value, `"`)
		case "string":
			return "7"
		case "object", "array":
			return `"none"`
		}
		return strconv.Quote(value)
	})
}

// fieldMutants get one field wrong each: all fields required by openapi.yaml, and some others.
func fieldMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, f := range o.Fields(http.StatusOK) {
			path := strings.Join(f.Path, "/")
			switch missed := optional(o.ID, path); {
			case strings.HasPrefix(path, "data/claims/0/history/0/"): // each claim that the suite lists is new
			case f.Required || missed != "":
				all = append(all, spoilt(o.ID, f, missed)...)
			}
		}
	}
	return all
}

// spoilt are the mutants of one field. missed is the requirement that notices its absence when it is optional in
// openapi.yaml.
func spoilt(operation string, f apispec.Field, missed string) []Mutant {
	kind, wrong, null := typeOf(f)
	var missing []string
	if f.Required {
		missing = []string{required}
	}
	ways := []struct {
		name   string
		edit   edit
		breaks []string
	}{
		{"dropped", drop, missing},
		{"retyped", retyped(kind), []string{wrong}},
		{"renamed", rename("x_" + f.Path[len(f.Path)-1]), append(missing[:len(missing):len(missing)], undeclared)},
		{"null", set("null"), []string{null}},
	}
	if !isThorough(operation) {
		ways = ways[:2]
	}
	path := strings.Join(f.Path, "/")
	var all []Mutant
	for _, m := range ways {
		one := Mutant{
			Name: operation + "/" + path + "/" + m.name, Operation: operation, Status: http.StatusOK, Breaks: m.breaks, Pointer: "/" + path,
			reply: success(operation, m.edit, f.Path...),
		}
		switch {
		case m.breaks == nil:
			one.Caught = by(missed)
		case operation == "getClaim" && strings.HasPrefix(path, "data/history/0/"): // a new claim has no history
			one.Caught = by("CLAIM-013")
		}
		all = append(all, one)
	}
	return all
}

// success is a lie that edits an operation's successful reply.
func success(operation string, e edit, path ...string) func(*memory) lie {
	return changing(operation, http.StatusOK, func(r *reply) {
		if body, ok := e(r.body, path...); ok {
			r.body = body
		}
	})
}

// changing is a lie that changes an operation's replies of a status; "" is any operation. Deliberate faults of a
// mock, as in a scenario, stay as they are: no requirement expects them to be right.
func changing(operation string, status int, change func(*reply)) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			onPurpose := r.header.Get("X-Mock-Fault") != ""
			if err == nil && !onPurpose && r.status == status && (operation == "" || c.operation() == operation) {
				change(&r)
			}
			return r, err
		}
	}
}

// valueMutants return a value outside the document's list of values.
func valueMutants() []Mutant {
	caught := map[string]string{ // not all users have these
		"data/insurance/primary/insurance_order":      "USER-004",
		"data/user_data/primary/eligibility_response": "ELIG-005 ELIG-010",
		"data/insurance/patient/respparty":            "BODY-001",
	}
	var all []Mutant
	for _, m := range []struct{ operation, path, name, value, breaks string }{
		{"getUser", "data/gender", "unknown", "5", "must be one of [1,2,3,4]"},
		{"getUser", "data/gender", "a text", `"1"`, "must be one of [1,2,3,4]"},
		{"getUser", "data/gender", "with a fraction", "1.0", "must be written as an integer, without a fraction or an exponent"},
		{"getUser", "data/status", "unknown", "15", "must be one of [10,20]"},
		{"getUser", "data/status", "a text", `"20"`, "must be one of [10,20]"},
		{"getUser", "data/status", "null", "null", "must be one of [10,20]"},
		{"getUser", "data/dob", "impossible", `"1986-02-31"`, "must be a date of the calendar, written YYYY-MM-DD"},
		{"getUser", "data/dob", "written otherwise", `"01/01/1986"`, "must be a date of the calendar, written YYYY-MM-DD"},
		{"getUser", "data/created", "negative", "-1", "must be at least 0"},
		{"getUser", "data/id", "with a letter", `"u1"`, notDigits},
		{"getUser", "data/vseeid", "without a prefix", `"6258012d656449b8b5e73ad964457b1f"`, `must match ^([A-Za-z0-9_.-]+\+([0-9a-f]{32}|user[0-9]+)|[^@\s]+@[^@\s]+)$`},
		{"getUser", "data/email", "none", `"nobody"`, "must be an e-mail address"},
		{"getUser", "data/phone", "null", "null", notNull},
		{"getUser", "data/insurance/primary/insurance_order", "unknown", "3", "must be one of [1,2]"},
		{"updateMe", "data/insurance/primary/subscriber_num", "a number", "234234", "must be of the type string"},
		{"updateMe", "data/insurance/patient/respparty", "unknown", `"uncle"`, `must be one of ["self","child","spouse","other"]`},
		{"getUser", "data/user_data/primary/eligibility_response", "misspelt", `"success"`, "must be Success, or a reject reason spelled as VSee spells it"},
		{"signOn", "data/token/token", "in upper case", `"0123456789ABCDEF0123456789ABCDEF"`, "must match ^[0-9a-f]{32}$"},
		{"signOn", "data/token/created", "an ISO time", `"2022-04-14T11:10:37Z"`, "must be of the type integer"},
		{"startEligibilityCheck", "data/eligibility_id", "empty", `""`, notDigits},
		{"listInsurers", "data/insurers/0/id", "empty", `""`, "must not be empty"},
	} {
		all = append(all, Mutant{
			Name: m.operation + "/" + m.path + "/" + m.name, Operation: m.operation, Status: http.StatusOK, Breaks: []string{m.breaks}, Pointer: "/" + m.path,
			Caught: by(caught[m.path]),
			reply:  success(m.operation, give(m.value), strings.Split(m.path, "/")...),
		})
	}
	return all
}

// wrapped puts text before and after the body of a reply.
func wrapped(before, after string) func(*reply) {
	return func(r *reply) { r.body = []byte(before + string(r.body) + after) }
}

// status gives a reply another status and leaves its body.
func status(status int) func(*reply) { return func(r *reply) { r.status = status } }

// header gives a reply another header; none when the value is empty.
func header(name, value string) func(*reply) {
	return func(r *reply) {
		r.header = r.header.Clone()
		r.header[name] = nil // otherwise the server makes up a content type
		if value != "" {
			r.header.Set(name, value)
		}
	}
}

// body edits the body of a reply.
func body(e edit, path ...string) func(*reply) {
	return func(r *reply) { r.body, _ = e(r.body, path...) }
}

// replyMutants get a success wrong as a whole, such as its status, its content type or its JSON.
func replyMutants() []Mutant {
	const contentType = "Content-Type"
	ways := []struct {
		name, pointer, breaks string
		change                func(*reply)
	}{
		{"201", "", "the status is not declared", status(http.StatusCreated)},
		{"truncated", "", "the body must be JSON", func(r *reply) { r.body = r.body[:len(r.body)/2] }},
		{"extra", "/extra_field", undeclared, body(insert(`"extra_field":true`))},
		{"301", "", "a reply must not redirect", status(http.StatusMovedPermanently)},
		{"text-html", "", "the content type must be application/json", header(contentType, "text/html")},
		{"no content type", "", "the content type must be application/json", header(contentType, "")},
		{"latin-1", "", "the charset must be UTF-8", header(contentType, "application/json; charset=ISO-8859-1")},
		{"empty", "", "there must be a body", func(r *reply) { r.body = nil }},
		{"trailing", "", "nothing may stand after the JSON", wrapped("", "0")},
		{"notice", "", "nothing may stand before the JSON", wrapped("<br />\n<b>Notice</b>: Undefined index: zip in /var/www/api.php on line 7<br />\n", "")},
		{"duplicate", "", "a name must not stand twice in one object", body(twice, "data")},
		{"code", "/code", "a success must have no code at its top level", body(insert(`"code":200`))},
		{"data/extra", "/data/extra_field", undeclared, body(insert(`"extra_field":true`), "data")},
	}
	var all []Mutant
	for _, operation := range answering() {
		of := ways
		if !isThorough(operation) {
			of = ways[:1]
		}
		for _, m := range of {
			all = append(all, Mutant{
				Name: operation + "/" + m.name, Operation: operation, Status: http.StatusOK, Breaks: []string{m.breaks}, Pointer: m.pointer,
				reply: changing(operation, http.StatusOK, m.change),
			})
		}
	}
	return all
}

// errorMutants get a refusal wrong: its status, its headers or its error body.
func errorMutants() []Mutant {
	var all []Mutant
	both := func(to int) func(*reply) {
		return func(r *reply) {
			r.status = to
			r.body, _ = set(strconv.Itoa(to))(r.body, "code")
		}
	}
	for _, m := range []struct {
		name, caught, operation string
		status                  int
		pointer                 string
		breaks                  []string
		change                  func(*reply)
	}{
		{"422", "SIGN-009 SIGN-016", "signOn", 400, "", []string{"the status is not declared"}, status(http.StatusUnprocessableEntity)},
		{"200", "PATH-012", "getUser", 404, "", []string{required, undeclared, "a success must have no code at its top level"}, status(http.StatusOK)},
		{"403", "AUTH-008", "getMe", 401, "/code", nil, both(http.StatusForbidden)},
		{"404", "AUTH-012", "getUser", 403, "/code", nil, both(http.StatusNotFound)},
		{"400", "PATH-012", "getUser", 404, "/code", nil, both(http.StatusBadRequest)},
		{"404", "ELIG-006 ELIG-007", "startEligibilityCheck", 400, "/code", nil, both(http.StatusNotFound)},
		{"500", "ELIG-006 ELIG-007", "startEligibilityCheck", 400, "/code", nil, both(http.StatusInternalServerError)},
		{"code is another", "AUTH-008", "getMe", 401, "/code", []string{"must be the HTTP status"}, body(set("400"), "code")},
		{"code is a text", "AUTH-008", "getMe", 401, "/code", []string{"must be of the type integer"}, body(set(`"401"`), "code")},
		{"code is missing", "AUTH-008", "getMe", 401, "/code", []string{required}, body(drop, "code")},
		{"message is missing", "SIGN-009 SIGN-016", "signOn", 400, "/message", []string{required}, body(drop, "message")},
		{"message is empty", "SIGN-009 SIGN-016", "signOn", 400, "/message", []string{"must not be empty"}, body(set(`""`), "message")},
		{"message is null", "SIGN-009 SIGN-016", "signOn", 400, "/message", []string{notNull}, body(set("null"), "message")},
		{"data", "AUTH-012", "getUser", 403, "/data", []string{undeclared}, body(insert(`"data":{}`))},
		{"page", "PATH-012", "getUser", 404, "", []string{"the content type must be application/json"}, header("Content-Type", "text/html")},
		{"without Allow", "PATH-011", "", 405, "", nil, header("Allow", "")},
		{"another Allow", "PATH-011", "", 405, "", nil, header("Allow", "GET")},
		{"another text for no page", "PATH-010", "", 404, "/message", nil, func(r *reply) {
			if r.text("message") == "Sorry, this page is not available." {
				r.body, _ = set(`"not found"`)(r.body, "message")
			}
		}},
	} {
		all = append(all, Mutant{
			Name: strings.TrimPrefix(m.operation+"/"+strconv.Itoa(m.status)+"/"+m.name, "/"), Operation: m.operation, Status: m.status, Breaks: m.breaks, Caught: by(m.caught), Pointer: m.pointer,
			reply: changing(m.operation, m.status, m.change),
		})
	}
	return all
}
