package mockserver_test

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// named returns a multipart body of a file with a name, in a part with the header that a client makes.
func named(filename string, data []byte, f ...[2]string) body {
	b := withFiles(f, upload{"file", data})
	b.data = bytes.Replace(b.data, []byte(`filename="card.txt"`), []byte(filename), 1)
	return b
}

// uploaded stores a file of a user, and returns it as its reply shows it.
func uploaded(t testing.TB, base, token string, b body) map[string]any {
	t.Helper()
	return post(t, base+"/files", b, byToken(token)).at(t, "data").(map[string]any)
}

func fileClinic(t testing.TB, account string) (*mocktest.Mock, *mocktest.Clinic) {
	t.Helper()
	mock := startRetrying(t)
	return mock, mock.NewClinic(t, clinic.Settings{AccountCode: account,
		Clock: clinic.ClockSettings{Start: time.Unix(1578488144, 0), Frozen: true}})
}

// The five operations reply as VSee's samples do, but for ids, codes and the host.
func TestAFileIsStoredListedRenamedServedAndDeleted(t *testing.T) {
	t.Parallel()
	mock, c := fileClinic(t, "files")
	r := signOn(t, c, fields{{"first_name", "Nora"}, {"last_name", "Lind"}, {"code", "nora"},
		{"email", "nora@example.com"}})
	id, token := r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
	base := mock.URL + "/vc/stable/api_v3"
	sent := picture(t, "png", 3)
	file := uploaded(t, base, token, named(`filename="p878984.PNG"`, sent, [2]string{"meta.category", "user_document"}))
	fileID, link := file["id"].(string), file["fullpath"].(string)
	if !strings.HasPrefix(fileID, "5e15d150-") ||
		!strings.HasPrefix(link, mock.URL+"/vc/stable/files/view/"+fileID+"?auth_code=") ||
		!strings.HasSuffix(link, "&time=1578488144") {
		t.Errorf("id %s, fullpath %s", fileID, link)
	}
	common := map[string]any{"id": fileID, "name": "p878984.PNG", "size": float64(len(sent)), "ext": "png",
		"fullpath": link}
	meta := map[string]any{"category": "user_document", "target": map[string]any{"id": id, "type": "user"},
		"account": map[string]any{"code": "files"}}
	shows := func(what string, got any, more map[string]any) {
		t.Helper()
		want := map[string]any{}
		for _, some := range []map[string]any{common, more} {
			for name, value := range some {
				want[name] = value
			}
		}
		if diff := cmp.Diff(any(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	shows("stored", file, map[string]any{"meta": meta, "creator": map[string]any{
		"id": id, "username": "nora@example.com", "email": "nora@example.com", "full_name": "Nora Lind",
	}})
	shows("listed", get(t, base+"/files.json", byToken(token)).at(t, "data").([]any)[0],
		map[string]any{"creator": map[string]any{"username": "nora@example.com", "type": 200.0, "full_name": "Nora Lind"},
			"is_deletable": true, "created": 1578488144.0})
	c.Advance(t, time.Minute)
	renamed := post(t, base+"/files/"+fileID+".json", formBody(fields{{"name", "scan"}}),
		byToken(token)).at(t, "data").(map[string]any)
	if renamed["fullpath"] == link || get(t, renamed["fullpath"].(string)).status != 200 {
		t.Errorf("a minute later the link is %v", renamed["fullpath"])
	}
	common["name"], common["ext"], common["fullpath"] = "scan", "", renamed["fullpath"]
	shows("renamed", renamed, map[string]any{"meta": meta, "created": 1578488144.0})
	for _, at := range []string{link, base + "/files/" + fileID} {
		got := get(t, at, byToken(token))
		if got.status != 200 || !bytes.Equal(got.body, sent) || got.header.Get("Content-Type") != "image/png" ||
			got.header.Get("Content-Disposition") != "inline; filename=scan" {
			t.Errorf("%d %v", got.status, got.header)
		}
	}
	gone := send(t, http.MethodDelete, base+"/files/"+fileID, noBody, byToken(token))
	if string(gone.body) != `{"data":true}`+"\n" || get(t, link).status != 404 {
		t.Errorf("deleted: %s, then %d", gone.body, get(t, link).status)
	}
}

// Each header and body form does for the operations with a body.
func TestFilesAreSentInEachForm(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "forms")
	_, token := userWithoutCards(t, c, "pat")
	multi := named(`filename="a.gif"`, picture(t, "gif", 1), [2]string{"meta[category]", "user_avatar"})
	object := named(`filename="a.gif"`, picture(t, "gif", 1), [2]string{"meta", `{"category": "user_avatar"}`})
	const urlencoded = "application/x-www-form-urlencoded"
	parameters := strings.TrimPrefix(multi.contentType, "multipart/form-data")
	double := strings.Replace(multi.contentType, "boundary=", "boundary=X; boundary=", 1)
	for what, tc := range map[string]struct {
		b       body
		options func(*http.Request)
	}{
		"token alone":           {multi, byToken(token)},
		"all four headers":      {multi, both(byToken(token), byKey(c))},
		"two boundaries":        {body{double, multi.data}, byToken(token)},
		"a form type":           {body{urlencoded + parameters, multi.data}, byToken(token)},
		"an object in the form": {object, byToken(token)},
	} {
		file := post(t, c.BaseURL+"/files", tc.b, tc.options).at(t, "data").(map[string]any)
		if file["meta"].(map[string]any)["category"] != "user_avatar" {
			t.Errorf("%s: %v", what, file)
		}
		for how, b := range map[string]body{
			"multipart": multipartBody(fields{{"name", "new"}}), "urlencoded": formBody(fields{{"name", "new"}}),
			"JSON": jsonBody(`{"name": "new"}`), "a number": jsonBody(`{"name": 7}`),
			"a form type for multipart": {urlencoded + "; boundary=x", inBoundary(fields{{"name", "new"}}, "x")},
		} {
			path := c.BaseURL + "/files/" + file["id"].(string)
			if name := post(t, path, b, tc.options).at(t, "data", "name"); name != "new" && name != "7" {
				t.Errorf("%s: the name is %v", how, name)
			}
		}
	}
	uncategorized := uploaded(t, c.BaseURL, token, named(`filename=a`, []byte("x"), [2]string{"meta.category", ""}))
	if category, sent := uncategorized["meta"].(map[string]any)["category"]; sent {
		t.Errorf("an empty category is %v", category)
	}
}

// A file keeps its name, whatever characters are in it, without folders and control characters.
func TestAFileHasAnyName(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "names")
	_, token := userWithoutCards(t, c, "pat")
	long := strings.Repeat("é", 251) + ".png"
	for filename, want := range map[string][2]string{
		`filename="a b.TXT"`:                           {"a b.TXT", "txt"},
		`filename="a\"b.png"`:                          {`a"b.png`, "png"},
		`filename="Röntgen 日本.png"`:                    {"Röntgen 日本.png", "png"},
		`filename*=UTF-8''R%C3%B6ntgen.png`:            {"Röntgen.png", "png"},
		`filename="../../etc/passwd"`:                  {"passwd", ""},
		`filename="C:\pictures\card.jpg"`:              {"card.jpg", "jpg"},
		`filename*=UTF-8''a%0D%0AX-Evil%3A%201%00.png`: {"aX-Evil: 1.png", "png"},
		`filename=""`:                                  {"file.png", "png"},
		`filename=".."`:                                {"file.png", "png"},
		`filename="folder/"`:                           {"file.png", "png"},
		`filename="<script>.html"`:                     {"<script>.html", "html"},
		`filename="` + long + `"`:                      {long, "png"},
	} {
		file := uploaded(t, c.BaseURL, token, named(filename, picture(t, "png", 1)))
		served := get(t, file["fullpath"].(string))
		_, parameters, err := mime.ParseMediaType(served.header.Get("Content-Disposition"))
		if file["name"] != want[0] || file["ext"] != want[1] || err != nil || parameters["filename"] != want[0] ||
			len(served.header["X-Evil"]) > 0 {
			t.Errorf("%s is %v with the extension %v, served with %v", filename, file["name"], file["ext"], served.header)
		}
	}
	plain := uploaded(t, c.BaseURL, token, named(`filename=""`, []byte("text")))
	if plain["name"] != "file" {
		t.Errorf("a text without a name is %v", plain["name"])
	}
}

// The list shows the owner's own files, newest first, in pages. Others are shown as VSee says.
func TestFilesAreListedForTheirOwner(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "lists")
	id, token := userWithoutCards(t, c, "pat")
	provider := fields{{"first_name", "Paul"}, {"last_name", "Mercer"}, {"code", "paul"}, {"type", "400"}}
	doctor := signOn(t, c, provider).at(t, "data", "token", "token").(string)
	for n, category := range []string{"user_document", "user_avatar", "intake_attachment", "", "user_document"} {
		uploaded(t, c.BaseURL, token, named(fmt.Sprintf("filename=%d", n), []byte("x"),
			[2]string{"meta.category", category}))
	}
	uploaded(t, c.BaseURL, doctor, named("filename=p", []byte("x"), [2]string{"meta.category", "user_document"}))
	card := post(t, c.BaseURL+cardsPath+"/primary", withFiles(fields{{"insurer_code", "car7556"}},
		upload{"card_front", picture(t, "png", 1)}), byToken(token))
	if card.status != 200 {
		t.Fatalf("%s", card.body)
	}
	for _, tc := range []struct{ as, query, want string }{
		{token, "", "card.txt 4+ 3 1 0+"},
		{token, "?target_id=", "card.txt 4+ 3 1 0+"},
		{token, "?target_id=-&target_type=user&include_shared=true", "card.txt 4+ 3 1 0+"},
		{token, "?target_id=" + id + "&category_type=user_document", "4+ 0+"},
		{token, "?category_type=intake_attachment", ""},
		{token, "?start=1&limit=2", "4+ 3"},
		{token, "?start=99", ""},
		{token, "?target_type=visit&target_id=" + walkIn(t, c, token), ""},
		{c.AdminToken, "?target_id=" + id, "card.txt 4 3 1 0"},
		{c.AdminToken, "", ""},
		{doctor, "?target_id=" + id, "4 0"},
		{doctor, "", "p+"},
	} {
		var names []string
		for _, row := range get(t, c.BaseURL+"/files"+tc.query, byToken(tc.as)).at(t, "data").([]any) {
			name := row.(map[string]any)["name"].(string)
			if row.(map[string]any)["is_deletable"] == true {
				name += "+"
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.query, got, tc.want)
		}
	}
}

