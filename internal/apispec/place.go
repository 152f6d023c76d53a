package apispec

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Place is a place in the document, on which a sentence about a message rests.
type Place struct {
	Evidence
	Part  string // path, query, header, request, reply or payload, or the status of a refusal
	Field string // its place in the part; empty for the whole part
	Line  int    // from 1; 0 when it is unknown
}

// RequestPlace returns the place of the parameter or field of a request with which a sentence begins, as in `dob is
// required`; false when it begins with none.
func (o Operation) RequestPlace(sentence string) (Place, bool) {
	name, _, _ := strings.Cut(sentence, " ")
	for _, p := range o.Declared.Parameters {
		if p.Value.Name == name {
			return Place{evidenceWithin(o.Evidence, p.Value.Extensions), p.Value.In, name, Line(p.Value.Origin)}, true
		}
	}
	if !o.TakesBody() {
		return Place{}, false
	}
	for _, media := range []string{jsonType, "application/x-www-form-urlencoded", multipartType} {
		if content := o.Declared.RequestBody.Value.Content.Get(media); content != nil && content.Schema != nil {
			if field, line := find(content.Schema.Value, name); line > 0 {
				return Place{knownOperation(o).GradeOf("request", field), "request", field, line}, true
			}
		}
	}
	return Place{}, false
}

// BodyPlace returns the place of the request's body; the operation itself when it takes none.
func (o Operation) BodyPlace() Place {
	if !o.TakesBody() {
		return Place{Evidence: o.Evidence, Line: Line(o.Declared.Origin)}
	}
	body := o.Declared.RequestBody.Value
	return Place{evidenceWithin(o.Evidence, body.Extensions), "request", "", Line(body.Origin)}
}

// ReplyPlace returns the place of the field with which a sentence begins, in the replies with a status; else that of
// these replies, or of the operation itself when it has none.
func (o Operation) ReplyPlace(status int, sentence string) Place {
	if media := o.json(status); media != nil && media.Schema != nil {
		name, _, _ := strings.Cut(sentence, " ")
		if field, line := find(media.Schema.Value, name); line > 0 {
			return Place{knownOperation(o).GradeOf("reply", field), "reply", field, line}
		}
	}
	at, reply := strconv.Itoa(status), o.Declared.Responses.Status(status)
	if reply == nil {
		at = at[:1] + "XX"
		reply = o.Declared.Responses.Value(at)
	}
	if reply == nil {
		return Place{Evidence: o.Evidence, Line: Line(o.Declared.Origin)}
	}
	return Place{evidenceWithin(o.Evidence, reply.Value.Extensions), at, "", Line(reply.Value.Origin)}
}

// Place returns the place of the field of an event with which a sentence begins, in an envelope; of the event itself
// when it begins with none.
func (e Event) Place(envelope, sentence string) Place {
	name, _, _ := strings.Cut(sentence, " ")
	for _, one := range e.Envelopes {
		if one.Name == envelope {
			if field, line := find(one.Schema, name); line > 0 {
				part := strings.TrimSpace("payload " + one.Name)
				return Place{knownEvent(e).GradeOf(part, field), part, field, line}
			}
		}
	}
	return Place{Evidence: e.Evidence, Line: Line(e.Declared.Origin)}
}

// index matches the number of an item in the name of a field: [0] or .0.
var index = regexp.MustCompile(`\[[0-9]*\]|\.[0-9]+`)

// find returns the place of a field in a schema, and its line in the document. The name has dots, and may go on within
// a field that the schema does not describe further. A line of 0 stands for no such field.
func find(schema *openapi3.Schema, name string) (place string, line int) {
	rest := index.ReplaceAllString(name, "")
	for rest != "" {
		if schema.Items != nil {
			schema, place = schema.Items.Value, place+"[]"
		}
		properties, head := Properties(schema), rest
		for properties[head] == nil && strings.Contains(head, ".") {
			head = head[:strings.LastIndexByte(head, '.')]
		}
		property := properties[head]
		if property == nil {
			break
		}
		place, line = strings.TrimPrefix(place+"."+head, "."), lineOf(property)
		schema, rest = property.Value, strings.TrimPrefix(rest[len(head):], ".")
	}
	return strings.TrimSuffix(place, "[]"), line
}

// lineOf returns the line of a property itself, also when it refers to a schema elsewhere.
func lineOf(property *openapi3.SchemaRef) int {
	if line := Line(property.Origin); line > 0 {
		return line
	}
	return Line(property.Value.Origin)
}
