package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// writer writes what is left of JSON, in the order it stands in.
type writer struct {
	r   *Redactor
	in  *json.Decoder
	out strings.Builder
}

// json returns what is left of a body that begins with JSON; of what follows that, its size.
func (r *Redactor) json(body []byte) (string, error) {
	if !utf8.Valid(body) {
		return "", errors.New("it is not UTF-8")
	}
	w := writer{r: r, in: json.NewDecoder(bytes.NewReader(body))}
	w.in.UseNumber()
	if err := w.value("", 0); err != nil {
		return "", err
	}
	if rest := bytes.TrimSpace(body[w.in.InputOffset():]); len(rest) > 0 {
		w.out.WriteString(" " + size(len(rest)))
	}
	return w.out.String(), nil
}

// value writes the next value, which is that of the member of this name.
func (w *writer) value(name string, depth int) error {
	token, err := w.in.Token()
	if err != nil {
		return err
	}
	if depth > maxDepth {
		return errors.New("it is nested too deep")
	}
	switch token := token.(type) {
	case json.Delim:
		return w.nested(token, name, depth)
	case string:
		w.text(w.r.value("string", name, token))
	case json.Number:
		w.number(name, token.String(), depth)
	case bool:
		w.out.WriteString(map[bool]string{true: "true", false: "false"}[token])
	case nil:
		w.out.WriteString("null")
	}
	return nil
}

func (w *writer) nested(opening json.Delim, name string, depth int) error {
	w.out.WriteString(opening.String())
	for first := true; w.in.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		member := name // that an array has stands for each of its items
		if opening == '{' {
			token, err := w.in.Token()
			if err != nil {
				return err
			}
			member, _ = token.(string) // the decoder lets nothing else be a name
			w.text(w.r.name(member))
			w.out.WriteByte(':')
		}
		if err := w.value(member, depth+1); err != nil {
			return err
		}
	}
	closing, err := w.in.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	w.out.WriteString(closing.(json.Delim).String()) // More has said that it is one
	return nil
}

var anErrorStatus = regexp.MustCompile(`^[45][0-9]{2}$`)

// number writes a number: as it is where it is allowed, or is the HTTP status that the body of an error repeats.
func (w *writer) number(name, number string, depth int) {
	if status := depth == 1 && name == "code" && anErrorStatus.MatchString(number); status || w.r.allow.has(name, number) {
		w.out.WriteString(number)
		return
	}
	w.text(w.r.token("number", number))
}

func (w *writer) text(text string) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text in a buffer
	w.out.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
