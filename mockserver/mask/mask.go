// Package mask hides the credentials in HTTP messages before people see them. It goes by the names and places of
// fields, decoded as the API decodes them, never by text; openapi.yaml marks the secret ones (x-secret). The rest
// stays as it was sent. A message, or a part of one, is not shown if it cannot be decoded: it may hold a credential.
package mask

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// Masked is the text in place of a credential.
const Masked = "***"

// Masker masks by one document. It is safe for concurrent use.
type Masker struct {
	doc   *document.Document
	names []string // of secrets, as reduce returns them
}

// New returns the masker of a document.
func New(doc *document.Document) *Masker {
	m := &Masker{doc: doc}
	for _, name := range doc.Secrets() {
		reduced := lettersAndDigits(name)
		m.names = append(m.names, strings.TrimPrefix(reduced, "x")) // X-ApiKey as a field is ApiKey
	}
	return m
}

// Body is the kept part of a body.
type Body struct {
	Data []byte
	More int   // how many bytes of the body come after Data
	Gaps []Gap // the files left out of Data, in its order
}

// Gap is a file left out of a body.
type Gap struct {
	At   int    // where it was, as an offset in Body.Data
	Type string // its media type
	Size int    // bytes
}

// lettersAndDigits returns the letters and digits of a name, in lower case: a refused spelling such as Refresh-Token is
// a name, too.
func lettersAndDigits(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// maxEscapes is how many times over a name may be percent-encoded and still be recognised.
const maxEscapes = 3

// isSecretName reports whether a decoded name is a credential's by itself, without regard to its place. Longer names
// such as new_password count, too.
func (m *Masker) isSecretName(name string) bool {
	for range maxEscapes {
		decoded, err := url.PathUnescape(name)
		if err != nil || decoded == name {
			break
		}
		name = decoded
	}
	reduced := lettersAndDigits(name)
	for _, known := range m.names {
		if strings.Contains(reduced, known) {
			return true
		}
	}
	return false
}

// place is the place of a value in a message.
type place struct {
	shape  *document.Shape // nil where the document declares nothing
	strict bool            // a value that the document does not declare is masked
}

// requestPlace returns the place of the whole body of a request. If the operation takes credentials, a field with an
// unknown name is masked: it may be a misspelt one.
func (m *Masker) requestPlace(operation string) place {
	if op := m.doc.Operation(operation); op != nil {
		return place{op.Request, op.Request.HoldsSecrets()}
	}
	return place{}
}

// field returns the place of a field below this one, and whether its value is to be masked. In a name, double
// underscores stand for dots, and brackets do in the forms of many frameworks.
func (m *Masker) field(p place, name string) (place, bool) {
	shape := p.shape
	path := strings.NewReplacer("__", ".", "[", ".", "]", "").Replace(name)
	for part := range strings.SplitSeq(path, ".") {
		shape = childShape(shape, part)
		if shape != nil && shape.Secret {
			return place{shape, p.strict}, true
		}
	}
	return place{shape, p.strict}, shape == nil && (p.strict || m.isSecretName(name))
}

// childShape returns the shape of a field, or of an item of a list, nil when the document declares none.
func childShape(shape *document.Shape, name string) *document.Shape {
	if shape == nil {
		return nil
	}
	if shape.Item != nil && name != "" && strings.Trim(name, "0123456789") == "" {
		return shape.Item
	}
	return shape.Fields[name]
}

// masksUndeclared reports whether a value, neither object nor list, is masked at a place without such a value in the
// document.
func (p place) masksUndeclared() bool {
	return p.strict && (p.shape == nil || p.shape.Fields != nil || p.shape.Item != nil)
}

// unreadNote stands in place of undecodable bytes.
func unreadNote(n int) string { return fmt.Sprintf("(%d unreadable bytes)", n) }

// notKeptNote returns the note behind a body with more bytes than were kept.
func notKeptNote(more int) string {
	if more == 0 {
		return ""
	}
	return fmt.Sprintf("(%d more bytes, not kept)", more)
}

// restNote returns the note in place of undecodable bytes. Either they are malformed, or the rest of the body was not
// kept.
func restNote(undecoded, more int) string {
	if more > 0 {
		return notKeptNote(undecoded + more)
	}
	return unreadNote(undecoded)
}

// NameMayHoldSecret reports whether a text in the place of a field's name may hold a credential.
func (m *Masker) NameMayHoldSecret(text string) bool {
	return document.HoldsToken(text) || m.isSecretName(text) && !document.LooksLikeName(text)
}
