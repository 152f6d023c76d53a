package result

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
)

// Coverage is the part of openapi.yaml that a run has seen. Its lists are sorted, and no part is in two of them.
type Coverage struct {
	Messages   map[string]int `json:"messages"`   // number of replies by operationId, and of payloads by type of event
	Seen       []Part         `json:"seen"`       // declared and seen
	Never      []Part         `json:"never_seen"` // declared, but not seen
	Undeclared []Part         `json:"undeclared"` // seen, but not declared

	// Gaps are the fields seen that some of the objects around them lack. It is nil in older results, without counts.
	Gaps map[Part]Gap `json:"gaps,omitzero"`
}

// Gap is how many of the objects around a field lack it.
type Gap struct {
	Without int `json:"without"`
	Of      int `json:"of"` // all objects around it
}

// Part is one part of a reply or of an event: a status, an envelope, a media type, a field, or one value of a field's
// enumeration. It has no other values. In JSON it is its String.
type Part struct {
	Operation string // operationId, or the type of an event
	Status    int    // 0 for an event
	Envelope  string // of an event, by its name in openapi.yaml
	MediaType string // of a reply
	Pointer   string // JSON pointer of a field, with * for list items
	Value     string // one value of the field's enumeration, as JSON
}

// The kinds of a Part.
const (
	StatusPart    = "statuses"
	EnvelopePart  = "envelopes"
	MediaTypePart = "media types"
	FieldPart     = "fields"
	ValuePart     = "values of enumerations"
)

// Kind returns the kind of the part, in the plural.
func (p Part) Kind() string {
	switch {
	case p.Value != "":
		return ValuePart
	case p.Pointer != "":
		return FieldPart
	case p.MediaType != "":
		return MediaTypePart
	case p.Envelope != "":
		return EnvelopePart
	}
	return StatusPart
}

// Within returns the part without its operation, such as 200 application/json /data/status=1.
func (p Part) Within() string {
	texts := []string{p.Envelope}
	if p.Envelope == "" {
		texts[0] = strconv.Itoa(p.Status)
	}
	if p.MediaType != "" {
		texts = append(texts, p.MediaType)
	}
	place := p.Pointer
	if p.Value != "" {
		place += "=" + p.Value
	}
	if place != "" {
		texts = append(texts, place)
	}
	return strings.Join(texts, " ")
}

// String returns the part on one line: getMe 200 application/json /data/status=1, or claim.updated 2.0 /data/id.
func (p Part) String() string { return p.Operation + " " + p.Within() }

// MarshalText returns String.
func (p Part) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the text of MarshalText.
func (p *Part) UnmarshalText(text []byte) error {
	head, value, _ := strings.Cut(string(text), "=")
	words := strings.Fields(head)
	if len(words) < 2 {
		return errors.New("a part in the coverage must have an operation and a status, such as getMe 200")
	}
	*p = Part{Operation: words[0], Value: value}
	if status, err := strconv.Atoi(words[1]); err == nil {
		p.Status = status
	} else {
		p.Envelope = words[1]
	}
	for _, word := range words[2:] {
		if strings.HasPrefix(word, "/") {
			p.Pointer = word
		} else {
			p.MediaType = word
		}
	}
	return nil
}

// Parent returns the part around a part: of a value its field, of a field the field or body around it, and so on. It
// returns false for a status and an envelope.
func (p Part) Parent() (Part, bool) {
	switch p.Kind() {
	case ValuePart:
		p.Value = ""
	case FieldPart:
		p.Pointer = p.Pointer[:strings.LastIndex(p.Pointer, "/")]
	case MediaTypePart:
		p.MediaType = ""
	default:
		return Part{}, false
	}
	return p, true
}

// Compare sorts parts by operation, status, envelope, media type, pointer and value.
func (p Part) Compare(q Part) int {
	return cmp.Or(
		strings.Compare(p.Operation, q.Operation), p.Status-q.Status, strings.Compare(p.Envelope, q.Envelope),
		strings.Compare(p.MediaType, q.MediaType), strings.Compare(p.Pointer, q.Pointer), strings.Compare(p.Value, q.Value),
	)
}
