package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// staff signs the users of these tests on. The clinic has its admin, 132406, already.
func staff(t *testing.T, c *mocktest.Clinic) (token string) {
	t.Helper()
	for _, f := range []fields{
		{{"first_name", "Ada"}, {"last_name", "Sample"}, {"code", "a"}, {"email", "ada@example.com"}},
		{{"first_name", "bob"}, {"last_name", "Tester"}, {"code", "b"}, {"email", "SAMPLE.bob@example.org"}, {"type", "400"}},
		{{"first_name", "Çelik"}, {"last_name", "Sample"}, {"code", "c"}, {"username", "celik"}},
		{{"first_name", "Guest"}, {"last_name", ""}, {"type", "600"}},
	} {
		token, _ = signOn(t, c, f).at(t, "data", "token", "token").(string)
		c.Advance(t, time.Minute)
	}
	return token
}

// found returns the ids in a reply of a search, by their last digit, and the total count behind a slash.
func found(t testing.TB, r reply) string {
	t.Helper()
	var page struct {
		Data  []struct{ ID string }
		Total int `json:"total_count"`
	}
	if r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	r.into(t, &page)
	ids := ""
	for _, row := range page.Data {
		ids += strings.TrimPrefix(row.ID, "13240") + " "
	}
	return fmt.Sprintf("%s/ %d", ids, page.Total)
}

func TestUsersAreFoundByEachFilter(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "search"})
	staff(t, c)
	for query, want := range map[string]string{
		"":                                      "6 7 8 9 132410 / 5",
		"id=132408":                             "8 / 1",
		"id=132409,132407":                      "7 9 / 2",
		"id=132409&id=132409":                   "9 / 1",
		"id=1":                                  "/ 0",
		"full_name=sample":                      "7 9 / 2",
		"full_name=a+samp":                      "7 / 1",
		"full_name=ÇEL":                         "9 / 1",
		"full_name=ada,tester":                  "7 8 / 2",
		"email=sample":                          "8 / 1",
		"email=EXAMPLE":                         "7 8 / 2",
		"email=example&full_name=ada":           "7 / 1",
		"q=sample":                              "7 8 9 / 3",
		"q=nobody":                              "/ 0",
		"type=200":                              "7 9 / 2",
		"type=200,400":                          "7 8 9 / 3",
		"type[]=200&type[]=400":                 "7 8 9 / 3",
		"type%5B0%5D=200&type%5B1%5D=400":       "7 8 9 / 3",
		"type=200&type=400":                     "7 8 9 / 3",
		"type=600, 400":                         "8 132410 / 2",
		"type=100":                              "6 / 1",
		"type=700":                              "/ 0",
		"status=20":                             "6 7 8 9 132410 / 5",
		"status=10":                             "/ 0",
		"status=10,20":                          "6 7 8 9 132410 / 5",
		"subtype=482":                           "/ 0",
		"is_admin=1":                            "6 / 1",
		"is_admin=false":                        "7 8 9 132410 / 4",
		"is_admin=0,1":                          "6 7 8 9 132410 / 5",
		"is_hidden=0":                           "6 7 8 9 132410 / 5",
		"is_hidden=true":                        "/ 0",
		"account_code=search":                   "6 7 8 9 132410 / 5",
		"account_code=vclinic":                  "/ 0",
		"account_code=vclinic,search":           "6 7 8 9 132410 / 5",
		"role=clinic_admin":                     "6 / 1",
		"role=nurse":                            "/ 0",
		"room_code=uat2":                        "/ 0",
		"group=night":                           "/ 0",
		"ex_filter=all":                         "6 7 8 9 132410 / 5",
		"ex_filter=my-patient":                  "/ 0",
		"limit=2":                               "6 7 / 5",
		"limit=2&start=3":                       "9 132410 / 5",
		"start=5":                               "/ 5",
		"start=1000000000&sort=email.asc":       "/ 5",
		"q=sample&limit=1&start=1":              "8 / 3",
		"sort=full_name.asc":                    "7 8 6 132410 9 / 5",
		"sort=full_name.desc":                   "9 132410 6 8 7 / 5",
		"sort=last_name.asc&full_name=sample":   "7 9 / 2",
		"sort=last_name.desc&full_name=sample":  "7 9 / 2",
		"sort=id.desc&limit=2":                  "132410 9 / 5",
		"sort=id.asc&limit=2":                   "6 7 / 5",
		"sort=email.asc&start=3":                "7 8 / 5",
		"sort=username.asc&id=132409,132407":    "7 9 / 2",
		"sort=first_name.asc&type=200,400":      "7 8 9 / 3",
		"id=132407,132408&type=400":             "8 / 1",
		"q=sample&type=200&sort=full_name.desc": "9 7 / 2",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/users", "/users.json", "/users/"} {
				got := found(t, get(t, c.BaseURL+path+"?"+strings.ReplaceAll(query, " ", "%20"), byToken(c.AdminToken)))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", path, diff)
				}
			}
		})
	}
}

func TestARowHasWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{
		AccountCode: "rows", Clock: clinic.ClockSettings{Start: time.Unix(1_900_000_000, 0), Frozen: true},
	})
	staff(t, c)
	for query, want := range map[string]string{
		"q=ada": `{"data":[{"email":"ada@example.com","id":"132407","full_name":"Ada ` +
			`Sample"}],"total_count":1}`,
		"q=elik":              `{"data":[{"id":"132409","full_name":"Çelik Sample"}],"total_count":1}`,
		"q=nobody":            `{"data":[],"total_count":0}`,
		"q=ada&fields=id":     `{"data":[{"id":"132407"}],"total_count":1}`,
		"q=bob&fields[]=type": `{"data":[{"type":400}],"total_count":1}`,
		"q=ada&fields=id,username,first_name,last_name,full_name,last_login,type,subtype": `{"data":[{"id":"132407",` +
			`"full_name":"Ada ` +
			`Sample","username":"ada@example.com","first_name":"Ada","last_name":"Sample","last_login":1900000000,` +
			`"type":200,"subtype":""}],"total_count":1}`,
		"id=132406&fields=last_login,id": `{"data":[{"id":"132406"}],"total_count":1}`,
	} {
		got := get(t, c.BaseURL+"/users?"+query, byToken(c.AdminToken))
		if diff := cmp.Diff(want+"\n", string(got.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if grade := got.header.Get("X-Mock-Evidence"); grade != "documented" {
			t.Errorf("%s: the evidence is %s", query, grade)
		}
	}
}

// Each kind of a bad search has its own sentence of refusal, and finds no user.
func TestABadSearchIsRefused(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "badsearch"})
	patient := staff(t, c)
	const sorts = "sort must be id, full_name, first_name, last_name, email or username, and .asc or .desc, such as " +
		"full_name.asc or sort[full_name]=asc"
	const limits = "limit must be a whole number from 1 to 100"
	const starts = "start must be a whole number from 0 to 1000000000"
	for query, want := range map[string]string{
		"id=abc":                                "id must be an id of digits",
		"id=":                                   "id must be an id of digits",
		"id=-":                                  "id must be an id of digits",
		"id=132407,":                            "id must be an id of digits",
		"full_name=Ad":                          "full_name must be 3 to 200 characters",
		"full_name=" + strings.Repeat("x", 201): "full_name must be 3 to 200 characters",
		"full_name=Sample,Ad":                   "full_name must be 3 to 200 characters",
		"email=":                                "email must be 3 to 200 characters",
		"email=a@":                              "email must be 3 to 200 characters",
		"q=ab":                                  "q must be 3 to 200 characters",
		"q[]=abc&q[]=ab":                        "q must be 3 to 200 characters",
		"q=%ff%ff%ff":                           "q is not valid UTF-8",
		"q=%zz":                                 "the query is not well encoded: write % as %25 and ; as %3B",
		"q=abc;id=1":                            "the query is not well encoded: write % as %25 and ; as %3B",
		"q=" + strings.Repeat("abc,", 101):      "q must have at most 100 values",
		"type=999": "type must be a user type of VSee's, such as 200 (member), 400 " +
			"(provider) or 600 (guest)",
		"type=member": "type must be a user type of VSee's, such as 200 (member), 400 " +
			"(provider) or 600 (guest)",
		"type=200&type=": "type must be a user type of VSee's, such as 200 (member), 400 " +
			"(provider) or 600 (guest)",
		"status=30": "status must be 10 (inactive) or 20 (active)",
		"subtype=1": "subtype must be a provider's subtype of VSee's, such as 482 (doctor) or " +
			"484 (nurse)",
		"is_admin=yes":                      "is_admin must be 0, 1, false or true",
		"is_hidden=2":                       "is_hidden must be 0, 1, false or true",
		"account_code=":                     "account_code must be an account code",
		"role=":                             "role must be 1 to 128 characters",
		"role=nurse,":                       "role must be 1 to 128 characters",
		"room_code=":                        "room_code must be 1 to 128 characters",
		"group=" + strings.Repeat("x", 129): "group must be 1 to 128 characters",
		"ex_filter=":                        "ex_filter must be all or my-patient",
		"ex_filter=my-patient,mine":         "ex_filter must be all or my-patient",
		"sort=full_name":                    sorts,
		"sort=full_name.up":                 sorts,
		"sort=dob.asc":                      sorts,
		"sort=id.asc&sort=id.desc":          "sort must be one name and one value, and has more",
		"start=-1":                          starts,
		"start=x":                           starts,
		"start=99999999999999999999":        starts,
		"limit=0":                           limits,
		"limit=101":                         limits,
		"limit=1.5":                         limits,
		"limit=":                            limits,
		"limit[]=1":                         "limit must be one value, not a list",
		"fields=dob": "fields must be email, id, full_name, username, first_name, last_name, " +
			"last_login, type or subtype",
		"fields=": "fields must be email, id, full_name, username, first_name, last_name, " +
			"last_login, type or subtype",
		"emial=ada":    "emial is not a parameter of this request (did you mean email?)",
		"ful_name=ada": "ful_name is not a parameter of this request (did you mean full_name?)",
	} {
		t.Run(query[:min(len(query), 40)], func(t *testing.T) {
			t.Parallel()
			got := get(t, c.BaseURL+"/users?"+query, byToken(c.AdminToken)).message(t, 400)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
	if got := get(t, c.BaseURL+"/users", byToken(patient)).message(t, 403); got != "only an admin of the clinic may "+
		"search its users" {
		t.Errorf("a guest is told %q", got)
	}
	if got := get(t, c.BaseURL+"/users").message(t, 401); got != "X-ApiToken is required" {
		t.Errorf("nobody is told %q", got)
	}
	if got := post(t, c.BaseURL+"/users", noBody, byToken(c.AdminToken)).message(t, 405); got != "this path takes GET" {
		t.Errorf("a POST is told %q", got)
	}
}

// After a change of name, a user is found by the new name alone.
func TestAChangedNameIsFound(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "rename"})
	_, token := patient(t, c, "pat", "123")
	post(t, c.BaseURL+"/me", formBody(fields{{"last_name", "Renamed"}, {"email", "new@example.com"}}), byToken(token))
	for query, want := range map[string]string{"full_name=sample": "/ 0", "full_name=pat+renamed": "7 / 1",
		"email=new@": "7 / 1"} {
		if got := found(t, get(t, c.BaseURL+"/users?"+query, byToken(c.AdminToken))); got != want {
			t.Errorf("%s finds %s", query, got)
		}
	}
}

