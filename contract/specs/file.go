package specs

import (
	"bytes"
	"image/png"
	"net/http"
	"regexp"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// viewPath matches the link to a file: outside the API, with a code and a time.
var viewPath = regexp.MustCompile(`^(https?://[^?]*)/files/view/([0-9a-f-]{36}\?auth_code=[0-9a-f]{40}&time=[0-9]+)$`)

// fileSpecs cover files: what is stored of one, its link, its thumbnails, and the decisions of this project.
func fileSpecs(l *list) {
	require := func(id, operation, title string, evidence requirement.Evidence, body func(t *trial, u user)) {
		l.add(evidence, id, operation, title, func(t *trial) {
			body(t, t.newPatient())
		})
	}
	storedFileSpecs(require)
	renamedTextSpecs(require)
	linkSpecs(require)
	decidedFileSpecs(require)
	decidedListSpecs(require)
}

type requireFile = func(id, operation, title string, evidence requirement.Evidence, body func(t *trial, u user))

func storedFileSpecs(require requireFile) {
	require("FILE-001", "uploadFile", "POST /files stores a file with its name, category and owner", documented,
		func(t *trial, _ user) {
			f, _ := reachable(engine.Unique(), "Contract")
			u := t.signOn(f)
			me := t.Send(engine.Get("/me").By(u))
			for _, category := range []string{"user_document", "user_consent", "user_avatar", "intake_attachment"} {
				r := t.Send(uploadFile(u, dotName, category))
				sent(r, [2]string{"/data/name", dotName}, [2]string{"/data/meta/category", category})
				r.Equal("/data/size", len(dot), "size must be the number of bytes that were sent")
				r.Equal("/data/ext", "gif", "ext must be the extension of the name")
				r.Equal("/data/meta/target/type", "user", "the file must belong to a user")
				r.Value("/data/meta/target/id").Own(r.At("/data/meta/target/id") == u.ID, "the target must be the token's owner")
				r.Value("/data/creator/id").Own(r.At("/data/creator/id") == u.ID, "the creator must be the token's owner")
				for _, name := range []string{"username", "email", "full_name"} {
					r.Value("/data/creator/"+name).Same(me.Value("/data/"+name), "the creator must be shown as GET /me shows them")
				}
			}
		})
	require("FILE-002", "listFiles", "GET /files lists the file that was stored", documented, func(t *trial, u user) {
		id, stored := t.uploaded(u)
		renamed := t.do(engine.Post("/files/"+id, engine.Multipart(form{{"name", dotName}})).By(u))
		r := t.Send(filesOf(u))
		r.Value("/data/*", len(r.List("/data"))).Equal(1, "the list must have the one file that was stored")
		agree("the file must be the same in each reply", []string{""}, place{in: r, at: "/data/0"},
			place{in: renamed, at: "/data"}, place{in: stored, at: "/data"})
		r.Equal("/data/0/creator/type", 200, "the creator must be a patient")
	})
	require("FILE-003", "listFiles", "GET /files filters by category_type", documented, func(t *trial, u user) {
		t.do(uploadFile(u, "contract-avatar.gif", "user_avatar"))
		t.uploaded(u)
		q := filesOf(u)
		for category, name := range map[string]string{"user_avatar": "contract-avatar.gif", userDocument: dotName} {
			q.Path = "/files?target_type=user&category_type=" + category
			r := t.Send(q)
			r.Value("/data/*", len(r.List("/data"))).Equal(1, "the list must have the files of the category alone")
			r.Equal("/data/0/name", name, "the file must be of the category")
		}
	})
	require("FILE-004", "renameFile", "POST /files/{file_id} changes the name of a file and nothing else", documented,
		func(t *trial, u user) {
			id, stored := t.uploaded(u)
			for _, in := range []func(form) payload{engine.Multipart, engine.URLEncoded} {
				name := engine.Unique() + ".gif"
				r := t.do(engine.Post("/files/"+id, in(form{{"name", name}})).By(u))
				t.ReadBack(r, fileWays(u), named(name))
				for _, at := range []string{"/data/id", "/data/size", "/data/ext", "/data/meta"} {
					r.Same(at, stored, "a new name must change nothing else")
				}
			}
		})
	require("FILE-005", "deleteFile", "DELETE /files/{file_id} deletes a file", documented, func(t *trial, u user) {
		id, stored := t.uploaded(u)
		t.Send(engine.Delete("/files/"+id).By(u)).Equal("/data", true, "the reply must say that the file is deleted")
		r := t.Send(filesOf(u))
		r.Value("/data/*", len(r.List("/data"))).Equal(0, "the list must not have a deleted file")
		t.Send(linked(stored, "/data/fullpath").As(result.UnknownID)).Refused()
	})
}

// fileWays are the ways of reading the one file of a user.
func fileWays(u user) []engine.Way {
	row := func(_ reply, pointer string) string { return strings.Replace(pointer, "/data", "/data/0", 1) }
	return []engine.Way{{
		Request: filesOf(u), Pointer: row, At: func(r reply, pointer string) any { return r.At(row(r, pointer)) },
	}}
}

// named is the name of a file that was sent.
func named(name string) engine.Field {
	return engine.Field{Pointer: "/data/name", Want: name, Rule: "the name must be as sent"}
}

// renamedTextSpecs cover the names of files that servers damage.
func renamedTextSpecs(require requireFile) {
	require("FILE-018", "renameFile", "POST /files/{file_id} keeps the characters of a name in each encoding", inferred,
		func(t *trial, u user) {
			id, _ := t.uploaded(u)
			for _, name := range []string{accentedText, markedText, plusText, zeroedText, doubleText, paddedText,
				strings.Repeat("Contract ", 20) + "2"} {
				f := form{{"name", name}}
				for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(f), engine.JSON(f.Object(false))} {
					t.ReadBack(t.Send(engine.Post("/files/"+id, body).By(u)), fileWays(u), named(name))
				}
			}
		})
}

