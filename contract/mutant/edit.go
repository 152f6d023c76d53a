package mutant

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// decode decodes JSON and keeps the digits of numbers. It reports whether it could.
func decode(body []byte, into any) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(into) == nil
}

// encode encodes JSON without escapes for HTML.
func encode(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // it was decoded before
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// edited returns a JSON body with f applied to the members at a path; * stands for each item of a list. A body with
// nothing there stays as it is.
func edited(body []byte, path []string, f func(in map[string]any, name string)) []byte {
	var value any
	if !decode(body, &value) {
		return body
	}
	before := encode(value)
	visit(value, path, f)
	after := encode(value)
	if bytes.Equal(before, after) {
		return body
	}
	return after
}

func visit(value any, path []string, f func(in map[string]any, name string)) {
	if list, is := value.([]any); is && len(path) > 0 && path[0] == "*" {
		for _, item := range list {
			visit(item, path[1:], f)
		}
		return
	}
	object, is := value.(map[string]any)
	if !is || len(path) == 0 {
		return
	}
	if len(path) == 1 {
		f(object, path[0])
		return
	}
	visit(object[path[0]], path[1:], f)
}

// textAt returns the text at a path, "" for none.
func textAt(body []byte, path ...string) string {
	text := ""
	var value any
	if decode(body, &value) {
		visit(value, path, func(in map[string]any, name string) { text, _ = in[name].(string) })
	}
	return text
}

// change returns an edit of a member that exists.
func change(f func(value any) any) func(in map[string]any, name string) {
	return func(in map[string]any, name string) {
		if value, is := in[name]; is {
			in[name] = f(value)
		}
	}
}

func remove(in map[string]any, name string) { delete(in, name) }

func rename(in map[string]any, name string) {
	if value, is := in[name]; is {
		delete(in, name)
		in[name+"_renamed"] = value
	}
}

// texts applies f to each text in a value.
func texts(value any, f func(string) string) any {
	switch value := value.(type) {
	case string:
		return f(value)
	case []any:
		for i, item := range value {
			value[i] = texts(item, f)
		}
	case map[string]any:
		for name, member := range value {
			value[name] = texts(member, f)
		}
	}
	return value
}

// distortion is a common damage of texts in servers.
type distortion struct {
	name, sentence string
	of             string // the last parts of the names of the fields that may have it alone
	apply          func(string) string
}

func distortions() []distortion {
	const (
		words = " first_name last_name street_addr city guarantor_name guarantor_last_name guarantor_address " +
			"guarantor_city "
		numbers = " zip phone subscriber_num subscriber_number group_number guarantor_zip "
	)
	return []distortion{
		{
			"lower-cased", "in lower case", words + "email username code subscriber_num subscriber_number state",
			strings.ToLower,
		},
		{"trimmed", "without blanks at its ends", words + "code", strings.TrimSpace},
		{"escaped", "escaped for HTML", words, escapeHTML},
		{"latin-1", "as if its UTF-8 were Latin-1", words, latin1},
		{"spaces-joined", "with one blank for several", "street_addr", func(s string) string {
			for strings.Contains(s, "  ") {
				s = strings.ReplaceAll(s, "  ", " ")
			}
			return s
		}},
		{"zeros-lost", "without leading zeros", numbers, func(s string) string {
			if cut := strings.TrimLeft(s, "0"); isDigits(s) && cut != "" {
				return cut
			}
			return s
		}},
		{"cut", "cut after 100 characters", "code", func(s string) string {
			return string([]rune(s)[:min(100, len([]rune(s)))])
		}},
	}
}

var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#039;", `"`, "&quot;").Replace

// latin1 reads the UTF-8 of a text as Latin-1.
func latin1(s string) string {
	var r []rune
	for _, b := range []byte(s) {
		r = append(r, rune(b))
	}
	return string(r)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// another returns another value of the same form: of the enumeration, if there is one.
func another(members []any, value any) any {
	if len(members) > 1 {
		at := slices.IndexFunc(members, func(member any) bool { return string(encode(member)) == string(encode(value)) })
		return members[(at+1)%len(members)]
	}
	switch value := value.(type) {
	case bool:
		return !value
	case json.Number:
		return json.Number(rotated(value.String(), len(value)-1))
	case string:
		switch {
		case value == "":
			return "other"
		case dateForm.MatchString(value):
			return rotated(value, 3)
		}
		return rotated(value, len(value)-1)
	}
	return value
}

// rotated returns a text with another letter or digit at a place.
func rotated(s string, at int) string {
	b := []byte(s)
	switch c := b[at]; {
	case c == '9':
		b[at] = '1'
	case c == 'f', c == 'z':
		b[at] = 'a'
	case c == 'F', c == 'Z':
		b[at] = 'A'
	case c >= '0' && c < '9', c >= 'a' && c < 'z', c >= 'A' && c < 'Z':
		b[at]++
	default:
		return s + "x"
	}
	return string(b)
}
