package mockserver_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// curlForm is a body as curl 7.88 writes it for -F beside a Content-Type of the caller's: curl keeps the header and
// adds its boundary at the end.
func curlForm(header, disposition string, f fields) body {
	const boundary = "------------------------2182814cc0179b3a"
	var b strings.Builder
	for _, field := range f {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: " + disposition + "; name=\"" + field[0] + "\"\r\n\r\n" +
			field[1] + "\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return body{header + "; boundary=" + boundary, []byte(b.String())}
}

// VSee's own sample commands make curl send two boundaries, and a form type with one.
func TestVSeesSampleCommandsWorkAsCurlSendsThem(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "curl"})
	for name, sent := range map[string]body{
		"two boundaries": curlForm("multipart/form-data; boundary=X", "form-data", edward),
		"two boundaries, one quoted": curlForm(`multipart/form-data; boundary="----WebKitFormBoundary7MA4YWxkTrZu0gW"`,
			"form-data", edward),
		"a form type with a boundary": curlForm("application/x-www-form-urlencoded", "attachment", edward),
	} {
		if got := post(t, c.BaseURL+"/users/sso", sent, byKey(c)); got.status != 200 ||
			got.at(t, "data", "first_name") != "Edward" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestAnImageComesWithACurlFormType(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "curl"})
	id, token := patient(t, c, "pat", "123")
	const boundary = "------------------------a39e8b282e762cd4"
	sent := body{"application/x-www-form-urlencoded; boundary=" + boundary, []byte("--" + boundary +
		"\r\nContent-Disposition: attachment; name=\"card_front\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
		string(picture(t, "png", 2)) + "\r\n--" + boundary + "--\r\n")}
	r := post(t, c.BaseURL+"/users/"+id+"/insurances/primary", sent, byToken(token))
	if at, _ := r.at(t, "data", "card_front", "fullpath").(string); at == "" {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestTheRefusalOfMultipartWithoutABoundarySaysHowToFixIt(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "curl"})
	data := multipartBody(edward).data
	for contentType, want := range map[string]string{
		"multipart/form-data": "Content-Type multipart/form-data has no boundary: leave this header to your HTTP client, " +
			"or add boundary= and the text that separates the parts",
		"multipart/form-data; boundary=another": "the boundary in Content-Type is not in the body: both must be " +
			"the same",
	} {
		if got := post(t, c.BaseURL+"/users/sso", body{contentType, data}, byKey(c)).message(t, 400); got != want {
			t.Errorf("%s: %q", contentType, got)
		}
	}
}

func TestAccountsDashIsTheCurrentAccount(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.AutoClinics = true })
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	mock.NewClinic(t, clinic.Settings{AccountCode: "south"})
	_, token := patient(t, c, "pat", "123")
	host := func(r *http.Request) { r.Host = "api-north.localhost" }
	for name, options := range map[string][]func(*http.Request){
		"a patient's token":            {byToken(token)},
		"the admin's token":            {byToken(c.AdminToken)},
		"a header":                     {with("X-AccountCode", "north")},
		"a host":                       {host},
		"a token and its header":       {byToken(token), with("X-AccountCode", "north")},
		"a token nobody has, a header": {byToken("nobody's"), with("X-AccountCode", "north")},
	} {
		for _, path := range []string{"/accounts/-", "/accounts/-.json", "/accounts/-/"} {
			if got := get(t, c.BaseURL+path, options...); got.status != 200 || got.at(t, "data", "code") != "north" {
				t.Errorf("%s, %s: %d %s", path, name, got.status, got.body)
			}
		}
	}
	for name, tc := range map[string]struct {
		status  int
		options []func(*http.Request)
		message string
	}{
		"nothing": {404, nil,
			"there is no current account: send a valid X-ApiToken, or X-AccountCode, or call a host api-{account}"},
		"a token nobody has": {404, []func(*http.Request){byToken("nobody's")},
			"there is no current account: send a valid X-ApiToken, or X-AccountCode, or call a host api-{account}"},
		"an account that is not there": {404, []func(*http.Request){with("X-AccountCode", "west")},
			"X-AccountCode or the host must name a clinic of this server"},
		"a token of another account": {401, []func(*http.Request){byToken(token), with("X-AccountCode", "south")},
			"X-ApiToken is of another clinic than X-AccountCode or the host: send a token of that clinic"},
		"a host and a header that clash": {401, []func(*http.Request){host, with("X-AccountCode", "south")},
			"X-AccountCode and the host name different clinics: send one account code"},
	} {
		if got := get(t, c.BaseURL+"/accounts/-", tc.options...).message(t, tc.status); got != tc.message {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestACheckWithoutACarrierIsOfThePrimaryCard(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "older"})
	both := signOn(t, c, edward.and("insurance.primary_carrier_code", "car7556").and("insurance.primary_subscriber_num",
		"123").
		and("insurance.secondary_carrier_code", "car7551").and("insurance.secondary_subscriber_num", "234"))
	id, token := both.at(t, "data", "id").(string), byToken(both.at(t, "data", "token", "token").(string))
	for _, path := range []string{"/users/" + id + "/eligibility", "/users/-/eligibility.json"} {
		r := post(t, c.BaseURL+path, noBody, token)
		if r.status != 200 || r.at(t, "data", "carrier_code") != "car7556" ||
			r.header.Get("X-Mock-Evidence") != "documented" {
			t.Fatalf("%s: %d %s, evidence %s", path, r.status, r.body, r.header.Get("X-Mock-Evidence"))
		}
		r.at(t, "data", "eligibility_id")
	}
	c.Advance(t, clinic.DefaultCronDelay)
	if got := response(t, c, id, "primary"); got != "Success" {
		t.Errorf("the primary card has %q", got)
	}
	if got := response(t, c, id, "secondary"); got != "" {
		t.Errorf("the secondary card has %q", got)
	}
	if got := get(t, c.BaseURL+"/users/"+id+"/eligibility", token).message(t, 405); got != "this path takes POST" {
		t.Errorf("a GET is told %q", got)
	}
}

