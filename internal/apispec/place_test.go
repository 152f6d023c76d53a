package apispec_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// sameName reports whether a line has a name as the document writes those of fields, or as those of its components.
func sameName(line, name string) bool {
	return strings.Contains(strings.ToLower(line), strings.ReplaceAll(name, "_", "")) || strings.Contains(line, name)
}

// The line of a place has the name of the field, so a test needs no numbers.
func TestASentenceLeadsToTheLineOfItsField(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(vseemock.OpenAPI()), "\n")
	for _, c := range []struct{ operation, sentence, part, field, grade string }{
		{"signOn", "dob must be a date that exists, written YYYY-MM-DD", "request", "dob", "seed"},
		{"updateMe", "zip must be text", "request", "zip", "documented"},
		{"startEligibilityCheck", "carrier_code is not one of the clinic's insurers", "path", "carrier_code", "seed"},
		{"searchUsers", "limit must be a whole number from 1 to 100", "query", "limit", "ours"},
		{"submitClaim", "lines[0].units must be an integer", "request", "lines[].units", "ours"},
		{"submitClaim", "lines.2.modifiers.0 must be a modifier", "request", "lines[].modifiers", "ours"},
		{"signOn", "the body is not well-formed JSON", "", "", ""},
		{"getMe", "nothing is right", "", "", ""},
	} {
		o, ok := embedded.Spec().Operation(c.operation)
		if !ok {
			t.Errorf("the document has no operation %s", c.operation)
			continue
		}
		got, _ := o.RequestPlace(c.sentence)
		if got.Part != c.part || got.Field != c.field || got.Grade != c.grade {
			t.Errorf("%s, %q: %+v", c.operation, c.sentence, got)
		}
		last := c.field[strings.LastIndexAny(c.field, ".]")+1:]
		if got.Line > 0 && !sameName(lines[got.Line-1], last) {
			t.Errorf("%s, %q: line %d is %q", c.operation, c.sentence, got.Line, lines[got.Line-1])
		}
	}
}

func TestAReplyAndABodyHaveTheirPlaces(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(vseemock.OpenAPI()), "\n")
	o, _ := embedded.Spec().Operation("signOn")
	for _, c := range []struct {
		place apispec.Place
		part  string
		text  string
	}{
		{o.BodyPlace(), "request", "requestBody"},
		{o.ReplyPlace(http.StatusUnauthorized, "X-ApiToken is not known"), "401", "Unauthorized"},
		{o.ReplyPlace(http.StatusOK, "data.token.expiry is required"), "reply", "expiry"},
		{o.ReplyPlace(http.StatusTeapot, ""), "", "post"},
	} {
		if c.place.Part != c.part || c.place.Line == 0 || !strings.Contains(lines[c.place.Line-1], c.text) {
			t.Errorf("%+v is no place of %s: %q", c.place, c.text, lines[max(1, c.place.Line)-1])
		}
	}
}

func TestAFieldOfAnEventHasItsPlaceInEachEnvelope(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(vseemock.OpenAPI()), "\n")
	e, _ := embedded.Spec().Event("claim.updated")
	var envelopes []string
	for _, one := range e.Envelopes {
		got := e.Place(one.Name, "data.lines.0.billed_cents must be an integer")
		envelopes = append(envelopes, got.Field)
		if got.Grade == "" || !strings.Contains(lines[got.Line-1], "billed_cents") {
			t.Errorf("%s: %+v", one.Name, got)
		}
	}
	if diff := cmp.Diff([]string{"data.lines[].billed_cents", "data.lines[].billed_cents", "data.lines[].billed_cents"},
		envelopes); diff != "" {
		t.Error(diff)
	}
	if got := e.Place("unversioned", "the body is no event"); got.Field != "" || got.Line == 0 {
		t.Errorf("the event itself: %+v", got)
	}
}
