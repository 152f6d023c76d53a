// Package coverage measures how much of openapi.yaml a run has seen. For the replies of each operation it tracks the
// statuses, media types, fields and enumeration values: declared ones with and without an occurrence, and undeclared
// ones. It does the same for the envelopes of events.
//
// It keeps no values except those of the document's enumerations. An undeclared name becomes * unless it looks like the
// name of a field, because it may be a value.
package coverage

import (
	"cmp"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Kind is the kind of an Item.
type Kind string

// The kinds.
const (
	Status    Kind = "status"
	MediaType Kind = "media type"
	Envelope  Kind = "envelope" // the envelope of an event
	Field     Kind = "field"
	Value     Kind = "value" // one value of an enumeration
)

// State tells whether an Item is declared and has been seen.
type State string

// The states.
const (
	Seen       State = "seen"       // and declared
	Never      State = "never seen" // but declared
	Undeclared State = "undeclared" // but seen
)

// Item is one part of a reply or of an event, such as a status or a field.
type Item struct {
	Operation string `json:"operation"` // operationId, or the type of an event
	Status    int    `json:"status"`    // 0 for an event
	MediaType string `json:"media_type,omitempty"`
	Envelope  string `json:"envelope,omitempty"` // its name in the document; "" for a reply
	Pointer   string `json:"pointer,omitempty"`  // JSON pointer of a field, with * for the index of an array
	Value     string `json:"value,omitempty"`    // one value of the field's enumeration, as JSON
	Kind      Kind   `json:"kind"`
	State     State  `json:"state"`
}

// key identifies an Item. It has no State.
type key struct {
	operation, mediaType, envelope, pointer, value string
	status                                         int
	kind                                           Kind
}

// Tracker records the items of replies and events. It is safe for concurrent use.
type Tracker struct {
	spec     *apispec.Spec
	declared map[key]struct{}

	mu    sync.Mutex
	seen  map[key]struct{}
	count map[string]int // messages by operation or type of event
}

// New returns a Tracker for a document.
func New(spec *apispec.Spec) *Tracker {
	t := &Tracker{spec: spec, declared: map[key]struct{}{}, seen: map[key]struct{}{}, count: map[string]int{}}
	for _, op := range spec.Operations {
		t.declare(op.Declared)
	}
	for _, event := range spec.Events {
		t.declareEvent(event)
	}
	return t
}

// declare adds the items that an operation declares. It leaves out default and ranges such as 4XX, since no reply has
// such a status.
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

// declareEvent adds the items that an event declares, for each of its envelopes.
func (t *Tracker) declareEvent(event apispec.Event) {
	for _, in := range event.Envelopes {
		at := key{operation: event.Type, envelope: in.Name, kind: Envelope}
		t.declared[at] = struct{}{}
		declareFields([]*openapi3.Schema{in.Schema}, at, t.declared)
	}
}

// SawEvent records the payload of an event. envelope is the name of the payload's envelope, or of the most similar one.
// It ignores an unknown type or envelope.
func (t *Tracker) SawEvent(kind, envelope string, payload []byte) {
	event, _ := t.spec.Event(kind)
	for _, in := range event.Envelopes {
		if in.Name == envelope {
			at := key{operation: kind, envelope: envelope, kind: Envelope}
			found := map[key]struct{}{at: {}}
			seeFields(in.Schema, at, payload, found)
			t.add(kind, found)
		}
	}
}

// add adds the items of a message of an operation or an event.
func (t *Tracker) add(operation string, found map[key]struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count[operation]++
	maps.Copy(t.seen, found)
}

// Messages returns the number of messages by operation or type of event.
func (t *Tracker) Messages() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.count)
}

// Saw records a reply. It ignores an unknown operation.
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
	t.add(operation, found)
}

// mediaType returns a media type if it is common, or if the document declares it anywhere. It returns "other" for the
// rest, because a text from the target may hold a value.
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

// schemaOf returns the schema of a body, nil if the document has none.
func schemaOf(op *openapi3.Operation, at key) *openapi3.Schema {
	response := op.Responses.Value(strconv.Itoa(at.status))
	if response == nil || response.Value.Content[at.mediaType] == nil || response.Value.Content[at.mediaType].Schema == nil {
		return nil
	}
	return response.Value.Content[at.mediaType].Schema.Value
}

// compare sorts items by operation, status, media type, envelope, pointer and value.
func compare(a, b Item) int {
	return cmp.Or(
		strings.Compare(a.Operation, b.Operation), cmp.Compare(a.Status, b.Status), strings.Compare(a.MediaType, b.MediaType),
		strings.Compare(a.Envelope, b.Envelope), strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Value, b.Value), strings.Compare(string(a.Kind), string(b.Kind)),
	)
}
