package engine

import (
	"cmp"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// observe checks a reply whole: its status, media type, headers and fields, and the owner of its data.
func (t *Trial) observe(r *Reply, q Request) {
	m := r.message
	readable := m.decode(r.Body)
	if q.Probe {
		return
	}
	if q.Raw && (r.Err != nil || r.Header.Get(FaultHeader) != "" && q.Want < http.StatusBadRequest) {
		return // a fault on purpose, such as a page instead of JSON
	}
	at, known := embedded.Spec().Operation(m.operation)
	t.run.collector.saw(at.ID, q.Case, known && q.Case == result.OK && r.Status == q.Want)
	if known && t.run.Tracker != nil {
		t.run.Tracker.Saw(at.ID, r.Status, r.Header.Get("Content-Type"), r.Body)
	}
	if r.Status != q.Want || r.Err != nil {
		t.observeStatus(r, q, requirement.Evidence(at.Grade))
		return
	}
	if !known {
		return
	}
	if r.Status == usual(q.Case) {
		t.run.collector.check(at.ID, q.Case)
	}
	for _, f := range t.run.checker.Reply(at.ID, r.Status, r.Header, r.Body) {
		m.found(f, requirement.Evidence(at.Grade))
		if f.Kind == result.MediaType || f.Kind == result.Type && f.Pointer == "" { // nothing is where it should be
			m.taintWhole()
		}
	}
	if !readable && len(m.taints) > 0 {
		m.taintWhole()
	}
	if r.Status < http.StatusBadRequest {
		t.observeOwner(m, q.Of)
	}
	if m.Trusted() {
		t.observeAgain(m, q)
	}
}

// observeStatus adds the cause of an unexpected status, or of no reply.
func (t *Trial) observeStatus(r *Reply, q Request, own requirement.Evidence) {
	evidence := t.requirement.Evidence
	if q.Case == result.OK && own != "" {
		evidence = own.Weaker(evidence)
	}
	got, rule := strconv.Itoa(r.Status), fmt.Sprintf("the status must be %d", q.Want)
	if r.Err != nil {
		got, rule = "no reply", "the reply must arrive whole"
	}
	message := ""
	if t.run.ShowMessages {
		if message = strict.Shown(cmp.Or(r.Text("/message"), result.Absent)); t.run.redactor.Hides(message) {
			message = ""
		}
	}
	r.observe(finding{
		Key:      result.Key{Kind: result.Status, Pointer: q.Field, Expected: strconv.Itoa(q.Want), Got: got},
		evidence: evidence, rule: rule, message: message,
	})
	r.taintWhole()
}

// found adds the cause of a finding of package strict; own is the grade of the operation or event.
func (m *message) found(f strict.Finding, own requirement.Evidence) {
	if m.t.run.redactor.Hides(f.Got) { // a credential in the place of a member of an enumeration
		f.Got = result.ChangedOther
	}
	m.observe(finding{
		Key:      result.Key{Kind: f.Kind, Pointer: f.Pointer, Expected: f.Expected, Got: f.Got},
		optional: f.Optional, evidence: cmp.Or(requirement.Evidence(f.Evidence), own), rule: named(f), line: f.Line,
	})
}

// userReplies are the operations with a user as their data.
var userReplies = []string{"signOn", "getMe", "updateMe", "getUser", "login", "refreshToken"}

// observeOwner checks the owner of the data in a reply or an event: the user, if there is one, and the clinic. Of
// several places that name another one, the first is the cause: the id rather than the code, and both rather than a
// place below.
func (t *Trial) observeOwner(m *message, u User) {
	if isOfMany(m.operation) {
		u = User{}
	}
	others := t.others(m.value, "", u, slices.Contains(userReplies, m.operation))
	slices.SortFunc(others, func(a, b result.Key) int {
		return cmp.Or(strings.Count(a.Pointer, "/")-strings.Count(b.Pointer, "/"), strings.Compare(b.Pointer, a.Pointer))
	})
	seen := map[string]bool{}
	for _, key := range others {
		if seen[key.Got] {
			continue
		}
		seen[key.Got] = true
		m.observe(finding{Key: key, evidence: requirement.Seed,
			rule: "the data must be of " + strings.TrimSuffix(key.Expected, " of the request") + " that the request is about"})
		if !m.whole {
			m.taintWhole()
		}
	}
}

// isOfMany reports whether the replies of an operation are not about one user.
func isOfMany(operation string) bool {
	return strings.HasPrefix(operation, "list") && operation != "listClaims" || operation == "searchUsers"
}

// others returns the places below a value that name another user or another clinic.
func (t *Trial) others(value any, pointer string, u User, isUser bool) (found []result.Key) {
	is := func(pointer string, got any, want, owner string) {
		if want != "" && got != nil && fmt.Sprint(got) != want { // a number is another cause
			found = append(found, result.Key{Kind: result.Owner, Pointer: pointer, Expected: "the " + owner + " of the request",
				Got: "another " + owner})
		}
	}
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			found = append(found, t.others(item, pointer+"/"+strconv.Itoa(i), u, isUser)...)
		}
	case map[string]any:
		for name, member := range value {
			switch at := pointer + "/" + name; {
			case name == "user_id" || name == "member_id" || isUser && at == "/data/id":
				is(at, member, u.ID, "user")
			case isUser && at == "/data/code":
				is(at, member, u.Code, "user")
			case name == "account_code" || name == "clinic_code":
				is(at, member, t.Clinic.AccountCode, "clinic")
			default:
				switch member.(type) {
				case map[string]any, []any:
					at = pointer + "/" + strict.Escape(strict.Name(name))
					found = append(found, t.others(member, at, u, isUser)...)
				}
			}
		}
	}
	return found
}

// named returns the rule of a finding, with the name of its field at the beginning of a rule about a field.
func named(f strict.Finding) string {
	name := path.Base(f.Pointer)
	isItem := strings.Trim(name, "0123456789") == "" || name == "*"
	verb, _, _ := strings.Cut(f.Rule, " ")
	if f.Pointer == "" || isItem || verb != "must" && verb != "is" {
		return f.Rule
	}
	return name + " " + f.Rule
}
