package ui

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// contents is the data of the list of operations and events.
type contents struct {
	Query    string
	Sections []section
}

// section has the operations of a tag, or the events.
type section struct {
	Name, About string
	Entries     []entry
	also        string // words that find its entries as well
}

// entry is an operation or an event in the list.
type entry struct {
	apispec.Evidence
	Name, Method, Path, Summary string
}

// reference lists the operations by their tags, and the events; all of those whose texts have the query.
func (u *UI) reference(c *call) (answer, error) {
	spec, data := embedded.Spec(), contents{Query: strings.TrimSpace(c.FormValue("q"))}
	var all []section
	for _, tag := range spec.Document.Tags {
		one := section{Name: tag.Name, About: tag.Description}
		for _, o := range spec.Operations {
			if slices.Contains(o.Declared.Tags, tag.Name) {
				one.Entries = append(one.Entries, entry{o.Evidence, o.ID, o.Method, o.Path, o.Declared.Summary})
			}
		}
		all = append(all, one)
	}
	events := section{Name: "event", also: "webhooks", About: "Requests that VSee sends to the clinic’s receiver"}
	for _, e := range spec.Events {
		events.Entries = append(events.Entries, entry{e.Evidence, e.Type, "EVENT", e.Type, e.Declared.Summary})
	}
	for _, one := range append(all, events) {
		one.Entries = slices.DeleteFunc(one.Entries, func(e entry) bool {
			texts := []string{e.Name, e.Method, e.Path, e.Summary, e.Grade, one.Name, one.also}
			return !contains(strings.Join(texts, " "), data.Query)
		})
		if len(one.Entries) > 0 {
			data.Sections = append(data.Sections, one)
		}
	}
	return answer{view: "reference", data: data}, nil
}

// contains reports whether a text has each word of a query, in any case.
func contains(text, query string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// operation is the data of the view of an operation or an event.
type operation struct {
	entry
	About      string
	Caller     string // empty for an event
	Cause      string // of an event: the operation
	Also       []apispec.AlsoPath
	Line       int
	Events     []string
	Parameters []field
	Bodies     []body
	Failures   []failedReply
	Command    string
	Missing    []string // the parameters whose values the clinic lacks
}

// body is a request, a reply or a payload.
type body struct {
	Anchor, Title, About string
	Fields               []field
	Examples             []string
}

// failedReply is a documented reply with an error.
type failedReply struct {
	apispec.Evidence
	Status, About string
}

// callers says in words what x-caller says.
var callers = map[string]string{
	"anybody": "no credentials", "visitor": "the account code alone", "partner": "the clinic’s key",
	"user": "any token of the clinic", "admin": "the admin’s token", "self": "the user’s own token",
	"owner": "the token of the user concerned, or the admin’s", "link": "the link, or a token",
}

// oneOperation shows an operation, or an event.
func (u *UI) oneOperation(c *call) (answer, error) {
	name := c.PathValue("name")
	if e, ok := embedded.Spec().Event(name); ok {
		return answer{view: "operation", data: eventOf(e)}, nil
	}
	o, ok := embedded.Spec().Operation(name)
	if !ok {
		return failure(http.StatusNotFound, "The API has no operation and no event of this name."), nil
	}
	known := knownOf(name)
	data := operation{
		entry: entry{o.Evidence, o.ID, o.Method, o.Path, o.Declared.Summary}, About: o.Declared.Description,
		Caller: callers[o.Caller], Line: apispec.Line(o.Declared.Origin), Parameters: parametersOf(o.Declared, known),
		Bodies: append(requestOf(o, known), replyOf(o, known)...), Failures: failuresOf(o),
	}
	data.Also, _ = o.AlsoPaths() // the mock refuses a document with malformed ones
	for _, e := range embedded.Spec().Events {
		if e.Operation == o.ID {
			data.Events = append(data.Events, e.Type)
		}
	}
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	values, err := c.knownValues(one)
	data.Command, data.Missing = command(o, one, values, mask, mask, mask)
	return answer{view: "operation", data: data}, err
}

func requestOf(o apispec.Operation, known apispec.Known) []body {
	if !o.TakesBody() {
		return nil
	}
	request := o.Declared.RequestBody.Value
	b := body{Anchor: "request", Title: "Request body", About: request.Description}
	if request.Required {
		b.Title += ", required"
	}
	if media := request.Content.Get("application/json"); media != nil {
		b.Fields = fieldsOf(media.Schema.Value, known, "request")
		b.Examples = texts(media)
	}
	return []body{b}
}

func replyOf(o apispec.Operation, known apispec.Known) []body {
	reply := o.Declared.Responses.Status(http.StatusOK)
	if reply == nil {
		return nil
	}
	b := body{Anchor: "reply", Title: "Reply 200"}
	if reply.Value.Description != nil {
		b.About = *reply.Value.Description
	}
	if media := reply.Value.Content.Get("application/json"); media != nil {
		b.Fields, b.Examples = fieldsOf(media.Schema.Value, known, "reply"), texts(media)
	}
	return []body{b}
}

func failuresOf(o apispec.Operation) []failedReply {
	var failures []failedReply
	replies := o.Declared.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(replies)) {
		reply := replies[status].Value
		own, graded := apispec.EvidenceOf(reply.Extensions)
		if !graded {
			own = o.Evidence
		}
		if status != "200" && reply.Description != nil {
			failures = append(failures, failedReply{own, status, *reply.Description})
		}
	}
	return failures
}

