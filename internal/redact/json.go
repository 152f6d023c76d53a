package redact

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// json redacts a body beginning with JSON; any text after the JSON leaves its size.
func (r *Redactor) json(body []byte) (string, error) {
	if !utf8.Valid(body) {
		return "", errors.New("it is not UTF-8")
	}
	v, err := jsonscan.Parse(body, maxDepth, jsonscan.Loose|jsonscan.Trailing)
	if err != nil {
		return "", err
	}
	left := r.member("", v, 0)
	if rest := bytes.TrimSpace(body[v.End():]); len(rest) > 0 {
		left += " " + size(len(rest))
	}
	return left, nil
}

// member redacts the value of a member. An item of a list has the name of the list.
func (r *Redactor) member(name string, v jsonscan.Value, depth int) string {
	switch v.Kind {
	case jsonscan.Object:
		members := make([]string, len(v.Members))
		for i, m := range v.Members {
			members[i] = jsonscan.Quote(r.name(m.Name)) + ":" + r.member(m.Name, m.Value, depth+1)
		}
		return "{" + strings.Join(members, ",") + "}"
	case jsonscan.List:
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = r.member(name, item, depth+1)
		}
		return "[" + strings.Join(items, ",") + "]"
	case jsonscan.String:
		return jsonscan.Quote(r.value("string", name, v.Text))
	case jsonscan.Number:
		return r.number(name, string(v.Raw), depth)
	default:
		return string(v.Raw)
	}
}

var errorStatus = regexp.MustCompile(`^[45][0-9]{2}$`)

// number redacts a number. It keeps all of an allowed number, and of an HTTP status repeated in the body of an error.
func (r *Redactor) number(name, number string, depth int) string {
	if status := depth == 1 && name == "code" && errorStatus.MatchString(number); status || r.allow.has(name, number) {
		return number
	}
	return jsonscan.Quote(r.token("number", number))
}