func linkSpecs(require requireFile) {
	require("FILE-006", "getFile", "The fullpath of a file leads to its bytes, without a token", documented,
		func(t *trial, u user) {
			_, stored := t.uploaded(u)
			link := viewPath.FindStringSubmatch(stored.NeedText("/data/fullpath"))
			stored.Need(link != nil, "/data/fullpath", "the link must have an auth_code and a time, outside the API")
			q := engine.Get("/files/view/" + link[2])
			q.Root = link[1]
			showsDot(t.Send(q))
		})
	require("FILE-007", "getFile", "GET /files/{file_id} with a size shows an image as a PNG", documented,
		func(t *trial, u user) {
			_, stored := t.uploaded(u)
			q := linked(stored, "/data/fullpath")
			q.Path += "&size=320x240"
			r := t.Send(q)
			r.Value("", r.Header.Get("Content-Type")).Equal("image/png", "the media type must be that of a PNG")
			_, err := png.DecodeConfig(bytes.NewReader(r.Body))
			r.Value("").Holds(err == nil, "a PNG", "other bytes", "the bytes must be those of a PNG")
		})
	require("FILE-008", "getFile", "GET /files/{file_id} refuses a wrong or missing auth_code, and another time", ours,
		func(t *trial, u user) {
			_, stored := t.uploaded(u)
			q := linked(stored, "/data/fullpath")
			showsDot(t.Send(q)) // a wrong code is refused also after the right one
			path, query, _ := strings.Cut(q.Path, "?")
			code, at, _ := strings.Cut(query, "&")
			for _, query := range []string{"", "?" + at, "?" + code, "?" + code + "&time=1",
				"?auth_code=" + dotName + "&" + at} {
				q.Path = path + query
				t.Send(q.As(result.OtherUser)).Refused()
			}
		})
	require("FILE-009", "getFile",
		"GET /files/{file_id} takes the token of the owner or the admin in place of an auth_code",
		ours, func(t *trial, u user) {
			id, _ := t.uploaded(u)
			q := engine.Get("/files/" + id)
			showsDot(t.Send(q.By(u)))
			showsDot(t.Send(t.byAdmin(q)))
			t.Send(q.Token("00000000000000000000000000000000").As(result.WrongToken)).Refused()
			t.Send(q.By(t.newPatient()).As(result.OtherUser)).Refused()
		})
}

