package mockserver_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// picture returns an image of one colour, in a format.
func picture(t testing.TB, format string, width int) []byte {
	t.Helper()
	return encoded(t, format, image.NewPaletted(image.Rect(0, 0, width, 1), color.Palette{color.Black}))
}

func encoded(t testing.TB, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, nil)
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "webp": // its head alone: Go writes none
		b.WriteString("RIFF\x1a\x00\x00\x00WEBPVP8L")
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload is a file of a form.
type upload struct {
	name string
	data []byte
}

// withFiles returns a multipart body of fields and files. All parts claim to be text.
func withFiles(f fields, files ...upload) body {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range f {
		_ = w.WriteField(field[0], field[1])
	}
	for _, file := range files {
		part, _ := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf("form-data; name=%q; filename=\"card.txt\"", file.name)},
			"Content-Type":        {"text/plain"},
		})
		_, _ = part.Write(file.data)
	}
	_ = w.Close()
	return body{w.FormDataContentType(), b.Bytes()}
}

// withUnnamed returns a multipart body of a file with an empty name.
func withUnnamed(name string, data []byte) body {
	b := withFiles(nil, upload{name, data})
	b.data = bytes.Replace(b.data, []byte(`filename="card.txt"`), []byte(`filename=""`), 1)
	return b
}

// fullPath returns the link to a card's image.
func fullPath(t testing.TB, card map[string]any, side string) string {
	t.Helper()
	object, _ := card[side].(map[string]any)
	link, _ := object["fullpath"].(string)
	if id, _ := object["id"].(string); id == "" || !strings.Contains(link, "/files/view/"+id+"?auth_code=") ||
		object["is_deletable"] != true || len(object) != 3 {
		t.Fatalf("%s = %v", side, object)
	}
	return link
}

func TestAnImageIsServedAsItWasSent(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "images"})
	for _, format := range []string{"png", "jpeg", "gif", "webp"} {
		_, token := userWithoutCards(t, c, format)
		sent := picture(t, format, 3)
		path := mock.URL + "/vc/stable/api_v3" + cardsPath
		saved := post(t, path+"/primary", withFiles(fields{{"insurer_code", "car7556"}}, upload{"card_front", sent}),
			byToken(token))
		stored := saved.json(t)["data"].(map[string]any)
		at := fullPath(t, stored, "card_front")
		if !strings.HasPrefix(at, mock.URL+"/vc/stable/files/view/") || stored["card_back"] != nil {
			t.Errorf("%s: the card is %v", format, stored)
		}
		got := get(t, at)
		if got.status != 200 || !bytes.Equal(got.body, sent) || got.header.Get("Content-Type") != "image/"+format ||
			got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", format, got.status, got.header)
		}
	}
	for _, entry := range listOf(t, c, "/journal") {
		for _, side := range []string{"request", "reply"} {
			if text := entry[side].(map[string]any)["body"].(string); strings.Contains(text, "PNG") ||
				strings.Contains(text, "RIFF") {
				t.Errorf("the journal has the image: %q", text)
			}
		}
	}
}

// The host is the one the caller used, including the account code in it.
func TestTheURLOfAnImageIsOnTheCallersHost(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "hosted"})
	_, token := userWithoutCards(t, c, "pat")
	r := post(t, c.BaseURL+cardsPath+"/primary",
		withFiles(fields{{"insurer_code", "car7556"}}, upload{"card_back", picture(t, "png", 1)}),
		byToken(token), withHost("api-hosted.localhost:8080"))
	if at := fullPath(t, r.json(t)["data"].(map[string]any),
		"card_back"); !strings.HasPrefix(at, "http://api-hosted.localhost:8080/files/view/") {
		t.Errorf("fullpath = %s", at)
	}
}

