package mask

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxDepth is how deep JSON is read. The API refuses JSON that is nested less deep than this.
const maxDepth = 64

var errDepth = errors.New("the JSON is nested too deep")

// jsonReader goes through a JSON text and copies it, with other text in place of the values that are masked.
type jsonReader struct {
	mask    *Masker
	data    []byte
	decoder *json.Decoder
	out     strings.Builder
	copied  int // how much of data is in out, or has other text in out in its place
	read    int // how much of data may be shown
	level   int // how many texts this one stands in
}

// json returns a JSON text with its credentials masked, up to where it cannot be read, and how many bytes are left there:
// none when the text is well-formed. Punctuation that is left is shown.
func (m *Masker) json(data []byte, p place, level int) (shown string, left int) {
	r := &jsonReader{mask: m, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), level: level}
	r.decoder.UseNumber()
	if err := r.value(p, 0); err == nil {
		_, err = r.decoder.Token()
		if errors.Is(err, io.EOF) {
			r.read = len(data)
		}
	}
	if len(bytes.Trim(data[r.read:], " \t\r\n,:{}[]")) == 0 {
		r.read = len(data)
	}
	_, _ = r.out.Write(data[r.copied:r.read])
	return r.out.String(), len(data) - r.read
}

// token returns the next token and where it begins.
func (r *jsonReader) token() (json.Token, int, error) {
	begin := r.next()
	token, err := r.decoder.Token()
	if err == nil {
		r.read = int(r.decoder.InputOffset())
	}
	return token, begin, err
}

// next returns where the next token begins.
func (r *jsonReader) next() int {
	at := int(r.decoder.InputOffset())
	return at + len(r.data[at:]) - len(bytes.TrimLeft(r.data[at:], " \t\r\n,:"))
}

func (r *jsonReader) value(p place, depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	token, begin, err := r.token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		return r.items(p, token, depth)
	case string:
		if masked, changed := r.mask.text(token, r.level+1); changed && !p.hidden() {
			r.replace(begin, masked)
			return nil
		}
	}
	if p.hidden() {
		r.replace(begin, Masked)
	}
	return nil
}

// items goes through the fields of an object or the items of a list.
func (r *jsonReader) items(p place, open json.Delim, depth int) error {
	for r.decoder.More() {
		item, secret := place{strict: p.strict}, false
		if open == '{' {
			token, begin, err := r.token()
			if err != nil {
				return err
			}
			name := token.(string) // the decoder lets nothing else be a name
			if document.HoldsToken(name) {
				r.replace(begin, Masked)
			}
			item, secret = r.mask.field(p, name)
		} else if p.shape != nil {
			item.shape = p.shape.Item
		}
		if !secret {
			if err := r.value(item, depth+1); err != nil {
				return err
			}
			continue
		}
		begin := r.next()
		if err := r.decoder.Decode(new(json.RawMessage)); err != nil {
			return err
		}
		r.read = int(r.decoder.InputOffset())
		r.replace(begin, Masked)
	}
	_, _, err := r.token()
	return err
}

// replace puts a text, as JSON, in place of the value that begins somewhere and has been read.
func (r *jsonReader) replace(begin int, value string) {
	_, _ = r.out.Write(r.data[r.copied:begin])
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a text
	_, _ = r.out.Write(bytes.TrimRight(text.Bytes(), "\n"))
	r.copied = r.read
}
