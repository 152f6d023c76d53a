// Package coverage owns what a run has seen of openapi.yaml: which of the statuses, media types, fields and members of
// enumerations that it declares for an operation's replies have come, which have never come, and what has come that it
// does not declare; and the same of the envelopes of events. It says how much of the document a run has held the target
// to.
//
// It keeps no values but members of the document's enumerations. A name that is not declared, and does not look like
// the name of a field, is a *, for it may be a value.
package coverage

import (
	"cmp"
	"mime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Kind is what an Item is.
type Kind string

// The kinds.
const (
	Status    Kind = "status"
	MediaType Kind = "media type"
	Envelope  Kind = "envelope" // of an event
	Field     Kind = "field"
	Value     Kind = "value" // a member of an enumeration
)

// State is whether an Item has been seen.
type State string

// The states.
const (
	Seen       State = "seen"
	Never      State = "never seen" // and declared
	Undeclared State = "undeclared" // and seen
)

// Item is something that a reply to an operation, or an event, can have.
type Item struct {
	Operation string `json:"operation"` // or the type of an event
	Status    int    `json:"status"`    // 0 for an event
	MediaType string `json:"media_type,omitempty"`
	Envelope  string `json:"envelope,omitempty"` // of an event, as the document calls it; "" for a reply
	Pointer   string `json:"pointer,omitempty"`  // of a field, with * for each item of an array
	Value     string `json:"value,omitempty"`    // a member of the field's enumeration, as JSON
	Kind      Kind   `json:"kind"`
	State     State  `json:"state"`
}

// key is an Item without what has come of it.
type key struct {
	operation, mediaType, envelope, pointer, value string
	status                                         int
	kind                                           Kind
}

// Tracker takes note of replies and events. It is safe for concurrent use.
type Tracker struct {
	spec     *apispec.Spec
	declared map[key]struct{}

	mu   sync.Mutex
	seen map[key]struct{}
	news []key // of seen, since News was last called
}

// New returns a Tracker of a document.
func New(spec *apispec.Spec) *Tracker {
	t := &Tracker{spec: spec, declared: map[key]struct{}{}, seen: map[key]struct{}{}}
	for _, op := range spec.Operations {
		t.declare(op.Declared)
	}
	for _, event := range spec.Events {
		t.declareEvent(event)
	}
	return t
}

// declare adds what an operation declares. A default, or a range of statuses, is no status that could be seen.
func (t *Tracker) declare(op *openapi3.Operation) {
	for text, response := range op.Responses.Map() {
		status, err := strconv.Atoi(text)
		if err != nil {
			continue
		}
		at := key{operation: op.OperationID, status: status, kind: Status}
		t.declared[at] = struct{}{}
		for mediaType, content := range response.Value.Content {
			at.mediaType, at.kind = mediaType, MediaType
			t.declared[at] = struct{}{}
			if content.Schema != nil {
				declareFields([]*openapi3.Schema{content.Schema.Value}, at, t.declared)
			}
		}
	}
}

// declareEvent adds what an event declares, in each of its envelopes.
func (t *Tracker) declareEvent(event apispec.Event) {
	for _, in := range event.Envelopes {
		at := key{operation: event.Type, envelope: in.Name, kind: Envelope}
		t.declared[at] = struct{}{}
		declareFields([]*openapi3.Schema{in.Schema}, at, t.declared)
	}
}

// SawEvent takes note of the payload of an event that is in an envelope, or most like it. One of a type, or in an
// envelope, that the document does not have is left out.
func (t *Tracker) SawEvent(kind, envelope string, payload []byte) {
	event, _ := t.spec.Event(kind)
	for _, in := range event.Envelopes {
		if in.Name == envelope {
			at := key{operation: kind, envelope: envelope, kind: Envelope}
			found := map[key]struct{}{at: {}}
			seeFields(in.Schema, at, payload, found)
			t.keep(found)
		}
	}
}

func (t *Tracker) keep(found map[key]struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range found {
		if _, known := t.seen[k]; !known {
			t.seen[k] = struct{}{}
			t.news = append(t.news, k)
		}
	}
}

// Saw takes note of a reply. One to an operation that the document does not have is left out.
func (t *Tracker) Saw(operation string, status int, contentType string, body []byte) {
	op, ok := t.spec.Operation(operation)
	if !ok {
		return
	}
	at := key{operation: operation, status: status, kind: Status}
	found := map[key]struct{}{at: {}}
	if len(body) > 0 {
		at.mediaType, at.kind = t.mediaType(contentType), MediaType
		found[at] = struct{}{}
		seeFields(schemaOf(op.Declared, at), at, body, found)
	}
	t.keep(found)
}

// mediaType returns a media type that the document declares anywhere, or is in common use; "other" for any other, which
// may say more than a media type.
func (t *Tracker) mediaType(contentType string) string {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "other"
	}
	if slices.Contains([]string{"application/json", "application/problem+json", "text/html", "text/plain", "application/xml", "text/xml"}, mediaType) {
		return mediaType
	}
	for k := range t.declared {
		if k.mediaType == mediaType {
			return mediaType
		}
	}
	return "other"
}

// schemaOf returns the schema of a body, nil for none.
func schemaOf(op *openapi3.Operation, at key) *openapi3.Schema {
	response := op.Responses.Value(strconv.Itoa(at.status))
	if response == nil || response.Value.Content[at.mediaType] == nil || response.Value.Content[at.mediaType].Schema == nil {
		return nil
	}
	return response.Value.Content[at.mediaType].Schema.Value
}

func compare(a, b Item) int {
	return cmp.Or(
		strings.Compare(a.Operation, b.Operation), cmp.Compare(a.Status, b.Status), strings.Compare(a.MediaType, b.MediaType),
		strings.Compare(a.Envelope, b.Envelope), strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Value, b.Value), strings.Compare(string(a.Kind), string(b.Kind)),
	)
}
