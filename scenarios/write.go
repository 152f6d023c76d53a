package scenarios

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Write returns the file of a scenario, in the short forms that people write. The file's name is the scenario's id with
// .yaml behind it. The error is the *Problem of a scenario that breaks a rule.
func Write(s Scenario) ([]byte, error) {
	if len(s.Answers.Both) > 0 && len(s.Answers.Primary)+len(s.Answers.Secondary) > 0 {
		return nil, &Problem{File: s.ID + ".yaml", Rule: "answers are for both cards, or for each", Hint: "keep one of them"}
	}
	loaded, err := Load(s.ID+".yaml", s.layOut())
	if err != nil {
		return nil, err
	}
	return loaded.layOut(), nil // with texts in place of codes
}

// lineWidth is the limit for lines that can be broken.
const lineWidth = 118

// layOut lays a scenario out, whether it is right or not.
func (s Scenario) layOut() []byte {
	var b strings.Builder
	line := func(key, value string) {
		if len(key)+len(value) > lineWidth && strings.HasPrefix(value, " {") {
			value = "\n " + value
		}
		if value != "" {
			b.WriteString(key + ":" + value + "\n")
		}
	}
	if s.Version != "" {
		line("version", " "+plainOr(s.Version))
	}
	line("title", " "+plainOr(s.Title))
	line("labels", inline(s.Labels))
	line("when", inline(s.When))
	line("count_by", inline(s.CountBy))
	answers := s.Answers
	if s.Answer != nil {
		answers = *s.Answer
	}
	b.WriteString(answers.lines())
	claims := s.Claims
	if s.Claim != nil {
		claims = *s.Claim
	}
	if len(claims) == 1 {
		line("claim", " "+claims[0].short())
	} else {
		line("claims", listed(claims, Claim.short))
	}
	if s.Visit != nil {
		line("visit", " "+s.Visit.short())
	}
	line("webhook", inline(s.Webhook))
	line("claim_webhook", inline(s.ClaimWebhook))
	line("http", listed(s.HTTP, flow))
	line("clinic", inline(s.Clinic))
	line("calls", inline(s.Calls))
	line("patient", inline(s.Patient))
	if len(s.Expect) == 1 {
		line("expect", " "+plainOr(s.Expect[0]))
	} else {
		line("expect", listed(s.Expect, plainOr))
	}
	if s.Preview != nil {
		line("preview", " "+flow(*s.Preview))
	}
	return []byte(b.String())
}

// inline returns a value in the form for its place behind a key; nothing for an empty value.
func inline(v any) string {
	if r := reflect.ValueOf(v); r.IsZero() || r.Kind() == reflect.Slice && r.Len() == 0 {
		return ""
	}
	return " " + flow(v)
}

// listed returns a list with a line for each item.
func listed[T any](items []T, write func(T) string) string {
	text := ""
	for _, item := range items {
		text += "\n  - " + write(item)
	}
	return text
}

// lines returns the answers below their key. The key is `answer` for a single answer.
func (a Answers) lines() string {
	switch {
	case a.IsZero():
		return ""
	case len(a.Both) == 1 && len(a.Both[0].Chance) > 0:
		return "chance:" + listed(a.Both[0].Chance, flow) + "\n"
	case len(a.Both) == 1:
		return "answer: " + a.Both[0].short() + "\n"
	case len(a.Both) > 1:
		return "answers:" + listed(a.Both, Answer.short) + "\n"
	}
	text := "answers:\n"
	for _, card := range []struct {
		name    string
		answers []Answer
	}{{primary, a.Primary}, {secondary, a.Secondary}} {
		switch len(card.answers) {
		case 0:
		case 1:
			text += "  " + card.name + ": " + card.answers[0].short() + "\n"
		default:
			text += "  " + card.name + ":" + strings.ReplaceAll(listed(card.answers, Answer.short), "\n", "\n  ") + "\n"
		}
	}
	return text
}

// short returns the shortest form of an answer.
func (a Answer) short() string {
	switch a.Code, a.Line = "", 0; {
	case reflect.DeepEqual(a, Answer{Silent: true}):
		return silent
	case reflect.DeepEqual(a, Answer{Text: a.Text}):
		return plainOr(a.Text)
	}
	return "{" + strings.Join(pairs(reflect.ValueOf(a)), ", ") + "}"
}

// flow returns a value on one line, by the yaml tags of its fields.
func flow[T any](v T) string { return flowOf(reflect.ValueOf(v)) }

func flowOf(v reflect.Value) string {
	if short := shortOf(v.Interface()); short != "" {
		return short
	}
	switch v.Kind() {
	case reflect.Pointer:
		return flowOf(v.Elem())
	case reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = flowOf(v.Index(i))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case reflect.Struct:
		return "{" + strings.Join(pairs(v), ", ") + "}"
	case reflect.String:
		return plainOr(v.String())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	default:
		return fmt.Sprint(v.Interface())
	}
}

// shortOf returns the form of a value that is shorter than its fields; "" for none.
func shortOf(v any) string {
	switch is := v.(type) {
	case Match:
		if len(is) == 1 {
			return plainOr(is[0])
		}
	case Nots:
		if len(is) == 1 {
			return flow(is[0])
		}
	case Call:
		switch is {
		case Call{Read: true}:
			return "read"
		case Call{Check: primary}:
			return "check"
		case Call{Visit: true}:
			return "visit"
		case Call{Claim: NewClaim}:
			return "claim"
		}
	case misbehaviour.Duplicate:
		if !is.AtOnce {
			return is.String()
		}
	case Answer:
		return is.short()
	case Zone:
		return plainOr(is.String())
	case Range:
		return is.Short()
	case Duration:
		return scalar.Short(time.Duration(is))
	case Hold:
		if is.Next {
			return is.String()
		}
		return scalar.Short(is.For)
	case Latency:
		return is.String()
	}
	return ""
}

// pairs returns the keys and values of the set fields.
func pairs(v reflect.Value) []string {
	var text []string
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if key != "-" && !v.Field(i).IsZero() {
			text = append(text, key+": "+flowOf(v.Field(i)))
		}
	}
	return text
}

var (
	// plainText is a text recognised by YAML as text, in a list and behind a key too.
	plainText = regexp.MustCompile(`^[A-Za-z(]([A-Za-z0-9 _./()@+'-]*[A-Za-z0-9_./()@+'-])?$`)
	// dateOrTime is a date, a time of day, one of RFC 3339, or a span of dates or times.
	dateOrTime = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}|[0-9TZ:-]{20})(\.\.[0-9:-]{5,10})?$`)
	// notText is a text YAML reads as something else than text.
	notText = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// plainOr returns a text as it is where YAML reads it as that text, and in quotation marks anywhere else.
func plainOr(text string) string {
	if (plainText.MatchString(text) || dateOrTime.MatchString(text)) && !notText.MatchString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range jsonscan.Quote(text) {
		if rule, _ := oddRune(string(r), r, false); rule != "" { // meant as it is: the loader takes it as an escape
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
