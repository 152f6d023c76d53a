package scenarios_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

const ours = "github.com/vsee-mock/vsee-mock/scenarios"

// makeSchema makes the schema of the language. Keys and descriptions are those of the Go types; what their
// UnmarshalYAML takes, and the rules, are said in this file.
func makeSchema(t *testing.T) []byte {
	t.Helper()
	forms := shortForms()
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true,
		Mapper: func(of reflect.Type) *jsonschema.Schema {
			if forms[of.Name()] == nil || of.PkgPath() != ours {
				return nil
			}
			return ref(of.Name())
		},
	}
	if err := r.AddGoComments(ours, "./"); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(scenarios.Scenario{})
	s.ID, s.Title = scenarios.SchemaURL, "A scenario of vsee-mock"
	answer := r.Reflect(scenarios.Answer{})
	s.Definitions["AnswerFields"] = &jsonschema.Schema{
		Type: answer.Type, Properties: answer.Properties, AdditionalProperties: answer.AdditionalProperties,
	}
	s.Definitions["CallFields"] = s.Definitions["Call"]
	claim := r.Reflect(scenarios.Claim{})
	s.Definitions["ClaimFields"] = &jsonschema.Schema{
		Type: claim.Type, Properties: claim.Properties, AdditionalProperties: claim.AdditionalProperties,
	}
	s.Definitions["Adjustment"] = claim.Definitions["Adjustment"]
	forms["Claim"] = anyOf(claimOutcome(), pattern("^("+adjustment+"|"+rejection+")$"), ref("ClaimFields"))
	forms["Answer"] = anyOf(ref("EligibilityText"), texts("silent"), ref("AnswerFields"))
	forms["Call"] = anyOf(texts("check", "claim", "read"), ref("CallFields"))
	for name, form := range forms {
		form.Description = r.CommentMap[ours+"."+name]
		s.Definitions[name] = form
	}
	narrow(t, s)
	addRules(s)
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(inTheFile.Replace(string(text))), '\n')
}

// inTheFile turns what a comment says of a Go value into what is so of a file.
var inTheFile = strings.NewReplacer(
	"; nil once loaded", "", "; the text once loaded", "", "; nil:", "; left out:", "NoAnswer", "`no answer`",
)

