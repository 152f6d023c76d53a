package ui_test

import (
	"html/template"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// revealed returns the command of an operation, as its button copies it.
func (r *reader) revealed(name string) string {
	r.t.Helper()
	return r.post(north+"/reveal", url.Values{"what": {"command"}, "id": {name}})
}

// run runs commands of operations in a shell, and returns the statuses of the replies.
func (r *reader) run(names ...string) []string {
	r.t.Helper()
	var commands []string
	for _, name := range names {
		commands = append(commands, r.revealed(name))
	}
	return r.shell(commands...)
}

func (r *reader) shell(commands ...string) []string {
	r.t.Helper()
	script := `curl() { command curl --silent --output /dev/null --write-out '%{http_code}\n' "$@"; }` + "\n" +
		strings.Join(commands, "\n")
	out, err := exec.CommandContext(r.t.Context(), "sh", "-c", script).CombinedOutput()
	if err != nil {
		r.t.Fatalf("%v\n%s", err, out)
	}
	return strings.Fields(string(out))
}

func TestEachCommandOfTheReferenceWorksWhenPasted(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	r := newReader(t, mock)
	c.Play(t, mock.Scenario(t, "visit-completed"))
	c.Play(t, mock.Scenario(t, "claim-paid"))
	provider := `curl --header 'X-AccountCode: north' --header 'X-ApiKey: ` + c.Key + `' ` + c.BaseURL + `/users/sso ` +
		`--form type=400 --form code=doctor --form first_name=Paul --form last_name=Mercer --form room_code=vclinicroom`
	if got := r.shell(provider); got[0] != "200" {
		t.Fatalf("the provider's sign-on is answered %s", got)
	}
	for _, name := range []string{"uploadFile", "createIntake", "startEligibilityCheck", "getMe"} {
		if got := r.run(name); got[0] != "200" {
			t.Errorf("%s is answered %s by\n%s", name, got, r.revealed(name))
		}
	}
	var names []string
	for _, o := range embedded.Spec().Operations {
		page := r.see(north+"/reference/"+o.ID, template.HTMLEscapeString(o.Declared.Summary), "Send it to this clinic")
		for _, secret := range []string{c.AdminToken, c.Key, c.Secret} {
			if strings.Contains(page, secret) {
				t.Errorf("the view of %s shows a credential", o.ID)
			}
		}
		if o.Method == http.MethodGet {
			names = append(names, o.ID)
		}
	}
	for i, status := range r.run(names...) {
		if strings.HasPrefix(status, "4") {
			t.Errorf("%s is answered %s by\n%s", names[i], status, r.revealed(names[i]))
		}
	}
}

func TestTheReferenceIsSearchedAndShowsEachFieldWithItsGrade(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	r.see(front+"/reference", `id="insurance"`, "/users/sso", "eligibility.checked", `data-grade="ours"`)
	page := r.see(front+"/reference?q=Claim+ours", "/insurance/claims", "claim.updated")
	if strings.Contains(page, "/users/sso") {
		t.Error("a search for claims finds the sign-on")
	}
	events := r.see(front+"/reference?q=Webhooks", "eligibility.checked", "claim.updated")
	if strings.Contains(events, "/users/sso") {
		t.Error("a search for webhooks finds the sign-on")
	}
	r.see(front+"/reference?q="+url.QueryEscape(planted), "No operation and no event has these words")
	r.see(front+"/reference/signOn", "the clinic’s key", "user.created", "<code>first_name</code>", "required",
		"data.token.", "integration guide, step 2", "Request body, required", "<h3>Example</h3>", "X-ApiSecret: ***")
	r.see(front+"/reference/eligibility.checked", "startEligibilityCheck", "webhook-signature",
		"<code>eligibility_response</code>", "Payload, envelope")
	r.see(front+"/reference/uploadFile", "<code>file</code>", "--form", "filename=example.txt")
	r.see(front+"/reference/getClaim", "The clinic has no <code>claim_id</code> yet")
	r.see(front+"/reference/startVisit", "The clinic has no <code>visit_id</code> yet")
	if reply, _ := r.send(http.MethodGet, front+"/reference/nothing", nil); reply.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown operation: %d", reply.StatusCode)
	}
}

func TestTheEvidenceListIsFilteredByGrade(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	r.see(front+"/evidence", "Insurance API", "signOn", "X-ApiSecret", "observed (")
	page := r.see(front+"/evidence?grade=observed&q=signOn", "room_code")
	if strings.Contains(page, `data-grade="ours"`) {
		t.Error("the grade observed shows a field that is ours")
	}
	r.see(front+"/evidence?q=nothing+like+it", "Nothing has this grade")
}

func referenceIsSearched(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base+"/reference"), chromedp.KeyEvent("/"), chromedp.SetValue(chromedp.CSS("#q"), "eligibility seed"),
		chromedp.KeyEvent("\r"), see("main:not(:has(#claim))"))
	w.await(`document.querySelectorAll('[data-row]').length === 2`)
	w.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("\r"), see("#reply"))
	if text := find[string](w, `document.querySelector('pre').textContent`); !strings.Contains(text, "/eligibility'") {
		t.Errorf("the command is %s", text)
	}
}