// The control API assigns roles, rooms, groups and visits to a user.
func TestUsersAreFoundByWhatTheyAreAssigned(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "assigned"})
	staff(t, c)
	assign := func(id, assignments string) {
		t.Helper()
		c.Control(t, http.MethodPut, "/users/"+id+"/assignments", json.RawMessage(assignments), nil)
	}
	finds := func(query, want string) {
		t.Helper()
		got := found(t, get(t, c.BaseURL+"/users?"+query, byToken(c.AdminToken)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	assign("132407", `{"rooms": ["uat2", "derma"], "groups": ["night"], "providers": ["132408", "132406"]}`)
	assign("132408", `{"rooms": ["uat2"], "roles": ["scheduler", "nurse"], "groups": ["night", "day"]}`)
	assign("132409", `{"rooms": ["cardio"], "roles": ["scheduler"], "providers": ["132408"]}`)
	for query, want := range map[string]string{
		"role=scheduler":                    "8 9 / 2",
		"role=nurse":                        "8 / 1",
		"role=nurse,clinic_admin":           "6 8 / 2",
		"role[]=scheduler&role[]=nobody":    "8 9 / 2",
		"role=Scheduler":                    "/ 0",
		"room_code=uat2":                    "7 8 / 2",
		"room_code=derma,cardio":            "7 9 / 2",
		"room_code=uat":                     "/ 0",
		"group=night":                       "7 8 / 2",
		"group=day&group=evening":           "8 / 1",
		"group=night&room_code=derma":       "7 / 1",
		"role=scheduler&type=400":           "8 / 1",
		"q=sample&role=scheduler":           "8 9 / 2",
		"q=ada&role=scheduler":              "/ 0",
		"id=132407,132409&room_code=cardio": "9 / 1",
		"room_code=uat2&sort=id.desc":       "8 7 / 2",
		"room_code=uat2&limit=1&start=1":    "8 / 2",
		"ex_filter=my-patient":              "7 / 1",
		"ex_filter=all":                     "6 7 8 9 132410 / 5",
		"ex_filter=all&limit=1":             "6 / 5",
	} {
		finds(query, want)
	}

	assign("132406", `{"rooms": ["uat2", "cardio"]}`) // whoever has rooms is held to them
	finds("ex_filter=all", "6 7 8 9 / 4")
	finds("ex_filter=all&q=sample", "7 8 9 / 3")
	finds("ex_filter=all,my-patient&room_code=derma", "7 / 1")
	assign("132406", `{"rooms": ["radio"]}`)
	finds("ex_filter=all", "6 / 1")
	finds("ex_filter=all,my-patient", "6 7 / 2")

	assign("132408", `{"rooms": [], "roles": ["nurse"]}`) // omitted keys stay
	finds("room_code=uat2", "7 / 1")
	finds("role=scheduler", "9 / 1")
	finds("group=day", "8 / 1")
}

// A provider shows its assigned rooms, whoever reads them; a sign-on leaves the assignments as they are.
func TestAProviderHasTheirRooms(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "rooms"})
	provider := fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "pat"}, {"type", "400"}}
	r := signOn(t, c, provider)
	id, token := r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
	c.Control(t, http.MethodPut, "/users/"+id+"/assignments", json.RawMessage(`{"rooms": ["uat2", "derma"]}`), nil)
	signOn(t, c, provider)
	room := func(code string) map[string]any {
		return map[string]any{"code": code, "slug": code, "name": code, "domain": "", "account_code": "rooms", "id": "",
			"logo_url": ""}
	}
	want := []any{room("uat2"), room("derma")}
	if diff := cmp.Diff(any(want), get(t, c.BaseURL+"/me", byToken(token)).at(t, "data", "rooms")); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	var users struct{ Data []struct{ Rooms []string } }
	c.Control(t, http.MethodGet, "/users?limit=1", nil, &users)
	if diff := cmp.Diff([]string{"uat2", "derma"}, users.Data[0].Rooms); diff != "" {
		t.Errorf("rooms in the control API (-want +got):\n%s", diff)
	}
}
