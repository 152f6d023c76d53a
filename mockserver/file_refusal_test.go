package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Each kind of bad input about files has its own sentence of refusal, and the files stay as they were.
func TestBadRequestsForFilesAreRefusedAndLoseNothing(t *testing.T) {
	t.Parallel()
	const limit = 3_000
	mock := startRetrying(t, func(o *mockserver.Options) { o.BodyLimit = limit })
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "bad-files"})
	elsewhere := mock.NewClinic(t, clinic.Settings{AccountCode: "bad-files-elsewhere"})
	_, token := userWithoutCards(t, c, "pat")
	other, another := userWithoutCards(t, c, "sam")
	_, foreign := userWithoutCards(t, elsewhere, "pat")
	file := "/files/" + uploaded(t, c.BaseURL, token, named("filename=a", []byte("x")))["id"].(string)
	const (
		notOwn   = "this token may only see and change the files of its own user"
		noFile   = "the clinic has no file with this id"
		required = "file is required: send it as a file of multipart/form-data"
		badName  = "name must be 1 to 255 characters, without slashes, backslashes and control characters"
		badKind  = "meta.category must be intake_attachment, user_consent, user_avatar or user_document"
	)
	name, scan := formBody(fields{{"name", "b"}}), []byte("scan")
	for what, tc := range map[string]struct {
		method, path string
		body         body
		as           string
		status       int
		message      string
	}{
		"nothing to store": {"POST", "/files", noBody, token, 400, required},
		"a file in JSON": {"POST", "/files", jsonBody(`{"meta": {"category": "user_avatar"}}`),
			token, 400, required},
		"a file as JSON's text": {"POST", "/files", jsonBody(`{"file": "c2Nhbg=="}`),
			token, 400, "file must be a file: send it as one, in multipart/form-data"},
		"a file as text": {"POST", "/files", multipartBody(fields{{"file", "scan"}}),
			token, 400, "file must be a file, not text"},
		"a file as an empty text": {"POST", "/files", multipartBody(fields{{"file", ""}}),
			token, 400, "file must not be empty"},
		"an empty file":  {"POST", "/files", named("filename=a", nil), token, 400, "file must not be empty"},
		"no chosen file": {"POST", "/files", named(`filename=""`, nil), token, 400, required},
		"two files": {"POST", "/files", withFiles(nil, upload{"file", scan}, upload{"file", scan}),
			token, 400, "file is sent more than once"},
		"a long name": {"POST", "/files", named(`filename="`+strings.Repeat("é", 256)+`"`, scan),
			token, 400, "file must have a name of at most 255 characters"},
		"a name in another charset": {"POST", "/files", named(`filename="`+"\xe9"+`"`, scan),
			token, 400, "file must have a name in UTF-8"},
		"a large file": {"POST", "/files", named("filename=a", make([]byte, clinic.MaxFile+1)),
			token, 400, "file must be at most 4194304 bytes"},
		"a larger body": {"POST", "/files", named("filename=a", make([]byte, clinic.MaxFile+limit)),
			token, 413, fmt.Sprintf("the body is larger than the limit of %d bytes: %d, and %d for each of its files",
				clinic.MaxFile+limit, limit, clinic.MaxFile)},
		"an unknown category": {"POST", "/files", named("filename=a", scan, [2]string{"meta.category", "card"}),
			token, 400, badKind},
		"the mistyped field": {"POST", "/files", withFiles(nil, upload{"flie", scan}),
			token, 400, "flie is not a field of this request (did you mean file?)"},
		"storing without a token": {"POST", "/files", named("filename=a", scan),
			"", 401, "X-ApiToken is required"},
		"putting":         {"PUT", "/files", noBody, token, 405, "this path takes GET, POST"},
		"patching a file": {"PATCH", file, name, token, 405, "this path takes DELETE, GET, POST"},
		"deleting at the link": {"DELETE", strings.Replace(file, "/files/", "/files/view/", 1), noBody,
			token, 405, "this path takes GET"},

		"no name":                 {"POST", file, noBody, token, 400, "name is required"},
		"an empty name":           {"POST", file, formBody(fields{{"name", ""}}), token, 400, badName},
		"a folder in the name":    {"POST", file, formBody(fields{{"name", "../a"}}), token, 400, badName},
		"a backslash in the name": {"POST", file, formBody(fields{{"name", `a\b`}}), token, 400, badName},
		"a line end in the name":  {"POST", file, formBody(fields{{"name", "a\r\nb"}}), token, 400, badName},
		"a name that is too long": {"POST", file, formBody(fields{{"name", strings.Repeat("é", 256)}}),
			token, 400, badName},
		"a name as a list":         {"POST", file, jsonBody(`{"name": ["a"]}`), token, 400, badName},
		"renaming by another":      {"POST", file, name, another, 403, notOwn},
		"renaming by a foreigner":  {"POST", file, name, foreign, 404, noFile},
		"renaming the unknown":     {"POST", "/files/1", name, token, 404, noFile},
		"renaming without a token": {"POST", file, name, "", 401, "X-ApiToken is required"},
		"deleting by another":      {"DELETE", file, noBody, another, 403, notOwn},
		"deleting by a foreigner":  {"DELETE", file, noBody, elsewhere.AdminToken, 404, noFile},
		"deleting the unknown":     {"DELETE", "/files/view", noBody, token, 404, noFile},
		"deleting with no token":   {"DELETE", file, noBody, "", 401, "X-ApiToken is required"},
		"reading by another":       {"GET", file, noBody, another, 403, notOwn},
		"reading by a foreigner":   {"GET", file, noBody, foreign, 404, noFile},
		"reading the unknown":      {"GET", "/files/1", noBody, token, 404, noFile},
		"another's list":           {"GET", "/files?target_id=" + other, noBody, token, 403, notOwn},
		"an unknown user's list": {"GET", "/files?target_id=1", noBody,
			c.AdminToken, 404, "the clinic has no user with this id"},
		"an unknown target": {"GET", "/files?target_type=room", noBody,
			token, 400, "target_type must be user or visit"},
		"a visit without an id": {"GET", "/files?target_type=visit", noBody,
			token, 400, "target_id is required with the target_type visit: send the id of a visit"},
		"an unknown filter": {"GET", "/files?category_type=card", noBody,
			token, 400, strings.Replace(badKind, "meta.category", "category_type", 1)},
		"a strange boolean": {"GET", "/files?include_shared=yes", noBody,
			token, 400, "include_shared must be 0, 1, false or true"},
		"too large a page": {"GET", "/files?limit=101", noBody,
			token, 400, "limit must be a whole number from 1 to 100"},
		"listing without a token": {"GET", "/files", noBody, "", 401, "X-ApiToken is required"},
	} {
		auth := func(*http.Request) {}
		if tc.as != "" {
			auth = byToken(tc.as)
		}
		if got := send(t, tc.method, c.BaseURL+tc.path, tc.body, auth).message(t, tc.status); got != tc.message {
			t.Errorf("%s: %s", what, got)
		}
	}
	left := get(t, c.BaseURL+"/files", byToken(token)).at(t, "data").([]any)
	if len(left) != 1 || left[0].(map[string]any)["name"] != "a" {
		t.Errorf("the files are %v", left)
	}
}

