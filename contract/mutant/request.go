package mutant

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// encodingMutants refuse or ignore a documented form of a body.
func encodingMutants() []Mutant {
	var all []Mutant
	add := func(o apispec.Operation, name, sentence, meets string, tell lie) {
		place := Place{Kinds: append(slices.Clone(sent), result.Owner)}
		if !strings.HasSuffix(name, "refused") { // the users and cards are others
			place.Follow = []string{"*"}
		}
		all = append(all, of(o, name, o.ID+" "+sentence+".", place, meets, tell))
	}
	refuse := func(fits func(c call) bool) lie { return refusing(http.StatusBadRequest, fits) }
	for _, o := range embedded.Spec().Operations {
		if !o.TakesBody() {
			continue
		}
		for _, media := range slices.Sorted(maps.Keys(o.Declared.RequestBody.Value.Content)) {
			if o.ID == "uploadFile" && media != "multipart/form-data" {
				continue // no other body has a file
			}
			is := func(c call) bool { m, _ := c.encoding(); return m == media && len(c.body) > 0 }
			within := func(f field) lie {
				return before(o.ID, func(_ *memory, c call) call {
					if is(c) {
						return c.edit(f)
					}
					return c
				})
			}
			add(o, "encoding/"+media+"/refused", "refuses a body as "+media, media, refuse(is))
			if takesText(o) {
				add(o, "encoding/"+media+"/latin-1", "reads a body as "+media+" in Latin-1", media,
					within(func(_, _ string, v any) (any, bool) { return texts(v, latin1), true }))
			}
			if o.ID == "updateMe" {
				add(o, "encoding/"+media+"/ignored", "ignores a body as "+media, media,
					within(func(string, string, any) (any, bool) { return nil, false }))
			}
		}
		if o.ID != "signOn" && o.ID != "updateMe" {
			continue
		}
		for _, spelled := range spellings {
			meets := "spelling " + spelled
			add(o, "spelling/"+spelled+"/refused", "refuses names spelled with "+spelled, meets,
				refuse(func(c call) bool { return c.isSpelled(spelled) }))
			ignore := before(o.ID, func(_ *memory, c call) call {
				return c.edit(func(_, s string, v any) (any, bool) { return v, s != spelled })
			})
			add(o, "spelling/"+spelled+"/ignored", "ignores names spelled with "+spelled, meets, ignore)
			if spelled == "brackets" { // nothing documents them
				all[len(all)-1].Evidence, all[len(all)-2].Evidence = requirement.Ours, requirement.Ours
			}
		}
		for _, v := range [][2]string{{"gender", "male"}, {"gender", "female"}, {"type", "400"}, {"type", "600"}} {
			if v[0] == "gender" || o.ID == "signOn" {
				add(o, "sent/"+v[0]+"/"+v[1]+"-refused", "refuses the "+v[0]+" "+v[1], v[0],
					refuse(func(c call) bool { text, _ := c.has(v[0]); return text == v[1] }))
			}
		}
	}
	add(operation("signOn"), "sent/code/128-refused", "refuses a code of 128 characters", "code",
		refuse(func(c call) bool { text, _ := c.has("code"); return len(text) == 128 }))
	return all
}

// takesText reports whether an operation takes characters beyond ASCII.
func takesText(o apispec.Operation) bool {
	return o.ID == "login" || o.ID != "submitClaim" && o.ID != "refreshToken" &&
		slices.ContainsFunc(requestFields(o), func(f requestField) bool {
			return f.text || slices.Contains([]string{"room_code", "member_id", "file"}, lastPart(f.name))
		})
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
			{"number", "with the id of the user", func(c call) bool { return isDigits((c.segments())[1%len(c.segments())]) }},
			{"short", "without a carrier", func(c call) bool { return len(c.segments()) == 3 }},
		}
		for _, w := range ways {
			ofUser := w.name != "owner" && w.name != "number" || strings.Contains(o.Path, "/users/{id}")
			if !ofUser || w.name == "short" && o.ID != "startEligibilityCheck" {
				continue
			}
			sentence := o.ID + " is not found " + w.sentence + "."
			m := of(o, "path/"+w.name, sentence, Place{Kinds: statuses}, "", refusing(http.StatusNotFound, w.is))
			if slices.Contains([]string{"dev", "next", "stable"}, w.name) || w.name == "slash" && o.ID != "listInsurers" {
				m.Evidence = requirement.Ours // a run has one base URL
			}
			all = append(all, m)
		}
	}
	return all
}

// also returns the operation at an older path of the document.
func also(method, path string) string {
	s := strings.Split(strings.Trim(path, "/"), "/")
	if method == http.MethodPost && len(s) == 3 && s[0] == "users" && s[2] == "eligibility" {
		return "startEligibilityCheck"
	}
	return ""
}

// credentialMutants compare tokens, keys and codes loosely. A loose comparison shows in a success for a wrong
// credential: the lie asks again with the right one.
func credentialMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		if needsNoToken(o) {
			continue
		}
		headers := []string{engine.TokenHeader, engine.AccountHeader}
		switch o.Caller {
		case "partner":
			headers = []string{engine.KeyHeader, engine.SecretHeader, engine.AccountHeader}
		case "visitor":
			headers = []string{engine.AccountHeader}
		}
		for _, header := range headers {
			for _, w := range []struct {
				name, sentence string
				alike          func(sent, right string) bool
			}{
				{"any-case", "in other upper and lower case", strings.EqualFold},
				{"beginning", "with something after it", strings.HasPrefix},
				{"any", "that is wrong", func(_, _ string) bool { return true }},
			} {
				if w.name == "any" && header == engine.TokenHeader {
					continue // as a status of another case
				}
				m := of(o, header+"/"+w.name, fmt.Sprintf("%s takes an %s %s.", o.ID, header, w.sentence),
					Place{Kinds: append([]result.Kind{result.Owner}, statuses...)}, "401", loosely(o.ID, header, w.alike))
				if header == engine.AccountHeader && o.Caller != "partner" || header == engine.SecretHeader ||
					w.name == "beginning" {
					m.Evidence = requirement.Ours
				}
				all = append(all, m)
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

// queryMutants ignore or refuse the parameters of a query.
func queryMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, p := range o.Declared.Parameters {
			name := p.Value.Name
			if p.Value.In != "query" {
				continue
			}
			without := func(c call) call {
				values, _ := url.ParseQuery(c.query)
				rest := maps.Clone(values)
				maps.DeleteFunc(rest, func(k string, _ []string) bool { return k == name || strings.HasPrefix(k, name+"[") })
				if len(rest) < len(values) {
					c.query = rest.Encode()
				}
				return c
			}
			place := Place{Kinds: append(slices.Clone(sent), result.Undeclared)}
			add := func(way, verb string, tell lie) {
				sentence := fmt.Sprintf("%s %s %s in its query.", o.ID, verb, name)
				m := of(o, "query/"+name+"/"+way, sentence, place, "?"+name, tell)
				all = append(all, m.graded(gradeOf(p.Value.Extensions)))
			}
			add("ignored", "ignores", before(o.ID, func(_ *memory, c call) call { return without(c) }))
			add("refused", "refuses", refusing(http.StatusBadRequest, func(c call) bool { return without(c).query != c.query }))
		}
	}
	return all
}