func eventOf(e apispec.Event) operation {
	known := knownOf(e.Type)
	data := operation{
		entry: entry{e.Evidence, e.Type, "EVENT", e.Type, e.Declared.Summary}, About: e.Declared.Description,
		Cause: e.Operation, Line: apispec.Line(e.Declared.Origin), Parameters: parametersOf(e.Declared, known),
	}
	for i, envelope := range e.Envelopes {
		part := strings.TrimSpace("payload " + envelope.Name)
		b := body{Anchor: "payload-" + envelope.Name, Title: "Payload, envelope " + envelope.Name,
			About: envelope.Schema.Description, Fields: fieldsOf(envelope.Schema, known, part)}
		if i == 0 {
			b.Examples = texts(e.Declared.RequestBody.Value.Content.Get("application/json"))
		}
		data.Bodies = append(data.Bodies, b)
	}
	return data
}

// texts returns the examples of a JSON body.
func texts(media *openapi3.MediaType) []string {
	var all []string
	for _, example := range apispec.ExamplesOf(media) {
		all = append(all, string(example))
	}
	return all
}

// evidence is the data of the list of all evidence.
type evidence struct {
	Grade, Query string
	Grades       []string
	Counts       map[string]int // fields, by their grade
	Known        []apispec.Known
}

// evidence lists the evidence for each operation, event, page, error and credential, and for the fields that differ.
func (u *UI) evidence(c *call) (answer, error) {
	data := evidence{
		Grade: c.FormValue("grade"), Query: strings.TrimSpace(c.FormValue("q")), Grades: apispec.Grades(),
		Counts: map[string]int{},
	}
	for _, k := range evidenceTable() {
		var fields []apispec.KnownField
		data.Counts[k.Grade]++
		for _, f := range k.Fields {
			data.Counts[f.Grade]++
			wanted := (data.Grade == "" || f.Grade == data.Grade) && contains(f.Name+" "+k.Name, data.Query)
			if wanted && f.Evidence != k.Evidence {
				fields = append(fields, f)
			}
		}
		own := (data.Grade == "" || k.Grade == data.Grade) && contains(k.Name+" "+k.Call+" "+k.Source, data.Query)
		if k.Fields = fields; own || len(fields) > 0 {
			data.Known = append(data.Known, k)
		}
	}
	return answer{view: "evidence", data: data}, nil
}