// Two clinics with the same seed and the same users share no file: no id, no link, no list.
func TestTwoClinicsShareNoFile(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	type tenant struct{ base, account, admin, token, id, link, data string }
	var tenants []tenant
	for _, account := range []string{"one", "two"} {
		c := mock.NewClinic(t, clinic.Settings{AccountCode: account, Seed: 7,
			Clock: clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true}})
		_, token := userWithoutCards(t, c, "pat")
		file := uploaded(t, c.BaseURL, token, named("filename=a", []byte("of "+account)))
		tenants = append(tenants, tenant{c.BaseURL, account, c.AdminToken, token, file["id"].(string),
			file["fullpath"].(string), "of " + account})
	}
	if tenants[0].id == tenants[1].id {
		t.Errorf("both have the id %s", tenants[0].id)
	}
	for i, own := range tenants {
		theirs := tenants[1-i]
		_, query, _ := strings.Cut(own.link, "?")
		path := own.base + "/files/" + theirs.id
		for what, got := range map[string]reply{
			"by a patient":                   get(t, path, byToken(own.token)),
			"by the admin":                   get(t, path, byToken(own.admin)),
			"by the link, at another clinic": get(t, theirs.link, with("X-AccountCode", own.account)),
			"by the link, at another host":   get(t, theirs.link, withHost("api-"+own.account+".localhost")),
			"renamed":                        post(t, path, formBody(fields{{"name", "b"}}), byToken(own.admin)),
			"deleted":                        send(t, http.MethodDelete, path, noBody, byToken(own.admin)),
			"on a card": post(t, own.base+"/me", formBody(fields{{"insurance.carrier", "car7556"},
				{"insurance.card_front", theirs.id}}), byToken(own.token)),
			"by the own code": get(t, own.base+"/files/view/"+theirs.id+"?"+query),
		} {
			want := 404
			switch what {
			case "on a card":
				want = 400
			case "by the own code":
				want = 403
			}
			if got.status != want {
				t.Errorf("%s: %d %s", what, got.status, got.body)
			}
		}
		list := get(t, own.base+"/files", byToken(own.token)).at(t, "data").([]any)
		if len(list) != 1 || list[0].(map[string]any)["id"] != own.id {
			t.Errorf("the files of %s are %v", own.account, list)
		}
		if diff := cmp.Diff(own.data, string(get(t, own.link).body)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	send(t, http.MethodDelete, mock.URL+"/_mock/clinics/one", noBody)
	if got := get(t, tenants[0].link).message(t, 404); got != "there is no file with this id" {
		t.Errorf("after the clinic was deleted: %s", got)
	}
}
