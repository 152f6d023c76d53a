package specs

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// The suite can call each operation, so the tables of requirements have a row for each.
func TestTheTablesHaveEachOperation(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, o := range operations() {
		ids = append(ids, o.id)
	}
	if diff := cmp.Diff(embedded.Spec().IDs(), ids); diff != "" {
		t.Errorf("(-openapi.yaml +calls):\n%s", diff)
	}
	for _, calls := range []map[string]sampleCall{
		userCalls(), cardCalls(), fileCalls(), claimCalls(), visitCalls(), roomCalls(),
	} {
		for id := range calls {
			if !slices.Contains(ids, id) {
				t.Errorf("openapi.yaml has no %s", id)
			}
		}
	}
}

// A call sent to a shared target must change nothing there, and may need an existing patient.
func TestASafeOperationIsAGetThatNeedsNoNewUser(t *testing.T) {
	t.Parallel()
	var found []string
	for _, o := range operations() {
		if o.effect == safe {
			found = append(found, o.id)
		}
	}
	if diff := cmp.Diff([]string{
		"listInsurers", "listInsurerOptions", "listCards", "listFiles", "getMe", "getUser", "searchUsers", "listAccounts",
		"getAccount", "getAvailability", "listVisits", "getCurrentVisit", "listRooms", "getRoom", "listRoomProviders",
		"getRoomProvider",
	}, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A path below one user may be called by this user and by the admin. The admin alone assigns rooms.
func TestAnOperationOfOneUserIsForItsOwner(t *testing.T) {
	t.Parallel()
	for _, o := range embedded.Spec().Operations {
		if strings.HasPrefix(o.Path, "/users/{id}") && caller(o.Caller) != owner && o.ID != "assignRooms" {
			t.Errorf("%s is for %s", o.ID, o.Caller)
		}
	}
}

// Each failure listed by openapi.yaml for an operation has a requirement.
func TestEachDocumentedFailureIsRequired(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, op := range embedded.Spec().Operations {
		for status := range op.Declared.Responses.Map() {
			if status == "default" {
				continue
			}
			id := requirement.Cell("FAIL", op.ID, status)
			has := slices.ContainsFunc(all, func(r engine.Requirement) bool { return r.ID == id && r.Operation == op.ID })
			if want := status != "200" && op.ID != "listAccounts"; has != want {
				t.Errorf("%s: %t, want %t", id, has, want)
			}
			if number, err := strconv.Atoi(status); err == nil && number >= 400 {
				seen++
			}
		}
	}
	if seen < 390 {
		t.Errorf("openapi.yaml has %d failures", seen)
	}
}
