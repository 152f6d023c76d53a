package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

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
	return c.header.Get(tokenHeader) == "" && c.header.Get(keyHeader) == "" && c.header.Get(accountHeader) == ""
}

func any_(call) bool { return true }

// cases are the kinds of refusal. A refusal by another status is a mutant, and so is a success in its place.
func cases() []caseOf {
	const (
		good, bad, unauthorized, forbidden = http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden
		notFound, unprocessable, internal  = http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError
	)
	return []caseOf{
		{result.NoToken, unauthorized, anonymous, []int{good, forbidden, bad, notFound}},
		{result.WrongToken, unauthorized, func(c call) bool { return !anonymous(c) }, []int{good, forbidden, internal}},
		{result.OtherUser, forbidden, any_, []int{good, unauthorized, notFound}},
		{result.UnknownID, notFound, any_, []int{good, bad, forbidden, internal}},
		{result.BadField, bad, any_, []int{good, unprocessable, internal, notFound}},
		{result.Limit, http.StatusRequestEntityTooLarge, any_, []int{good, bad, internal}},
		{result.OK, good, any_, []int{http.StatusCreated, http.StatusAccepted, http.StatusFound, bad, unauthorized, forbidden, internal}},
	}
}

// possible reports whether an operation refuses a case at all.
func possible(o apispec.Operation, c caseOf) bool {
	switch {
	case o.Caller == "anybody" && (c.status == http.StatusUnauthorized || c.status == http.StatusForbidden):
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

func evidenceAt(o apispec.Operation, status int) requirement.Evidence {
	own, is := apispec.EvidenceOf(o.Declared.Responses.Status(status).Value.Extensions)
	if !is || o.Grade == string(requirement.Ours) {
		return requirement.Evidence(o.Grade)
	}
	return requirement.Evidence(own.Grade)
}

// statusMutants answer with another status.
func statusMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, c := range cases() {
			if !possible(o, c) {
				continue
			}
			for _, other := range c.others {
				all = append(all, Mutant{
					Name:     fmt.Sprintf("%s/%s/%d-for-%d", o.ID, c.Case, other, c.status),
					Sentence: fmt.Sprintf("%s answers %d in the case %s, and not %d.", o.ID, other, c.Case, c.status),
					Place:    Place{Operation: o.ID, Kinds: statuses, Follow: followRefusal(o, c)},
					Evidence: evidenceAt(o, c.status), meets: fmt.Sprintf("%s %d", o.ID, c.status),
					reply: after(c.status, func(_ *memory, asked call, r *reply) {
						if c.is(asked) {
							turn(o, r, other)
						}
					}),
				})
			}
		}
	}
	return all
}

// followRefusal: without a user, no other operation can be asked.
func followRefusal(o apispec.Operation, c caseOf) []string {
	if c.Case == result.OK && (o.ID == "signOn" || o.ID == "login") {
		return []string{"*"}
	}
	return nil
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
		setHeader("Content-Type", "application/json")(r)
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
		{damage{"added", "is there", append([]result.Kind{result.Undeclared}, wrong...), func(in map[string]any, name string) {
			in[name] = map[string]any{}
		}}, "data"},
	}
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, status := range []int{400, 401, 403, 404, 413} {
			if o.Declared.Responses.Status(status) == nil || !refuses(o, status) {
				continue
			}
			add := func(name, sentence, pointer string, kinds []result.Kind, apply lie) {
				all = append(all, Mutant{
					Name: fmt.Sprintf("%s/%d/%s", o.ID, status, name), Sentence: fmt.Sprintf("In a %d of %s, %s.", status, o.ID, sentence),
					Place:    Place{Operation: o.ID, Pointer: pointer, Kinds: kinds},
					Evidence: evidenceAt(o, status), meets: fmt.Sprintf("%s %d", o.ID, status), reply: apply,
				})
			}
			for _, w := range ways {
				add(w.field+"/"+w.name, w.field+" "+w.sentence, "/"+w.field, w.kinds, onBody(status, []string{w.field}, w.apply))
			}
			add("html", "the body is HTML", "", []result.Kind{result.MediaType, result.Header}, after(status, func(_ *memory, _ call, r *reply) {
				setHeader("Content-Type", "text/html")(r)
				r.body = []byte("<html></html>")
			}))
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