const (
	amount = `([0-9]+(\.[0-9]*)?|\.[0-9]+)`
	span   = `(0|(` + amount + `(ns|us|µs|μs|ms|s|m|h))+)`
	hour   = `([01][0-9]|2[0-3]):[0-5][0-9]`
	day    = `[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
	// A code by which a claim is denied or in part not paid, one by which it is rejected, and an amount of dollars.
	adjustment = `(CO|OA|PI|PR)-[A-Z]?[0-9]{1,3}`
	rejection  = `A[3-8]:[0-9]{1,3}`
	dollars    = `[0-9]{1,7}(\.[0-9]{1,2})?`

	like = `[0-9-]*[*?][0-9*?-]*`
)

// shortForms returns the types that are written in another form than their fields.
func shortForms() map[string]*jsonschema.Schema {
	answers := oneOrList(ref("Answer"))
	return map[string]*jsonschema.Schema{
		"Text":            text(),
		"Match":           oneOrList(ref("Text")),
		"Duration":        pattern("^" + span + "$"),
		"Hold":            anyOf(texts("next"), pattern("^"+span+"$")),
		"Latency":         pattern("^" + span + `((\.\.|~)` + span + ")?$"),
		"EligibilityText": eligibilityText(),
		"Answers":         anyOf(answers, byCard(answers)),
		"Claims":          oneOrList(ref("Claim")),
		"OneAnswer":       anyOf(ref("Answer"), byCard(ref("Answer"))),
		"Expect":          oneOrList(anyOf(ref("EligibilityText"), texts(scenarios.NoAnswer))),
	}
}

// text is what a Text takes: YAML takes a number that is not in quotation marks for one.
func text() *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{MinLength: &one, Extras: map[string]any{"type": []string{"string", "number", "boolean"}}}
}

func eligibilityText() *jsonschema.Schema {
	all, codes, numbers := texts(scenarios.Success), []string{}, enum()
	for _, r := range scenarios.Reasons() {
		all.Enum = append(all.Enum, r.Text)
		code := ""
		for _, c := range r.Code {
			code += string(c)
			if c >= 'A' {
				code = code[:len(code)-1] + "[" + string(c) + strings.ToLower(string(c)) + "]"
			}
		}
		codes = append(codes, code)
		if n, err := strconv.Atoi(r.Code); err == nil {
			numbers.Enum = append(numbers.Enum, n)
		}
	}
	return anyOf(all, pattern("^("+strings.Join(codes, "|")+")$"), numbers)
}

func claimOutcome() *jsonschema.Schema {
	return texts("paid", "partly_paid", "denied", "rejected", "silent")
}

func byCard(answer *jsonschema.Schema) *jsonschema.Schema {
	one := uint64(1)
	s := &jsonschema.Schema{
		Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema, MinProperties: &one,
	}
	s.Properties.Set("primary", answer)
	s.Properties.Set("secondary", answer)
	return s
}

// narrow says of keys what is among the values of their types.
func narrow(t *testing.T, s *jsonschema.Schema) {
	t.Helper()
	card, respparty := texts("primary", "secondary"), texts("self", "child", "spouse", "other")
	date := pattern("^" + day + "$")
	mostFaults := uint64(100)
	statuses := enum()
	for _, status := range scenarios.Statuses() {
		statuses.Enum = append(statuses.Enum, status)
	}
	for place, values := range map[string]*jsonschema.Schema{
		".version":              texts(scenarios.Version1),
		".title":                pattern(`\S`),
		".answer":               ref("OneAnswer"),
		".labels":               listOf(ref("Text")),
		"AnswerFields.text":     ref("EligibilityText"),
		"AnswerFields.at":       pattern("^(" + hour + "|" + day + "T" + hour + `:[0-5][0-9](\.[0-9]+)?Z)$`),
		"When.card":             oneOrList(card),
		"When.respparty":        oneOrList(respparty),
		"When.nth":              oneOrList(anyOf(&jsonschema.Schema{Type: "integer", Minimum: "1", Maximum: "1000"}, pattern("^([1-9][0-9]{0,2}|1000)$"))),
		"When.weekday":          oneOrList(texts("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
		"When.dob":              oneOrList(pattern("^(" + day + "|" + like + ")$")),
		"When.date":             oneOrList(pattern("^(" + day + `(\.\.` + day + ")?|" + like + ")$")),
		"When.time":             oneOrList(pattern("^" + hour + `\.\.` + hour + "$")),
		"CallFields.check":      card,
		"CallFields.claim":      texts("new", "again"),
		".claim":                ref("Claim"),
		"ClaimFields.outcome":   claimOutcome(),
		"ClaimFields.status":    pattern("^" + rejection + "$"),
		"ClaimFields.after":     texts("submitted", "acknowledged", "accepted"),
		"Adjustment.code":       pattern("^" + adjustment + "$"),
		"Adjustment.line":       upTo(50),
		"Adjustment.percent":    upTo(100),
		"Adjustment.amount":     anyOf(pattern("^"+dollars+"$"), &jsonschema.Schema{Type: "number", Minimum: "0", MultipleOf: "0.01"}),
		"Adjustment.remarks":    {Type: "array", Items: pattern("^(M|MA|N)[0-9]{1,3}$")},
		"Patient.card":          card,
		"Patient.respparty":     respparty,
		"Patient.gender":        enum("1", "2", 1, 2, "male", "female"),
		"Patient.dob":           date,
		"Patient.guarantor_dob": date,
		"Patient.without":       {Type: "array", Items: texts("subscriber_num", "dob", "gender")},
		"Webhook.refused":       upTo(9),
		"Webhook.duplicate":     upTo(1000),
		"Webhook.burst":         upTo(1000),
		"Webhook.attempts":      upTo(1000),
		"Webhook.signature":     texts("bad", "old"),
		"Webhook.timestamp":     texts("stale", "future"),
		".http":                 {Type: "array", Items: ref("Fault"), MaxItems: &mostFaults},
		"Fault.operation":       texts(scenarios.Operations()...),
		"Fault.from":            from1(),
		"Fault.times":           from1(),
		"Fault.probability":     {Type: "number", ExclusiveMinimum: "0", Maximum: "1"},
		"Fault.status":          statuses,
	} {
		of, key, _ := strings.Cut(place, ".")
		within := s
		if of != "" {
			within = s.Definitions[of]
		}
		was, ok := within.Properties.Get(key)
		if !ok {
			t.Fatalf("there is no %s", place)
		}
		said := *values
		said.Description = was.Description
		within.Properties.Set(key, &said)
	}
}

// addRules says which keys need, or exclude, one another.
func addRules(s *jsonschema.Schema) {
	answer := s.Definitions["AnswerFields"]
	silent := having("silent")
	answer.AnyOf = []*jsonschema.Schema{required("text"), silent}
	answer.AllOf = []*jsonschema.Schema{
		not(required("after", "at")),
		{If: silent, Then: not(anyOf(required("text"), required("after"), required("at")))},
	}
	one := uint64(1)
	call := s.Definitions["CallFields"]
	call.MinProperties, call.MaxProperties = &one, &one

	claim := s.Definitions["ClaimFields"]
	claim.Required = []string{"outcome"}
	for _, field := range []struct {
		key   string
		among []any
	}{
		{"status", []any{"rejected"}}, {"adjustments", []any{"partly_paid", "denied"}}, {"after", []any{"silent"}},
		{"pay_after", []any{"paid", "partly_paid", "denied"}},
	} {
		claim.AllOf = append(claim.AllOf, &jsonschema.Schema{If: required(field.key), Then: with("outcome", enum(field.among...))})
	}
	part := anyOf(required("amount"), required("percent"))
	for _, rule := range []struct {
		outcome string
		item    *jsonschema.Schema
	}{{"denied", not(part)}, {"partly_paid", anyOf(part, required("line"))}} {
		adjusted := with("adjustments", &jsonschema.Schema{Items: rule.item})
		adjusted.Required = nil
		claim.AllOf = append(claim.AllOf, &jsonschema.Schema{If: with("outcome", enum(rule.outcome)), Then: adjusted})
	}
	s.Definitions["Adjustment"].Required = []string{"code"}
	s.Definitions["Adjustment"].AllOf = []*jsonschema.Schema{not(required("amount", "percent"))}

	s.Definitions["Webhook"].AllOf = apart(required("hold"), having("before_reply"), having("after_read"))
	forClaims, _ := s.Properties.Get("claim_webhook")
	for _, key := range []string{"refused", "hold", "before_reply", "after_read", "attempts"} {
		forClaims.AllOf = append(forClaims.AllOf, not(required(key)))
	}
	fault := s.Definitions["Fault"]
	kinds := []*jsonschema.Schema{
		required("status"), having("reset"), having("truncated"), having("malformed"), having("html"),
	}
	fault.AllOf = append(apart(kinds...), &jsonschema.Schema{
		If: required("retry_after"), Then: with("status", enum(429, 503)),
	})
	fault.AnyOf = slices.Concat(kinds, []*jsonschema.Schema{required("latency"), required("slow")})

	mockOnly := with("labels", &jsonschema.Schema{Contains: enum(scenarios.MockOnly)})
	answered := anyOf(required("answer"), required("answers"), required("http"))
	s.AnyOf = []*jsonschema.Schema{answered, required("expect")}
	s.AllOf = []*jsonschema.Schema{
		not(required("answer", "answers")),
		not(required("claim", "claims")),
		{If: anyOf(required("claim"), required("claims")), Then: anyOf(required("answer"), required("answers"))},
		{If: anyOf(required("claim"), required("claims")), Then: not(required("preview"))},
		{If: required("claim_webhook"), Then: anyOf(required("claim"), required("claims"))},
		{If: answered, Then: with("when", &jsonschema.Schema{MinProperties: &one})},
		{If: required("when"), Then: answered},
		{If: required("webhook"), Then: anyOf(required("answer"), required("answers"))},
		{If: mockOnly, Then: not(required("preview"))},
	}
}

// apart says that no two of these go together.
func apart(these ...*jsonschema.Schema) []*jsonschema.Schema {
	var rules []*jsonschema.Schema
	for i, this := range these {
		if i+1 < len(these) {
			rules = append(rules, not(&jsonschema.Schema{AllOf: []*jsonschema.Schema{this, anyOf(these[i+1:]...)}}))
		}
	}
	return rules
}

// with is an object whose key has such a value.
func with(key string, value *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: []string{key}}
	s.Properties.Set(key, value)
	return s
}

func having(key string) *jsonschema.Schema {
	return with(key, &jsonschema.Schema{Const: true})
}

func ref(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }

func enum(values ...any) *jsonschema.Schema { return &jsonschema.Schema{Enum: values} }

func texts(values ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, value := range values {
		s.Enum = append(s.Enum, value)
	}
	return s
}

func pattern(p string) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: p} }

func anyOf(forms ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: forms} }

func not(s *jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{Not: s} }

func required(keys ...string) *jsonschema.Schema { return &jsonschema.Schema{Required: keys} }

func listOf(item *jsonschema.Schema) *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{Type: "array", Items: item, MinItems: &one}
}

func oneOrList(item *jsonschema.Schema) *jsonschema.Schema { return anyOf(item, listOf(item)) }

func upTo(most int) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: json.Number(strconv.Itoa(most))}
}

func from1() *jsonschema.Schema {
	s := upTo(1000)
	s.Minimum = "1"
	return s
}