// A file uploaded first may be the image of a card, and stays when the card goes. A deleted file is on no card.
func TestAnUploadedFileCanBeTheImageOfACard(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "cards")
	_, token := userWithoutCards(t, c, "pat")
	me := func(f fields) reply { return post(t, c.BaseURL+"/me", formBody(f), byToken(token)) }
	page := uploaded(t, c.BaseURL, token, named("filename=a.pdf", []byte("%PDF-1.7")))["id"].(string)
	if got := me(fields{{"insurance.carrier", "car7556"}, {"insurance.card_front", page}}).message(t,
		400); !strings.HasPrefix(got, "insurance.card_front must be a file, or the id of an image") {
		t.Errorf("a PDF: %s", got)
	}
	file := uploaded(t, c.BaseURL, token, named("filename=a.png", picture(t, "png", 1)))
	id := file["id"].(string)
	me(fields{{"insurance.carrier", "car7556"}, {"insurance.card_front", id}, {"insurance.card_back", id}})
	shown := func() any { return cards(t, get(t, c.BaseURL+cardsPath, byToken(token)))[0]["card_front"] }
	if got, _ := shown().(map[string]any); got["id"] != id || get(t, got["fullpath"].(string)).status != 200 {
		t.Errorf("the card shows %v", got)
	}
	me(fields{{"insurance.primary_carrier_code", ""}})
	if got := get(t, file["fullpath"].(string)); got.status != 200 {
		t.Errorf("without its card the file is answered %d", got.status)
	}
	me(fields{{"insurance.carrier", "car7556"}, {"insurance.card_front", id}})
	send(t, http.MethodDelete, c.BaseURL+"/files/"+id, noBody, byToken(token))
	if got := shown(); got != nil {
		t.Errorf("the card shows a deleted file: %v", got)
	}
}
