package controlapi

// Finding is one sentence about an exchange, and its place in VSee's document.
type Finding struct {
	// Kind is refusal, warning, or violation for a breach by the mock's own reply.
	Kind string `json:"kind"`
	// Message is the sentence.
	Message string `json:"message"`
	// Place is the rule on which it rests.
	Place DocumentPlace `json:"place"`
}

// InvalidEvent is the refusal of an event sent by hand.
type InvalidEvent struct {
	Problem
	// Place is the rule in VSee's document that the event breaks; nil when the request itself is wrong.
	Place *DocumentPlace `json:"place,omitempty"`
}

// DocumentPlace is a place in VSee's document, GET /_mock/vsee.yaml without its changed servers.
type DocumentPlace struct {
	// Name is an operationId, or the type of an event.
	Name string `json:"name"`
	// Part is path, query, header, request, reply, payload with its envelope, or the status of a refusal; empty for all.
	Part string `json:"part,omitempty"`
	// Field is the place in the part; empty for all of it.
	Field string `json:"field,omitempty"`
	// Line is that of openapi.yaml, from 1.
	Line int `json:"line"`
	// Evidence is the grade; empty when the fields below have several.
	Evidence string `json:"evidence,omitempty"`
	// Source is the origin of the evidence, in words.
	Source string `json:"source,omitempty"`
}
