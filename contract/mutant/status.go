package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// caseOf is a kind of refused request: the status of its refusal, and whether a call is one.
type caseOf struct {
	result.Case
	status int
	is     func(c call) bool
	others []int // the wrong statuses
}

func anonymous(c call) bool {
	return c.header.Get(engine.TokenHeader)+c.header.Get(engine.KeyHeader)+c.header.Get(engine.AccountHeader) == ""
}

func always(call) bool { return true }

// cases are the kinds of refusal. A refusal by another status is a mutant, and so is a success in its place.
func cases() []caseOf {
	const (
		good, bad, unauthorized = http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized
		forbidden, notFound     = http.StatusForbidden, http.StatusNotFound
		unprocessable, internal = http.StatusUnprocessableEntity, http.StatusInternalServerError
	)
	return []caseOf{
		{result.NoToken, unauthorized, anonymous, []int{good, forbidden, bad, notFound}},
		{result.WrongToken, unauthorized, func(c call) bool { return !anonymous(c) }, []int{good, forbidden, internal}},
		{result.OtherUser, forbidden, always, []int{good, unauthorized, notFound}},
		{result.UnknownID, notFound, always, []int{good, bad, forbidden, internal}},
		{result.BadField, bad, always, []int{good, unprocessable, internal, notFound}},
		{result.Limit, http.StatusRequestEntityTooLarge, always, []int{good, bad, internal}},
		{result.OK, good, always, []int{
			http.StatusCreated, http.StatusAccepted, http.StatusFound, bad, unauthorized, forbidden, internal,
		}},
	}
}

// possible reports whether an operation refuses a case at all.
func possible(o apispec.Operation, c caseOf) bool {
	switch {
	case needsNoToken(o) && (c.status == http.StatusUnauthorized || c.status == http.StatusForbidden):
		return false
	case c.Case == result.OtherUser:
		return o.Caller == "owner" || o.Caller == "admin"
	case c.Case == result.UnknownID:
		return len(o.Declared.Parameters) > 0 && o.Path[len(o.Path)-1] == '}' || o.Caller == "owner"
	case c.Case == result.BadField:
		return o.TakesBody() || o.ID == "searchUsers" || o.ID == "startEligibilityCheck"
	}
	return o.Declared.Responses.Status(c.status) != nil
}

// needsNoToken reports whether a sample call of an operation has no credential in its headers.
func needsNoToken(o apispec.Operation) bool { return o.Caller == "anybody" || o.Caller == "link" }

// statusMutants answer with another status.
func statusMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, c := range cases() {
			if !possible(o, c) {
				continue
			}
			for _, other := range c.others {
				name := fmt.Sprintf("%s/%d-for-%d", c.Case, other, c.status)
				sentence := fmt.Sprintf("%s answers %d in the case %s, and not %d.", o.ID, other, c.Case, c.status)
				place := Place{Kinds: statuses}
				if c.Case == result.OK && (o.ID == "signOn" || o.ID == "login") {
					place.Follow = []string{"*"} // without a user, there is no other request
				}
				tell := after(c.status, func(_ *memory, asked call, r *reply) {
					if c.is(asked) {
						turn(o, r, other)
					}
				})
				all = append(all, of(o, name, sentence, place, strconv.Itoa(c.status), tell).graded(gradeAt(o, c.status)))
				if o.Caller == "visitor" && c.Case == result.NoToken {
					all[len(all)-1].Evidence = requirement.Ours
				}
			}
		}
	}
	return all
}

// badFields are the operations whose refused values VSee's pages name.
const badFields = "signOn searchUsers importCards"

// gradeAt is the grade of the reply with a status.
func gradeAt(o apispec.Operation, status int) requirement.Evidence {
	if status == http.StatusBadRequest && !strings.Contains(badFields, o.ID) ||
		status == http.StatusNotFound && o.ID == "getAccount" {
		return requirement.Ours
	}
	return gradeOf(o.Declared.Responses.Status(status).Value.Extensions)
}

// turn gives a reply another status, with a body that fits.
func turn(o apispec.Operation, r *reply, status int) {
	wasGood := r.status == http.StatusOK
	r.status = status
	switch {
	case status == http.StatusOK:
		r.body = []byte(`{"data":{}}`)
		if examples := o.Examples(status); len(examples) > 0 {
			r.body = examples[0]
		}
	case status >= http.StatusBadRequest && wasGood:
		typed("application/json")(r)
		r.body = encode(map[string]any{"code": status, "message": "no"})
	default:
		r.body = edited(r.body, []string{"code"}, change(func(any) any { return json.Number(strconv.Itoa(status)) }))
	}
}

// refusalMutants damage the body of each refusal.
func refusalMutants() []Mutant {
	ways := []struct {
		damage
		field string
	}{
		{damage{"missing", "is missing", gone, remove}, "message"},
		{damage{"null", "is null", either, change(func(any) any { return nil })}, "message"},
		{damage{"empty", "is empty", either, change(func(any) any { return "" })}, "message"},
		{damage{"missing", "is missing", gone, remove}, "code"},
		{damage{"type", "is a text", wrong, change(retyped)}, "code"},
		{damage{"zero", "is 0", wrong, change(func(any) any { return 0 })}, "code"},
		{damage{"added", "is there", append(slices.Clone(wrong), result.Undeclared), func(in map[string]any, name string) {
			in[name] = map[string]any{}
		}}, "data"},
	}
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, status := range []int{400, 401, 403, 404, 413} {
			if o.Declared.Responses.Status(status) == nil || !refuses(o, status) {
				continue
			}
			add := func(name, sentence, pointer string, kinds []result.Kind, tell lie) {
				name, sentence = fmt.Sprintf("%d/%s", status, name), fmt.Sprintf("In a %d of %s, %s.", status, o.ID, sentence)
				place := Place{Pointer: pointer, Kinds: kinds}
				all = append(all, of(o, name, sentence, place, strconv.Itoa(status), tell).graded(gradeAt(o, status)))
			}
			for _, w := range ways {
				add(w.field+"/"+w.name, w.field+" "+w.sentence, "/"+w.field, w.kinds, onBody(status, []string{w.field}, w.apply))
			}
			page := after(status, func(_ *memory, _ call, r *reply) {
				typed("text/html")(r)
				r.body = []byte("<html></html>")
			})
			add("html", "the body is HTML", "", []result.Kind{result.MediaType, result.Header}, page)
		}
	}
	return all
}

// refuses reports whether an operation has a case with a status.
func refuses(o apispec.Operation, status int) bool {
	for _, c := range cases() {
		if c.status == status && possible(o, c) {
			return true
		}
	}
	return false
}
