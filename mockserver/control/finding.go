package control

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// findingsOf returns the sentences about an exchange with their places in VSee's document. They are found when somebody
// reads, because a served request has no time for it: a sentence of the mock begins with the field that it is about.
func findingsOf(e journal.Exchange) []controlapi.Finding {
	if e.Status < http.StatusBadRequest && e.Violation == "" && len(e.Warnings) == 0 {
		return nil
	}
	operation, _ := embedded.Spec().Operation(e.Operation)
	var found []controlapi.Finding
	add := func(kind, message string, place apispec.Place) {
		found = append(found, controlapi.Finding{Kind: kind, Message: message, Place: *placeIn(e.Operation, place)})
	}
	var refused struct{ Message string }
	if e.Status >= http.StatusBadRequest && e.Violation == "" && e.Fault == "" {
		_ = json.Unmarshal([]byte(e.Reply.Body), &refused)
	}
	for sentence := range strings.SplitSeq(refused.Message, "; ") {
		place, ok := operation.RequestPlace(sentence)
		if !ok {
			place = operation.ReplyPlace(e.Status, "")
		}
		if sentence != "" {
			add("refusal", sentence, place)
		}
	}
	for _, sentence := range e.Warnings {
		place, ok := operation.RequestPlace(sentence)
		if !ok {
			place = operation.BodyPlace()
		}
		add("warning", sentence, place)
	}
	if e.Violation != "" {
		add("violation", e.Violation, operation.ReplyPlace(http.StatusOK, e.Violation))
	}
	return found
}

// placeIn returns a place in the document's operation or event of a name.
func placeIn(name string, p apispec.Place) *controlapi.DocumentPlace {
	return &controlapi.DocumentPlace{
		Name: name, Part: p.Part, Field: p.Field, Line: p.Line, Evidence: p.Grade, Source: p.Source,
	}
}
