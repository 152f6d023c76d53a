package mutant

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

const (
	tokenHeader   = "X-ApiToken"
	keyHeader     = "X-ApiKey"
	secretHeader  = "X-ApiSecret"
	accountHeader = "X-AccountCode"
)

// encodingMutants refuse or ignore a documented form of a body.
func encodingMutants() []Mutant {
	var all []Mutant
	add := func(o apispec.Operation, name, sentence, meets string, evidence requirement.Evidence, tell lie) {
		all = append(all, Mutant{
			Name: o.ID + "/" + name, Sentence: sentence, Place: Place{Operation: o.ID, Kinds: append(slices.Clone(sent), result.Owner)},
			Evidence: evidence, meets: o.ID + " " + meets, reply: tell,
		})
	}
	for _, o := range embedded.Spec().Operations {
		if !o.TakesBody() {
			continue
		}
		for _, media := range slices.Sorted(maps.Keys(o.Declared.RequestBody.Value.Content)) {
			is := func(c call) bool { m, _ := c.encoding(); return m == media && len(c.body) > 0 }
			grade := requirement.Evidence(o.Grade)
			add(o, "encoding/"+media+"/refused", fmt.Sprintf("%s refuses a body as %s.", o.ID, media), media, grade, refusing(http.StatusBadRequest, is))
			add(o, "encoding/"+media+"/latin-1", fmt.Sprintf("%s reads a body as %s in Latin-1.", o.ID, media), media, grade, before(o.ID, func(_ *memory, c call) call {
				if !is(c) {
					return c
				}
				return c.edit(func(_, _ string, v any) (any, bool) { return texts(v, latin1), true })
			}))
			if o.ID == "updateMe" {
				add(o, "encoding/"+media+"/ignored", fmt.Sprintf("%s ignores a body as %s.", o.ID, media), media, grade, before(o.ID, func(_ *memory, c call) call {
					if is(c) {
						return c.edit(func(string, string, any) (any, bool) { return nil, false })
					}
					return c
				}))
			}
		}
		if o.ID != "signOn" && o.ID != "updateMe" {
			continue
		}
		for _, spelled := range spellings {
			has := func(c call) bool { return c.isSpelled(spelled) }
			grade := requirement.Documented
			if spelled == "brackets" {
				grade = requirement.Ours
			}
			add(o, "spelling/"+spelled+"/refused", fmt.Sprintf("%s refuses names spelled with %s.", o.ID, spelled), "spelling "+spelled, grade, refusing(http.StatusBadRequest, has))
			add(o, "spelling/"+spelled+"/ignored", fmt.Sprintf("%s ignores names spelled with %s.", o.ID, spelled), "spelling "+spelled, grade, before(o.ID, func(_ *memory, c call) call {
				return c.edit(func(_, s string, v any) (any, bool) { return v, s != spelled })
			}))
		}
		add(o, "sent/gender/word-refused", o.ID+" refuses a gender in words.", "gender", requirement.Documented, refusing(http.StatusBadRequest, func(c call) bool {
			text, _ := c.has("gender")
			return strings.HasSuffix(text, "male")
		}))
	}
	add2 := func(name, field, value, sentence string) {
		o, _ := embedded.Spec().Operation("signOn")
		add(o, name, sentence, field, requirement.Documented, refusing(http.StatusBadRequest, func(c call) bool { text, _ := c.has(field); return text == value }))
	}
	add2("sent/type/400-refused", "type", "400", "signOn refuses a provider.")
	add2("sent/type/600-refused", "type", "600", "signOn refuses a guest.")
	signOn, _ := embedded.Spec().Operation("signOn")
	add(signOn, "sent/code/128-refused", "signOn refuses a code of 128 characters.", "code", requirement.Documented, refusing(http.StatusBadRequest, func(c call) bool {
		text, _ := c.has("code")
		return len(text) == 128
	}))
	return all
}

// pathMutants do not know a documented path of an operation.
func pathMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		ways := []struct {
			name, sentence string
			is             func(c call) bool
		}{
			{"json", "with .json", func(c call) bool { return strings.HasSuffix(c.path, ".json") }},
			{"slash", "with a slash at the end", func(c call) bool { return strings.HasSuffix(c.path, "/") }},
			{"dev", "below /vc/dev", func(c call) bool { return strings.HasPrefix(c.path, "/vc/dev/") }},
			{"next", "below /vc/next", func(c call) bool { return strings.HasPrefix(c.path, "/vc/next/") }},
			{"stable", "below /vc/stable", func(c call) bool { return strings.HasPrefix(c.path, "/vc/stable/") }},
			{"owner", "with - for the token's owner", func(c call) bool { return slices.Contains(c.segments(), "-") }},
			{"number", "with the id of the user", func(c call) bool { s := c.segments(); return len(s) > 1 && s[0] == "users" && isDigits(s[1]) }},
			{"short", "without a carrier", func(c call) bool { s := c.segments(); return len(s) == 3 && s[2] == "eligibility" }},
		}
		for _, w := range ways {
			if (w.name == "owner" || w.name == "number") && !strings.Contains(o.Path, "/users/{id}") || w.name == "short" && o.ID != "startEligibilityCheck" {
				continue
			}
			grade := requirement.Evidence(o.Grade)
			if w.name == "dev" || w.name == "next" || w.name == "stable" {
				grade = requirement.Ours // a run has one base URL
			}
			all = append(all, Mutant{
				Name: o.ID + "/path/" + w.name, Sentence: fmt.Sprintf("%s is not found %s.", o.ID, w.sentence),
				Place:    Place{Operation: o.ID, Kinds: statuses},
				Evidence: grade, meets: o.ID, reply: refusing(http.StatusNotFound, w.is),
			})
		}
	}
	return all
}