func TestACheckWithoutACarrierWantsAPrimaryCardThatHasOne(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "older",
		Insurers: []clinic.Insurer{{ID: "car1", Name: "One"}, {ID: "car2", Name: "Two"}}})
	const none = "the user's primary insurance card has no carrier_code: store one with POST /me, or name a carrier in " +
		"the path"
	for code, tc := range map[string]struct {
		cards   fields
		message string
	}{
		"no card":                 {nil, none},
		"secondary alone":         {fields{{"insurance.secondary_carrier_code", "car1"}}, none},
		"primary with no insurer": {fields{{"insurance.primary_subscriber_num", "1"}}, none},
	} {
		r := signOn(t, c, append(fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", code}}, tc.cards...))
		got := post(t, c.BaseURL+"/users/-/eligibility", noBody,
			byToken(r.at(t, "data", "token", "token").(string))).message(t, 400)
		if got != tc.message {
			t.Errorf("%s: %q", code, got)
		}
	}
	r := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "gone"},
		{"insurance.primary_carrier_code", "car2"}})
	c.Control(t, http.MethodPatch, "", map[string]any{"insurers": []map[string]string{{"id": "car1", "name": "One"}}}, nil)
	got := post(t, c.BaseURL+"/users/-/eligibility", noBody,
		byToken(r.at(t, "data", "token", "token").(string))).message(t, 400)
	if got != "the carrier_code of the user's primary insurance card is not one of the clinic's insurers: GET "+
		"/insurances lists them" {
		t.Errorf("an insurer that is gone: %q", got)
	}
	if got := post(t, c.BaseURL+"/users/-/eligibility", noBody).message(t, 401); got != "X-ApiToken is required" {
		t.Errorf("without a token: %q", got)
	}
	if n := len(listOf(t, c, "/checks")); n != 0 {
		t.Errorf("%d checks were started", n)
	}
}

// The path without a carrier is another spelling of the operation: its faults and scenarios are the same.
func TestACheckWithoutACarrierGoesWrongAsOneWithIt(t *testing.T) {
	t.Parallel()
	c := clinicWithScenarios(t, map[string]string{"down": "when: {subscriber_num: \"123\"}\nhttp: [{operation: " +
		"startEligibilityCheck, times: 1, status: 503}]\n"}, clinic.Settings{})
	_, token := patient(t, c, "pat", "123")
	for _, want := range []int{503, 200} {
		if got := post(t, c.BaseURL+"/users/-/eligibility", noBody, byToken(token)).status; got != want {
			t.Errorf("it is answered %d, want %d", got, want)
		}
	}
	if got := listOf(t, c, "/journal")[0]["operation"]; got != "startEligibilityCheck" {
		t.Errorf("the journal has the operation %v", got)
	}
}

