package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// attached stores an attachment of a patient, and returns its id.
func attached(t testing.TB, c *mocktest.Clinic, token, name string) string {
	t.Helper()
	sent := named("filename="+name, []byte("x"), [2]string{"meta.category", "intake_attachment"})
	id, _ := uploaded(t, c.BaseURL, token, sent)["id"].(string)
	return id
}

// An attachment of an intake is shown with it, and listed at the visit that the intake is for.
func TestAnAttachmentShowsAtItsVisit(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "attached")
	_, token := userWithoutCards(t, c, "pat")
	_, other := userWithoutCards(t, c, "tom")
	file, gone := attached(t, c, token, "rash.png"), attached(t, c, token, "gone.png")
	intake := newIntake(t, c, token, "attachments", file+","+gone)
	send(t, http.MethodDelete, c.BaseURL+"/files/"+gone, noBody, byToken(token))
	shown := get(t, c.BaseURL+"/intakes/"+intake, byToken(token)).at(t, "data", "attachments").([]any)
	if one := shown[0].(map[string]any); len(shown) != 1 || one["_id"] != file || one["name"] != "rash.png" ||
		one["ext"] != "png" {
		t.Errorf("%v", shown)
	}
	made := post(t, c.BaseURL+"/visits/add_walkin", formBody(fields{{"intake_id", intake}}), byToken(token))
	visit, _ := made.at(t, "data", "id").(string)
	list := c.BaseURL + "/files?target_type=visit&target_id=" + visit
	for _, who := range []string{token, c.AdminToken} {
		listed, _ := get(t, list, byToken(who)).at(t, "data").([]any)
		if len(listed) != 1 || listed[0].(map[string]any)["id"] != file {
			t.Errorf("%v", listed)
		}
	}
	for path, status := range map[string]int{list: 403, c.BaseURL + "/files?target_type=visit&target_id=1": 404} {
		if got := get(t, path, byToken(other)); got.status != status {
			t.Errorf("%d, want %d: %s", got.status, status, got.body)
		}
	}
	stolen := post(t, c.BaseURL+"/intakes", formBody(fields{{"attachments", file}}), byToken(other))
	if got := stolen.at(t, "message"); stolen.status != 400 ||
		got != "attachments must be ids of files of the patient: POST /files stores one" {
		t.Errorf("another patient's file: %d %v", stolen.status, got)
	}
}
