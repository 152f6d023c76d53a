package mutant

import (
	"net/http"
	"strings"
)

// claimMutants accept claims that they must refuse, or show claims other than the accepted ones.
func claimMutants() []Mutant {
	const submit, show, list = "submitClaim", "getClaim", "listClaims"
	all := []Mutant{
		{Name: submit + "/whatever comes is taken", Caught: by("CLAIM-003 CLAIM-004 CLAIM-007 CLAIM-009 CLAIM-015"), Operation: submit, reply: madeUp(submit, http.StatusBadRequest, anything)},
		{Name: submit + "/a duplicate is taken", Caught: by("CLAIM-007"), Operation: submit, reply: taken(submit, http.StatusBadRequest, refusedFor("duplicate"))},
		{Name: submit + "/nobody needs to be eligible", Caught: by("CLAIM-003 CLAIM-004 CLAIM-015"), Operation: submit, reply: taken(submit, http.StatusBadRequest, refusedFor("eligib"))},
		{Name: submit + "/a wrong total is taken", Caught: by("CLAIM-009"), Operation: submit, reply: taken(submit, http.StatusBadRequest, refusedFor("total"))},
		{Name: submit + "/an unknown member is taken", Caught: by("CLAIM-006"), Operation: submit, reply: madeUp(submit, http.StatusNotFound, anything)},
		{Name: submit + "/what was rejected cannot be submitted again", Caught: by("CLAIM-008"), Operation: submit, reply: onlyOnceEach},
		{Name: submit + "/it does not say that it is made up", Caught: by("CLAIM-001"), Operation: submit, reply: changing(submit, http.StatusOK, header("X-Mock-Evidence", ""))},
		{Name: show + "/one that is not there", Caught: by("CLAIM-011"), Operation: show, reply: madeUp(show, http.StatusNotFound, anything)},
		{Name: list + "/the start is left aside", Caught: by("CLAIM-012"), Operation: list, reply: detour(list, anything, asking("start=", ""))},
		{Name: list + "/the size of a page is left aside", Caught: by("CLAIM-012"), Operation: list, reply: detour(list, anything, asking("limit=", ""))},
	}
	for _, m := range []struct {
		operation, path, name, caught string
		edit                          edit
	}{
		{submit, "data/member_id", "of another member", "CLAIM-001", set(`"999999999"`)},
		{submit, "data/carrier_code", "to another carrier", "CLAIM-001", set(`"car7551"`)},
		{submit, "data/claim_id", "another id", "CLAIM-008 CLAIM-012 CLAIM-014", set(`"999999999"`)},
		{show, "data/status", "none is rejected", "CLAIM-008", statuses(`"rejected"`, `"accepted"`)},
		{show, "data/status", "nothing comes of it", "CLAIM-008 CLAIM-013", set(`"submitted"`)},
		{show, "data/status", "paid in part is paid", "CLAIM-013", statuses(`"partly_paid"`, `"paid"`)},
		{show, "data/diagnoses", "diagnoses without a dot", "CLAIM-010", put(func(list string) string { return strings.ReplaceAll(list, ".", "") })},
		{show, "data/relationship", "another relationship", "CLAIM-010", set(`{"respparty":"self","standardrelationship":"1","hipaarelationship":"18"}`)},
		{show, "data/paid_cents", "a cent more is paid", "CLAIM-013", add(1)},
		{show, "data/adjusted_cents", "a cent more is adjusted", "CLAIM-013", add(1)},
		{show, "data/lines/0/paid_cents", "a cent more is paid of a line", "CLAIM-013", add(1)},
		{show, "data/lines", "without its lines", "CLAIM-013", set("[]")},
		{list, "data/claims", "the oldest first", "CLAIM-012", put(lastFirst)},
		{list, "data/claims", "only the newest", "CLAIM-012", put(func(list string) string { return "[" + firstOf(list) + "]" })},
		{list, "total_count", "one more is counted", "CLAIM-012", add(1)},
		{list, "data/claims", "none", "CLAIM-012", set("[]")},
	} {
		all = append(all, Mutant{
			Name: m.operation + "/" + m.name, Operation: m.operation, Caught: by(m.caught), Pointer: "/" + m.path,
			reply: success(m.operation, m.edit, strings.Split(m.path, "/")...),
		})
	}
	return all
}

// statuses replaces a status by another.
func statuses(from, to string) edit {
	return put(func(status string) string {
		if status == from {
			return to
		}
		return status
	})
}

// lastFirst puts the second element of an array before the first.
func lastFirst(list string) string {
	one, ok := find([]byte(list), "0")
	other, also := find([]byte(list), "1")
	if !ok || !also {
		return list
	}
	return "[" + string(other.Value.Raw) + "," + string(one.Value.Raw) + list[other.Value.End():]
}

// onlyOnceEach refuses a claim that was accepted before, whatever its status is now.
func onlyOnceEach(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		if c.operation() != "submitClaim" {
			return on(c)
		}
		key := "claim " + string(c.body)
		if m.text(key) != "" {
			return on(unread(c))
		}
		r, err := on(c)
		if err == nil && r.status == http.StatusOK {
			m.first(key, "taken")
		}
		return r, err
	}
}