func TestAnImageNeedsPermissionToReadItsCard(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "readers"})
	elsewhere := mock.NewClinic(t, clinic.Settings{AccountCode: "elsewhere"})
	_, token := userWithoutCards(t, c, "pat")
	_, another := userWithoutCards(t, c, "sam")
	_, foreign := userWithoutCards(t, elsewhere, "pat")
	r := post(t, c.BaseURL+cardsPath+"/primary",
		withFiles(fields{{"insurer_code", "car7556"}}, upload{"card_front", picture(t, "png", 1)}), byToken(token))
	at := c.BaseURL + "/files/" + r.at(t, "data", "card_front", "id").(string)
	for _, allowed := range []string{token, c.AdminToken} {
		if got := get(t, at, byToken(allowed)); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	for what, tc := range map[string]struct {
		auth    func(*http.Request)
		status  int
		message string
	}{
		"nobody":                  {func(*http.Request) {}, 403, "auth_code and time must be those of the file's fullpath"},
		"another patient":         {byToken(another), 403, "this token may only see and change the files of its own user"},
		"another clinic's":        {byToken(foreign), 404, "the clinic has no file with this id"},
		"another clinic's admin":  {byToken(elsewhere.AdminToken), 404, "the clinic has no file with this id"},
		"a token that is unknown": {byToken(strings.Repeat("0", 32)), 401, "X-ApiToken is not known"},
	} {
		if got := get(t, at, tc.auth).message(t, tc.status); got != tc.message {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// An image goes when it is replaced or removed, and with its card, whichever way the card is deleted.
func TestAnImageGoesWithItsCard(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "gone"})
	me, primary := c.BaseURL+"/me", c.BaseURL+cardsPath+"/primary"
	sso := func(string) reply {
		return post(t, c.BaseURL+"/users/sso", formBody(fields{
			{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "signing on"}, {"insurance.primary_carrier_code", ""},
		}), byKey(c))
	}
	for what, tc := range map[string]struct {
		change func(token string) reply
		stays  bool
	}{
		"an update": {func(token string) reply {
			return post(t, primary, formBody(fields{{"insurer_code", "car7551"}}), byToken(token))
		}, true},
		"an older update": {func(token string) reply {
			return post(t, me, formBody(fields{{"insurance.primary_subscriber_num", "5"}}), byToken(token))
		}, true},
		"the other card": {func(token string) reply {
			return post(t, c.BaseURL+cardsPath+"/import",
				jsonBody(`{"insurances": [{"card_type": "secondary", "insurer_code": "car7556"}]}`), byToken(token))
		}, true},
		"a refused import": {func(token string) reply {
			return post(t, c.BaseURL+cardsPath+"/import",
				jsonBody(`{"insurances": [{"card_type": "primary", "insurer_code": "car7556"}, {"card_type": "secondary", `+
					`"insurer_code": "?"}]}`), byToken(token))
		}, true},
		"a page without a file": {func(token string) reply {
			return post(t, primary, withUnnamed("card_front", nil), byToken(token))
		}, true},
		"another image": {func(token string) reply {
			return post(t, primary, withFiles(nil, upload{"card_front", picture(t, "png", 2)}), byToken(token))
		}, false},
		"another without a name": {func(token string) reply {
			return post(t, primary, withUnnamed("card_front", picture(t, "png", 2)), byToken(token))
		}, false},
		"none": {func(token string) reply {
			return post(t, primary, multipartBody(fields{{"card_front", ""}}), byToken(token))
		}, false},
		"an import": {func(token string) reply {
			return post(t, c.BaseURL+cardsPath+"/import",
				jsonBody(`{"insurances": [{"card_type": "primary", "insurer_code": "car7556"}]}`), byToken(token))
		}, false},
		"a deletion": {func(token string) reply { return send(t, http.MethodDelete, primary, noBody, byToken(token)) },
			false},
		"the older way of deleting": {func(token string) reply {
			return post(t, me, formBody(fields{{"insurance.primary_carrier_code", ""}}), byToken(token))
		}, false},
		"signing on": {sso, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, token := userWithoutCards(t, c, what)
			r := post(t, primary, withFiles(fields{{"insurer_code", "car7556"}}, upload{"card_front", picture(t, "png", 1)}),
				byToken(token))
			at := fullPath(t, r.json(t)["data"].(map[string]any), "card_front")
			changed := tc.change(token)
			want := map[bool]int{true: 200, false: 404}[tc.stays]
			if got := get(t, at, byToken(token)); got.status != want || changed.status != 200 && what != "a refused import" {
				t.Errorf("the image is answered %d, want %d, after %d %s", got.status, want, changed.status, changed.body)
			}
		})
	}
}

// The secondary card's images go in the same ways as the primary's. A change of either card's images leaves the
// other's alone.
func TestTheSecondaryCardsImagesGoWithIt(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "secondary-gone"})
	path := c.BaseURL + cardsPath
	for _, order := range cardOrders() {
		_, token := userWithoutCards(t, c, order)
		images := map[string][]string{}
		for _, saved := range cardOrders() {
			r := post(t, path+"/"+saved, withFiles(fields{{"insurer_code", "car7556"}},
				upload{"card_front", picture(t, "png", 1)}, upload{"card_back", picture(t, "png", 2)}), byToken(token))
			for _, side := range []string{"card_front", "card_back"} {
				images[saved] = append(images[saved], fullPath(t, r.json(t)["data"].(map[string]any), side))
			}
		}
		if r := send(t, http.MethodDelete, path+"/"+order, noBody, byToken(token)); r.status != http.StatusOK {
			t.Fatalf("%d %s", r.status, r.body)
		}
		for of, paths := range images {
			want := map[bool]int{true: 404, false: 200}[of == order]
			for _, image := range paths {
				if got := get(t, image, byToken(token)); got.status != want {
					t.Errorf("the %s card is deleted: an image of the %s is answered %d, want %d", order, of, got.status, want)
				}
			}
		}
	}
}

// An import in multipart has the images of each card.
func TestAnImportHasImages(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "imported"})
	_, token := userWithoutCards(t, c, "pat")
	front, back := picture(t, "png", 1), picture(t, "gif", 1)
	got := cards(t, post(t, c.BaseURL+cardsPath+"/import", withFiles(
		fields{{"insurances", `[{"card_type": "secondary", "insurer_code": "car7556"}, {"card_type": "primary", ` +
			`"insurer_code": "car7556"}]`}},
		upload{"insurances.0.card_front", front}, upload{"insurances__1__card_back", back}), byToken(token)))
	for i, side := range []string{"card_back", "card_front"} {
		if image := get(t, fullPath(t, got[i], side), byToken(token)); !bytes.Equal(image.body, [][]byte{back, front}[i]) {
			t.Errorf("%s: %d", side, image.status)
		}
	}
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if gone := get(t, fullPath(t, got[0], "card_back")).message(t, 404); gone != "there is no file with this id" {
		t.Errorf("after a reset: %s", gone)
	}
}