func TestAListIsSortedByAnObjectToo(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "sorted"})
	for _, name := range []string{"Bo", "Al", "Cy"} {
		signOn(t, c, fields{{"first_name", name}, {"last_name", "Sample"}, {"code", name}})
	}
	names := func(query string) string {
		var page struct {
			Data []struct {
				FullName string `json:"full_name"`
			}
		}
		get(t, c.BaseURL+"/users?type=200&"+query, byToken(c.AdminToken)).into(t, &page)
		var found string
		for _, row := range page.Data {
			found += row.FullName[:2] + " "
		}
		return found
	}
	for _, query := range []string{
		"sort=full_name.desc", "sort[full_name]=desc", "sort%5Bfull_name%5D=desc",
		"sort=" + url.QueryEscape(`{"full_name":"desc"}`), "sort=" + url.QueryEscape(` { "full_name" : "desc" } `),
	} {
		if got := names(query); got != "Cy Bo Al " {
			t.Errorf("%s: %s", query, got)
		}
	}
	const one = "must be id, full_name, first_name, last_name, email or username, and .asc or .desc, such as " +
		"full_name.asc or sort[full_name]=asc"
	for query, want := range map[string]string{
		"sort[full_name]=up":                     "sort " + one,
		"sort[birthday]=asc":                     "sort " + one,
		"sort[]=asc":                             "sort " + one,
		"sort[full_name]=":                       "sort " + one,
		"sort={}":                                "sort " + one,
		"sort={":                                 "sort " + one,
		`sort={"full_name":1}`:                   "sort " + one,
		`sort={"full_name":"asc"}x`:              "sort " + one,
		`sort={"full_name":"asc","id":"asc"}`:    "sort must be one name and one value, and has more",
		`sort={"id":"asc","id":"asc"}`:           "sort must be one name and one value, and has more",
		"sort[full_name]=asc&sort[id]=asc":       "sort must be one name and one value, and has more",
		"sort[full_name]=asc&sort=full_name.asc": "sort must be one name and one value, and has more",
	} {
		name, value, _ := strings.Cut(query, "=")
		if !strings.Contains(query, "&") {
			query = url.QueryEscape(name) + "=" + url.QueryEscape(value)
		}
		if got := get(t, c.BaseURL+"/users?"+query, byToken(c.AdminToken)).message(t, 400); got != want {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// The URL of an image keeps the prefix of the request, and works.
func TestTheURLOfAnImageKeepsThePrefix(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "prefix"})
	id, token := patient(t, c, "pat", "123")
	for _, prefix := range []string{"/claims_v2/api_v3", "/cc/acme/api_v3", "/vc/any/api_v3", "/a%20b/api_v3"} {
		r := post(t, mock.URL+prefix+"/users/"+id+"/insurances/primary",
			withFiles(nil, upload{"card_front", picture(t, "png", 1)}), byToken(token))
		at, _ := r.at(t, "data", "card_front", "fullpath").(string)
		root := mock.URL + strings.TrimSuffix(prefix, "/api_v3")
		if !strings.HasPrefix(at, root+"/files/view/") {
			t.Errorf("fullpath = %s, want one under %s", at, root)
		}
		_, link, _ := strings.Cut(at, "/files/view/")
		file, query, _ := strings.Cut(link, "?")
		for _, path := range []string{
			"/files/view/" + link, "/files/view/" + file + ".json?" + query, "/files/view/" + file + "/?" + query,
			"/api_v3/files/" + link, "/api_v3/files/view/" + link,
		} {
			if got := get(t, root+path); got.status != 200 {
				t.Errorf("%s%s: %d", root, path, got.status)
			}
		}
	}
}

// A browser signed on by the portal still reaches the API, under each prefix.
func TestThePortalAnswersNoPathOfTheAPI(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "prefix"})
	_, token := patient(t, c, "pat", "123")
	for _, prefix := range []string{"", "/vc/dev", "/claims_v2", "/cc/acme", "/auth"} {
		r := get(t, mock.URL+prefix+"/api_v3/me", byToken(token), with("Cookie", "vsee_mock_portal="+token))
		if r.status != 200 || r.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", prefix, r.status, r.header.Get("Content-Type"))
		}
		r = get(t, mock.URL+prefix+"/files/view/x", with("Cookie", "vsee_mock_portal="+token))
		if got := r.message(t, 404); got != "there is no file with this id" {
			t.Errorf("%s: %s", prefix, got)
		}
	}
}

// No prefix of VSee's leads to the control API, however a path is written.
func TestNoPrefixLeadsToTheControlAPI(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for _, path := range []string{
		"/_mock/api_v3/me", "/_mockery/api_v3/me", "/%5fmock/api_v3/accounts", "/%5Fmock/clinics", "/x/../_mock/clinics",
		"/api_v3/../_mock/clinics", "/api_v3/%2e%2e/_mock/clinics", "//_mock/clinics", "/%61pi_v3/accounts",
		"//api_v3/accounts", "/_mock/files/view/x", "/%5fmock/files/view/x", "/x/../files/view/x", "//files/view/x",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, mock.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.Opaque = path // as it is
		reply, err := mocktest.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		if reply.StatusCode != 404 {
			t.Errorf("%s: %d", path, reply.StatusCode)
		}
	}
}
