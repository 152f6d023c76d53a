package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// object is a JSON object of the control API, and one field of it.
type object struct {
	method, path string
	body         string // with %s in place of the object's members
	place        string // of the object, followed by a dot
	field, good  string
	rule         string // of the field's type
}

func objects() []object {
	const span = `a time span such as "10s", "5m" or "1h30m", and less than 292 years`
	const one, user = "/clinics/one", "/clinics/one/users/132406"
	return []object{
		{"POST", "/clinics", `{%s}`, "", "account_code", `"new"`, "text"},
		{"POST", "/clinics", `{%s}`, "", "seed", `7`, "a whole number that is not negative"},
		{"POST", "/clinics", `{%s}`, "", "admin_token", `"t"`, "text"},
		{"POST", "/clinics", `{"clock": {%s}}`, "clock.", "set", `"2030-01-01T00:00:00Z"`,
			"a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z"},
		{"POST", "/clinics", `{"clock": {%s}}`, "clock.", "freeze", `true`, "true or false"},
		{"PATCH", one, `{%s}`, "", "cron_delay", `"5s..9s"`,
			`a time span such as "10s", or a range such as "5s..20s", and not negative`},
		{"PATCH", one, `{%s}`, "", "token_life", `"5s"`, span},
		{"PATCH", one, `{%s}`, "", "insurers", `[{"id": "i", "name": "I"}]`, "a list"},
		{"PATCH", one, `{%s}`, "", "webhook", `{}`, "an object"},
		{"PATCH", one, `{"insurers": [{"id": "a", "name": "A"}, {%s}]}`, "insurers[1].", "name", `"B"`, "text"},
		{"PATCH", one, `{"webhook": {%s}}`, "webhook.", "url", `"http://127.0.0.1:1"`, "text"},
		{"PATCH", one, `{"webhook": {%s}}`, "webhook.", "jitter", `0.5`, "a number"},
		{"PATCH", one, `{"webhook": {"headers": {%s}}}`, "webhook.headers.", "signature", `"X-S"`, "text"},
		{"PATCH", one, `{"webhook": {"misbehaviour": {%s}}}`, "webhook.misbehaviour.", "gzip", `true`, "true or false"},
		{"PATCH", one, `{"webhook": {"misbehaviour": {%s}}}`, "webhook.misbehaviour.", "hold", `"5m"`,
			`"next", or a time span such as "5m"`},
		{"PATCH", one, `{"claims": {%s}}`, "claims.", "enabled", `true`, "true or false"},
		{"PATCH", one, `{"claims": {"default": {%s}}}`, "claims.default.", "cron_job_delay", `5`, "a number"},
		{"PATCH", one, `{"claims": {"procedure_codes": {"99213": {%s}}}}`, "claims.procedure_codes.99213.", "fee", `"28"`,
			"text"},
		{"PATCH", one, `{"claims": {"relationship": {"self": {%s}}}}`, "claims.relationship.self.", "hipaarelationship",
			`"18"`, "text"},
		{"POST", one + "/clock", `{%s}`, "", "advance", `"1s"`, span},
		{"POST", one + "/settle", `{%s}`, "", "timeout", `"1s"`, span},
		{"PUT", one + "/faults", `[{"reset": true}, {%s}]`, "faults[1].", "slow", `"1s"`,
			`a time span such as "10s", "5m" or "1h30m", and not negative`},
		{"PUT", user + "/credentials", `{%s}`, "", "password", `"p"`, "text"},
		{"PUT", user + "/assignments", `{%s}`, "", "roles", `["r"]`, "a list"},
		{"PUT", one + "/scenarios", `{%s}`, "", "alone", `true`, "true or false"},
		{"POST", one + "/events", `{%s}`, "", "member_id", `"132406"`, "text"},
	}
}

// with returns the body with these members in the object.
func (o object) with(members string) string { return fmt.Sprintf(o.body, members) }

func (o object) list() bool { return o.body[0] == '[' }

