// Package coverage measures how much of openapi.yaml a run has seen. For the replies of each operation it tracks the
// statuses, media types, fields and enumeration values: declared ones with and without an occurrence, and undeclared
// ones. It does the same for the envelopes of events.
//
// It keeps no values except those of fields that have an enumeration in the document. An undeclared name becomes *
// unless it looks like the name of a field, because it may be a value.
package coverage

import (
	"maps"
	"mime"
	"slices"
	"strconv"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// parts is a set of parts, with the number of times that each occurs.
type parts map[result.Part]int

func (p parts) add(one result.Part) { p[one]++ }

// sight is what one message, or all of them, have shown.
type sight struct {
	seen    parts
	objects parts // the parts that were objects
}

func newSight() sight { return sight{parts{}, parts{}} }

// Tracker records the parts of replies and events. It is safe for concurrent use.
type Tracker struct {
	spec     *apispec.Spec
	declared parts
	ordered  []result.Part // declared, in the order of a report

	mu       sync.Mutex
	sight    sight
	messages map[string]int // by operation or type of event
}

// New returns a Tracker for a document.
func New(spec *apispec.Spec) *Tracker {
	t := &Tracker{spec: spec, declared: parts{}, sight: newSight(), messages: map[string]int{}}
	for _, op := range spec.Operations {
		t.declare(op.Declared)
	}
	for _, event := range spec.Events {
		t.declareEvent(event)
	}
	t.ordered = slices.SortedFunc(maps.Keys(t.declared), result.Part.Compare)
	return t
}

// Fresh returns a Tracker of the same document that has seen nothing. The two share the declared parts: listing them
// takes longer than a short run.
func (t *Tracker) Fresh() *Tracker {
	return &Tracker{spec: t.spec, declared: t.declared, ordered: t.ordered, sight: newSight(), messages: map[string]int{}}
}

// declare adds the parts that an operation declares. It leaves out default and ranges such as 4XX, since no reply has
// such a status.
func (t *Tracker) declare(op *openapi3.Operation) {
	for text, response := range op.Responses.Map() {
		status, err := strconv.Atoi(text)
		if err != nil {
			continue
		}
		at := result.Part{Operation: op.OperationID, Status: status}
		t.declared.add(at)
		for mediaType, content := range response.Value.Content {
			at.MediaType = mediaType
			t.declared.add(at)
			if content.Schema != nil {
				declareFields([]*openapi3.Schema{content.Schema.Value}, at, t.declared)
			}
		}
	}
}

// declareEvent adds the parts that an event declares, for each of its envelopes.
func (t *Tracker) declareEvent(event apispec.Event) {
	for _, in := range event.Envelopes {
		at := result.Part{Operation: event.Type, Envelope: in.Name}
		t.declared.add(at)
		declareFields([]*openapi3.Schema{in.Schema}, at, t.declared)
	}
}

// SawEvent records the payload of an event. envelope is the name of the payload's envelope, or of the most similar one.
// It ignores an unknown type or envelope.
func (t *Tracker) SawEvent(kind, envelope string, payload []byte) {
	event, _ := t.spec.Event(kind)
	for _, in := range event.Envelopes {
		if in.Name == envelope {
			at := result.Part{Operation: kind, Envelope: envelope}
			found := newSight()
			found.seen.add(at)
			found.fields(in.Schema, at, payload)
			t.add(kind, found)
		}
	}
}

// add counts a message, and adds its parts to seen.
func (t *Tracker) add(of string, found sight) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.messages[of]++
	for part, n := range found.seen {
		t.sight.seen[part] += n
	}
	for part, n := range found.objects {
		t.sight.objects[part] += n
	}
}

// Saw records a reply. It ignores an unknown operation.
func (t *Tracker) Saw(operation string, status int, contentType string, body []byte) {
	op, ok := t.spec.Operation(operation)
	if !ok {
		return
	}
	at := result.Part{Operation: operation, Status: status}
	found := newSight()
	found.seen.add(at)
	if len(body) > 0 {
		at.MediaType = t.mediaType(contentType)
		found.seen.add(at)
		found.fields(schemaOf(op.Declared, at), at, body)
	}
	t.add(operation, found)
}

// mediaType returns a media type if it is common, or if the document declares it anywhere. It returns "other" for the
// rest, because a text from the target may hold a value.
func (t *Tracker) mediaType(contentType string) string {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err == nil && strict.ShownType(mediaType) == mediaType {
		return mediaType
	}
	for k := range t.declared {
		if err == nil && k.MediaType == mediaType {
			return mediaType
		}
	}
	return "other"
}

// schemaOf returns the schema of a body, nil if the document has none.
func schemaOf(op *openapi3.Operation, at result.Part) *openapi3.Schema {
	response := op.Responses.Value(strconv.Itoa(at.Status))
	if response == nil {
		return nil
	}
	content := response.Value.Content[at.MediaType]
	if content == nil || content.Schema == nil {
		return nil
	}
	return content.Schema.Value
}

// Report returns the coverage so far.
func (t *Tracker) Report() result.Coverage {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := result.Coverage{
		Messages: maps.Clone(t.messages), Seen: []result.Part{}, Never: []result.Part{}, Undeclared: []result.Part{},
		Gaps: map[result.Part]result.Gap{},
	}
	for _, part := range t.ordered {
		n := t.sight.seen[part]
		if n == 0 {
			c.Never = append(c.Never, part)
			continue
		}
		c.Seen = append(c.Seen, part)
		if around, _ := part.Parent(); part.Kind() == result.FieldPart && n < t.sight.objects[around] {
			c.Gaps[part] = result.Gap{Without: t.sight.objects[around] - n, Of: t.sight.objects[around]}
		}
	}
	for part := range t.sight.seen {
		if _, declared := t.declared[part]; !declared {
			c.Undeclared = append(c.Undeclared, part)
		}
	}
	slices.SortFunc(c.Undeclared, result.Part.Compare)
	return c
}