// also returns the operation at an older path of the document.
func also(method, path string) string {
	if s := strings.Split(strings.Trim(path, "/"), "/"); method == http.MethodPost && len(s) == 3 && s[0] == "users" && s[2] == "eligibility" {
		return "startEligibilityCheck"
	}
	return ""
}

// credentialMutants compare tokens, keys and codes loosely. A loose comparison shows in a success for a wrong credential:
// the lie asks again with the right one.
func credentialMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		if o.Caller == "anybody" {
			continue
		}
		headers := []string{tokenHeader, accountHeader}
		switch o.Caller {
		case "partner":
			headers = []string{keyHeader, secretHeader, accountHeader}
		case "visitor":
			headers = []string{accountHeader}
		}
		for _, header := range headers {
			for _, w := range []struct {
				name, sentence string
				alike          func(sent, right string) bool
			}{
				{"any-case", "in other upper and lower case", strings.EqualFold},
				{"beginning", "with something after it", func(sent, right string) bool { return strings.HasPrefix(sent, right) }},
				{"any", "that is wrong", func(_, _ string) bool { return true }},
			} {
				if w.name == "any" && header == tokenHeader {
					continue // as a status of another case
				}
				grade := requirement.Evidence(o.Grade)
				if header == accountHeader && o.Caller != "partner" || w.name == "beginning" {
					grade = requirement.Ours
				}
				all = append(all, Mutant{
					Name: o.ID + "/" + header + "/" + w.name, Sentence: fmt.Sprintf("%s takes an %s %s.", o.ID, header, w.sentence),
					Place:    Place{Operation: o.ID, Kinds: append([]result.Kind{result.Owner}, statuses...)},
					Evidence: grade, meets: o.ID + " 401", reply: loosely(o.ID, header, w.alike),
				})
			}
		}
	}
	return all
}

// loosely lets calls of an operation in by a header that is like a right one.
func loosely(operation, header string, alike func(sent, right string) bool) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		r, sent := ask(c), c.header.Get(header)
		if c.operation != operation || r.status != http.StatusUnauthorized || sent == "" {
			return r
		}
		for _, right := range m.credentials(header) {
			if right != sent && alike(sent, right) {
				if again := ask(c.with(header, right)); again.ok() {
					return again
				}
			}
		}
		return r
	}
}

// queryMutants treat the parameters of a query wrongly.
func queryMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, p := range o.Declared.Parameters {
			if p.Value.In != "query" {
				continue
			}
			name := p.Value.Name
			has := func(c call) bool {
				values, _ := url.ParseQuery(c.query)
				return slices.ContainsFunc(slices.Collect(maps.Keys(values)), func(k string) bool { return k == name || strings.HasPrefix(k, name+"[") })
			}
			grade := evidenceOf(o.Grade)
			if e, is := apispec.EvidenceOf(p.Value.Extensions); is && grade != requirement.Ours {
				grade = requirement.Evidence(e.Grade)
			}
			for _, w := range []struct {
				name, sentence string
				tell           lie
			}{
				{"ignored", "ignores", before(o.ID, func(_ *memory, c call) call {
					values, err := url.ParseQuery(c.query)
					for k := range values {
						if k == name || strings.HasPrefix(k, name+"[") {
							delete(values, k)
						}
					}
					if err == nil && has(c) {
						c.query = values.Encode()
					}
					return c
				})},
				{"refused", "refuses", refusing(http.StatusBadRequest, func(c call) bool { return c.operation == o.ID && has(c) })},
			} {
				all = append(all, Mutant{
					Name: o.ID + "/query/" + name + "/" + w.name, Sentence: fmt.Sprintf("%s %s %s in its query.", o.ID, w.sentence, name),
					Place:    Place{Operation: o.ID, Kinds: append(slices.Clone(sent), result.Undeclared)},
					Evidence: grade, meets: o.ID + " ?" + name, reply: w.tell,
				})
			}
		}
	}
	return all
}