func decidedFileSpecs(require requireFile) {
	require("FILE-010", "uploadFile", "POST /files refuses a request without a file, and an unknown category", ours,
		func(t *trial, u user) {
			for _, c := range []struct {
				field string
				body  payload
			}{
				{"/file", engine.Multipart(form{{"meta.category", userDocument}})},
				{"/file", engine.JSON(map[string]any{"meta": map[string]string{"category": userDocument}})},
				{"/file", withFiles(nil, dotName)},
				{"/file", engine.Multipart(form{{"file", "text"}})},
				{"/meta/category", withFiles(form{{"meta.category", "contract"}}, dotName, "file")},
			} {
				t.Send(engine.Post("/files", c.body).By(u).As(result.BadField).Tests(c.field)).Refused()
			}
		})
	require("FILE-011", "renameFile", "POST /files/{file_id} refuses a name that is none", ours, func(t *trial, u user) {
		id, _ := t.uploaded(u)
		for _, f := range []form{
			nil, {{"name", ""}}, {{"name", "a/b"}}, {{"name", `a\b`}}, {{"name", strings.Repeat("é", 256)}},
		} {
			t.Send(engine.Post("/files/"+id, engine.Multipart(f)).By(u).As(result.BadField).Tests("/name")).Refused()
		}
		t.Send(filesOf(u)).Equal("/data/0/name", dotName, "the name must be the one from before")
	})
	require("FILE-012", "getFile", "GET /files/{file_id} refuses a size that is none", ours, func(t *trial, u user) {
		_, stored := t.uploaded(u)
		for _, size := range []string{"320", "0x240", "320x240x1", "10000x1"} {
			q := linked(stored, "/data/fullpath")
			q.Path += "&size=" + size
			t.Send(q.As(result.BadField).Tests("/size")).Refused()
		}
	})
}

// decidedListSpecs cover unknown files and users, and the lists of files.
func decidedListSpecs(require requireFile) {
	for _, c := range []struct{ id, operation, method, title string }{
		{"FILE-013", "renameFile", http.MethodPost, "POST /files/{file_id} answers an unknown file with 404"},
		{"FILE-014", "deleteFile", http.MethodDelete, "DELETE /files/{file_id} answers an unknown file with 404"},
	} {
		require(c.id, c.operation, c.title, ours, func(t *trial, u user) {
			q := engine.Post("/files/"+engine.Unique(), engine.Multipart(form{{"name", dotName}}))
			if c.method == http.MethodDelete {
				q = engine.Delete(q.Path)
			}
			t.Send(q.By(u).As(result.UnknownID)).Refused()
		})
	}
	require("FILE-015", "listFiles", "GET /files says that a user_document of the owner can be deleted", ours,
		func(t *trial, u user) {
			t.do(uploadFile(u, "contract-avatar.gif", "user_avatar"))
			t.uploaded(u)
			r := t.Send(filesOf(u))
			r.Equal("/data/0/is_deletable", true, "a user_document of the token's owner can be deleted")
			r.Equal("/data/1/is_deletable", false, "any other file is not said to be deletable")
		})
	require("FILE-016", "listFiles", "GET /files pages its list, newest first", ours, func(t *trial, u user) {
		for _, name := range []string{"contract-1.gif", "contract-2.gif", "contract-3.gif"} {
			t.do(uploadFile(u, name, userDocument))
		}
		q := filesOf(u)
		q.Path += "&start=1&limit=1&include_shared=true"
		r := t.Send(q)
		r.Value("/data/*", len(r.List("/data"))).Equal(1, "a page of one has one file")
		r.Equal("/data/0/name", "contract-2.gif", "the newest file must come first")
		q.Path += "&target_type=visit"
		t.Send(q.As(result.UnknownID)).Refused() // the id of a user is that of no visit
	})
	require("FILE-019", "listFiles", "GET /files answers an unknown user with 404", ours, func(t *trial, _ user) {
		t.Send(t.byAdmin(engine.Get("/files?target_id=999999999")).As(result.UnknownID)).Refused()
	})
	require("FILE-017", "uploadFile", "POST /files keeps the characters of a name", inferred, func(t *trial, u user) {
		for _, name := range []string{"contract é 日本.gif", `contract "a".gif`, "contract+a%20b.gif"} {
			sent(t.Send(uploadFile(u, name, userDocument)), [2]string{"/data/name", name})
		}
	})
}