// Each object of the control API refuses duplicate names, unknown names or names in another case, null, other types
// and invalid UTF-8. It also refuses values nested too deep, too large or too many. The error names the field.
func TestEveryBodyOfTheControlAPIIsReadStrictly(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Frozen: true}})
	_, before := c.do("GET", "/clinics/one", "")
	long := strings.Repeat("x", 5000)
	for _, o := range objects() {
		name, full := `"`+o.field+`": `, o.place+o.field
		other := strings.ToUpper(o.field[:1]) + o.field[1:]
		noun, whole := "object", o.with(name+o.good)
		if o.list() {
			noun = "list"
		}
		twice := o.with(name + o.good + ", " + name + o.good)
		for body, want := range map[string]string{
			twice: fmt.Sprintf("%s appears twice in one JSON object (line 1, column "+
				"%d): send it once", full, strings.LastIndex(twice, name)+1),
			o.with(`"` + other + `": ` + o.good): fmt.Sprintf("unknown field %q; did you mean %q?", o.place+other,
				o.field),
			o.with(`"` + o.field + `x": ` + o.good): fmt.Sprintf("unknown field %q; did you mean %q?", full+"x", o.field),
			o.with(`"` + long + `": 1`): fmt.Sprintf("unknown field %q: GET /_mock/openapi.yaml lists them",
				o.place+long[:64]+"…"),
			o.with(`"a\u0000": "s3cret"`): fmt.Sprintf("unknown field %q: GET /_mock/openapi.yaml lists them",
				o.place+"(a name that cannot be shown)"),
			o.with(name + `null`):       full + " must not be null: leave it out instead",
			o.with(name + `"s3cret" "`): "",
			o.with(name + `1e999`):      full + " is a number that is out of range",
			whole + ` "s3cret"`: fmt.Sprintf("the body has something after the JSON %s (line 1, column %d)",
				noun, len(whole)+2),
			whole[:len(whole)-1]: fmt.Sprintf("the body must be one well-formed JSON %s (line 1, column %d)",
				noun, len(whole)),
			"\n" + o.with(name+strings.Repeat("[", 50)): "",
			o.with(name + "\"\xff\""): fmt.Sprintf("the body is not valid UTF-8 (line 1, column %d)",
				strings.Index(o.body, "%s")+len(name)+2),
			o.with(name + `"\ud800"`): fmt.Sprintf("the body is not valid UTF-8 (line 1, column %d)",
				strings.Index(o.body, "%s")+len(name)+2),
			`"s3cret"`: "the body must be a JSON " + noun,
			`null`:     "the body must be a JSON " + noun,
		} {
			status, text := c.do(o.method, o.path, body)
			got := refusal(t, text)
			repeated := strings.Contains(got, "s3cret") && !strings.Contains(got, "well-formed")
			if status != 400 || want != "" && got != want || repeated {
				t.Errorf("%s %s %.80s:\n%d %s\nwant %s", o.method, o.path, body, status, got, want)
			}
		}
		for _, wrong := range []string{`{"s3cret": 1}`, `["s3cret"]`, `"s3cret"`, `true`, `-1.5`} {
			if text := o.with(name + wrong); kindOf(wrong) != kindOf(o.good) {
				c.refused(o.method, o.path, text, 400, full+" must be "+o.rule)
			}
		}
	}
	if _, after := c.do("GET", "/clinics/one", ""); before != after {
		t.Errorf("the refusals have changed the clinic:\n%s", after)
	}
	if clinics := pages(c, "/clinics", 100); len(clinics) != 2 {
		t.Errorf("after the refusals there are %v", clinics)
	}
}

// kindOf returns the first byte of a JSON value, which is different for each kind; 0 for a number.
func kindOf(value string) byte {
	switch first := value[0]; first {
	case '{', '[', '"', 't':
		return first
	}
	return 0
}

func TestABodyOfTooManyValuesIsRefused(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	body := `{"insurers": [0` + strings.Repeat(",0", 50_000) + `]}`
	status, reply := c.do("POST", "/clinics", body)
	if status != 400 || !strings.Contains(reply, "the body has more than 50000 JSON values: send fewer") {
		t.Errorf("%d %s", status, reply)
	}
}

func TestABodyMayBeginWithAByteOrderMark(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	c.ok("POST", "/clinics/vclinic/clock", "\ufeff{\"freeze\": true}", nil)
	c.ok("PUT", "/clinics/vclinic/faults", "\ufeff []", nil)
}

// A clinic's clock starts within the range of times ids can hold. The year 1 is a valid time, not a missing one.
func TestAClinicsClockStartsWithinItsBounds(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	for set, ok := range map[string]bool{
		"0001-01-01T00:00:00Z": false, "1969-12-31T23:59:59Z": false, "1970-01-01T00:00:00Z": true,
		"2105-12-31T23:59:59Z": true, "2106-01-01T00:00:00Z": false, "9999-12-31T23:59:59Z": false,
	} {
		body := `{"clock": {"set": "` + set + `", "freeze": true}}`
		if !ok {
			c.refused("POST", "/clinics", body, 400, "clock.set must be a time from 1970 to 2105")
			continue
		}
		var made struct{ Clock struct{ Now string } }
		if c.ok("POST", "/clinics", body, &made); made.Clock.Now != set {
			t.Errorf("set to %s, it shows %s", set, made.Clock.Now)
		}
	}
	c.refused("POST", "/clinics/vclinic/clock", `{"set": "0001-01-01T00:00:00Z"}`, 400,
		"a clinic's clock cannot go back; POST …/reset empties the clinic and restarts its clock")
}
