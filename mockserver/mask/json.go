package mask

import (
	"bytes"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxDepth is how deep JSON is read. The API refuses JSON nested less deep than this.
const maxDepth = 64

// jsonCopy is a copy of a JSON text, with other text in place of the masked values.
type jsonCopy struct {
	mask   *Masker
	data   []byte
	out    strings.Builder
	copied int // how much of data is in out, or has other text in out in its place
	read   int // how much of data may be shown
	level  int // how many texts this one stands in
}

// maskJSON returns a JSON text with its credentials masked, up to the first unreadable byte, and the number of bytes
// left there: none for a well-formed text. Punctuation at the end is shown.
func (m *Masker) maskJSON(data []byte, p place, level int) (shown string, left int) {
	v, err := jsonscan.Parse(data, maxDepth, jsonscan.Loose)
	c := &jsonCopy{mask: m, data: data, level: level}
	c.copyValue(v, p)
	if err == nil || len(bytes.Trim(data[c.read:], " \t\r\n,:{}[]")) == 0 {
		c.read = len(data)
	}
	_, _ = c.out.Write(data[c.copied:c.read])
	return c.out.String(), len(data) - c.read
}

// copyValue copies a value; if its end is unreadable, the part before it.
func (c *jsonCopy) copyValue(v jsonscan.Value, p place) {
	switch {
	case v.Kind == jsonscan.Object || v.Kind == jsonscan.List:
		c.read = v.Start + 1
		c.copyItems(v, p)
		if v.Raw != nil {
			c.read = v.End()
		}
	case v.Raw == nil:
	case p.masksUndeclared():
		c.replaceValue(v, Masked)
	default:
		c.read = v.End()
		if masked, changed := c.mask.maskText(v.Text, c.level+1); changed {
			c.replaceValue(v, masked)
		}
	}
}

// copyItems copies the fields of an object or the items of a list.
func (c *jsonCopy) copyItems(v jsonscan.Value, p place) {
	for _, m := range v.Members {
		c.read = m.End
		if document.HoldsToken(m.Name) {
			_, _ = c.out.Write(c.data[c.copied:m.Start])
			c.out.WriteString(jsonscan.Quote(Masked))
			c.copied = m.End
		}
		switch field, secret := c.mask.field(p, m.Name); {
		case !secret:
			c.copyValue(m.Value, field)
		case m.Value.Raw != nil:
			c.replaceValue(m.Value, Masked)
		}
	}
	item := place{strict: p.strict}
	if p.shape != nil {
		item.shape = p.shape.Item
	}
	for _, one := range v.Items {
		c.copyValue(one, item)
	}
}

// replaceValue puts a text, as JSON, in place of a value.
func (c *jsonCopy) replaceValue(v jsonscan.Value, text string) {
	_, _ = c.out.Write(c.data[c.copied:v.Start])
	c.out.WriteString(jsonscan.Quote(text))
	c.copied, c.read = v.End(), v.End()
}
