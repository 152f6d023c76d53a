package engine

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
)

// Form is the fields of a form, in the order they are sent: name and value.
type Form [][2]string

// And returns the form with one more field.
func (f Form) And(name, value string) Form { return append(f[:len(f):len(f)], [2]string{name, value}) }

// With returns a copy with a new value for every field with the name. It adds no field: a missing one stays missing.
func (f Form) With(name, value string) Form {
	f = slices.Clone(f)
	for i := range f {
		if f[i][0] == name {
			f[i][1] = value
		}
	}
	return f
}

// Without returns a copy without the fields with the name.
func (f Form) Without(name string) Form {
	return slices.DeleteFunc(slices.Clone(f), func(field [2]string) bool { return field[0] == name })
}

// Value returns the value of the first field with the name, "" for none.
func (f Form) Value(name string) string {
	for _, field := range f {
		if field[0] == name {
			return field[1]
		}
	}
	return ""
}

// Object returns the fields as a JSON object. With numbers, type and gender are numbers.
func (f Form) Object(numbers bool) map[string]any {
	object := map[string]any{}
	for _, field := range f {
		object[field[0]] = field[1]
		if numbers && (field[0] == "type" || field[0] == "gender") {
			object[field[0]] = json.RawMessage(field[1])
		}
	}
	return object
}

// Payload is the body of a request with its media type. The zero Payload is no body.
type Payload struct {
	ContentType string
	Data        []byte
}

// Multipart returns a form as multipart/form-data.
func Multipart(f Form) Payload {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range f {
		_ = w.WriteField(field[0], field[1]) // a buffer never fails
	}
	_ = w.Close()
	return Payload{w.FormDataContentType(), b.Bytes()}
}

// URLEncoded returns a form as application/x-www-form-urlencoded.
func URLEncoded(f Form) Payload {
	pairs := make([]string, 0, len(f))
	for _, field := range f {
		pairs = append(pairs, url.QueryEscape(field[0])+"="+url.QueryEscape(field[1]))
	}
	return Payload{"application/x-www-form-urlencoded", []byte(strings.Join(pairs, "&"))}
}

// JSON returns a value as application/json. Data is empty if v cannot be encoded.
func JSON(v any) Payload {
	text, _ := json.Marshal(v) // callers pass maps and texts, which never fail
	return Payload{"application/json", text}
}
