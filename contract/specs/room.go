package specs

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func roomSpecs(l *list) {
	publicRoomSpecs(l)
	newRoomSpecs(l)
	roomProviderSpecs(l)
	assignSpecs(l)
	badRoomSpecs(l)
}

var (
	// roomCode is the form of a code that VSee has made (documented).
	roomCode = regexp.MustCompile(`^[a-z0-9]{5}$`)
	// isAddress is the form of the address of a summary: outside the API (documented).
	isAddress = regexp.MustCompile(`^https?://[^/]+/visits/exports/[0-9a-f]{32}$`)
)

// publicRoomSpecs cover the rooms that anybody may read.
func publicRoomSpecs(l *list) {
	l.addSafe(documented, "ROOM-001", "getRoom",
		"Each room of listRooms is the one that getRoom shows, without a token", func(t *trial) {
			list := t.Send(t.byVisitor(engine.Get("/rooms")))
			list.NeedText("/data/0/code")
			for i, code := range list.Column("/data", "code")[:min(3, len(list.List("/data")))] {
				code, _ := code.(string)
				r := t.Send(t.byVisitor(engine.Get("/rooms/" + url.PathEscape(code))))
				for _, name := range []string{"code", "slug", "name", "domain", "created", "modified"} {
					r.Value("/data/"+name).Same(list.Value("/data/"+strconv.Itoa(i)+"/"+name), name+" must be the one in the list")
				}
			}
		})
	l.addSafe(documented, "ROOM-002", "getRoom", "getRoom finds a room by its slug, too", func(t *trial) {
		list := t.Send(t.byVisitor(engine.Get("/rooms")))
		r := t.Send(t.byVisitor(engine.Get("/rooms/" + list.NeedText("/data/0/slug"))))
		r.Value("/data/code").Same(list.Value("/data/0/code"), "the room must be the one with the slug")
	})
	for _, c := range []struct {
		id, operation, path string
	}{
		{"ROOM-003", "getRoom", ""}, {"ROOM-004", "listRoomProviders", "/providers"},
		{"ROOM-005", "getRoomProvider", "/providers/"},
	} {
		l.add(ours, c.id, c.operation,
			c.operation+" answers a room that the clinic does not have with 404", func(t *trial) {
				other := t.foreign()
				for _, code := range []string{"contract-nowhere", other.room} {
					path := "/rooms/" + code + c.path
					if c.operation == "getRoomProvider" {
						path += other.provider
					}
					t.Send(t.byVisitor(engine.Get(path)).As(result.UnknownID)).Refused()
				}
			})
	}
	l.add(ours, "ROOM-006", "getRoomProvider",
		"getRoomProvider answers a user who is no provider of the room with 404", func(t *trial) {
			path := "/rooms/" + t.room() + "/providers/"
			for _, id := range []string{"1", t.newPatient().ID, t.signOn(providerForm()).ID} {
				t.Send(t.byVisitor(engine.Get(path + id)).As(result.UnknownID)).Refused()
			}
		})
}

// roomWays are the ways of reading a room: by its code, and in the list.
func (t *trial) roomWays(code string) []engine.Way {
	row := func(r reply, pointer string) string {
		return "/data/" + strconv.Itoa(slices.Index(r.Column("/data", "code"), any(code))) + pointer[len("/data"):]
	}
	return []engine.Way{
		{Request: t.byVisitor(engine.Get("/rooms/" + url.PathEscape(code)))},
		{
			Request: t.byVisitor(engine.Get("/rooms")), Pointer: row,
			At: func(r reply, pointer string) any { return r.At(row(r, pointer)) },
		},
	}
}

// newRoomSpecs cover a new room.
func newRoomSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		body      func(form) payload
		code      bool // a code is sent
		evidence  requirement.Evidence
	}{
		{"ROOM-007", "multipart", engine.Multipart, false, documented},
		{"ROOM-008", "JSON", func(f form) payload { return engine.JSON(f.Object(false)) }, true, observed},
		{"ROOM-009", "a urlencoded form", engine.URLEncoded, true, inferred},
	} {
		l.add(c.evidence, c.id, "createRoom",
			"createRoom by "+c.title+" makes a public room with each field that was sent", func(t *trial) {
				f := roomForm().With("name", specialTexts()[0]).With("slug", zeroedText)
				if c.code {
					f = f.And("code", markedCode())
				}
				r := t.Send(t.byAdmin(engine.Post("/rooms", c.body(f))))
				t.ReadBack(r, t.roomWays(r.NeedText("/data/code")), sentTexts(f)...)
				if !c.code {
					r.Value("/data/code").Matches(roomCode, "five lower-case letters or digits", "a code must be made")
				}
				r.Equal("/data/account_code", t.Clinic.AccountCode, "the room must be the clinic's")
				r.Equal("/data/provider_ids", []any{}, "a new room has no provider")
				t.sameRoom(r)
			}, aMock)
	}
	l.add(documented, "ROOM-010", "createRoom",
		"createRoom refuses the slug of another room of the domain, in VSee's words", func(t *trial) {
			f := roomForm()
			first := t.Send(t.byAdmin(roomRequest(f)))
			r := t.Send(t.byAdmin(roomRequest(f.With("name", "Contract room 2"))).As(result.BadField).Tests("/slug"))
			if !r.Refused() {
				return
			}
			r.Equal("/message", "In domain '"+f.Value("domain")+"' slug '"+f.Value("slug")+"' already exists.",
				"the message must be the documented one")
			t.Send(t.byVisitor(engine.Get("/rooms/"+first.NeedText("/data/code")))).Equal("/data/name", f.Value("name"),
				"a refused room must change no other")
			t.Send(t.byAdmin(roomRequest(f.With("domain", "contract-2.example.com")))).Equal("/data/slug", f.Value("slug"),
				"another domain may have the slug")
		}, aMock)
	l.add(documented, "ROOM-011", "listRooms",
		"listRooms returns as many rooms as limit says, page by page", func(t *trial) {
			code := t.Send(t.byAdmin(roomRequest(roomForm()))).NeedText("/data/code")
			for page, want := range []string{t.room(), code} {
				r := t.Send(t.byVisitor(engine.Get("/rooms?limit=1&page=" + strconv.Itoa(page+1))))
				r.Value("/data/*/code", r.Column("/data", "code")).Equal([]any{want}, "the page must have its room alone")
			}
		}, aMock)
}

// sameRoom asserts that a new room is the same in each reply.
func (t *trial) sameRoom(made reply) {
	read := t.do(t.byVisitor(engine.Get("/rooms/" + url.PathEscape(made.NeedText("/data/code")))))
	agree("the room must be the same in each reply", []string{""}, place{in: read, at: "/data"}, place{
		in: made, at: "/data", lacks: []string{"/data/description", "/data/logo_url", "/data/specialties",
			"/data/payment/paymentCurrency"}})
}

// roomRequest returns the request to make a room.
func roomRequest(f form) engine.Request { return engine.Post("/rooms", engine.Multipart(f)) }

// providerForm is a provider without a room.
func providerForm() form {
	return form{{"first_name", "Contract"}, {"last_name", "Patient"}, {"type", "400"}, {"code", engine.Unique()}}
}

// roomProviderSpecs cover the providers of a room.
func roomProviderSpecs(l *list) {
	l.add(observed, "ROOM-012", "listRoomProviders",
		"A provider who signs on with a room is in the list of its providers", func(t *trial) {
			room := t.room()
			t.signOn(providerForm())
			providers := []user{t.newProvider(room), t.doctor()}
			path := "/rooms/" + room + "/providers"
			r := t.Send(t.byVisitor(engine.Get(path)))
			ids := []any{providers[0].ID, providers[1].ID}
			r.Value("/data/*/id", r.Column("/data", "id")).Equal(ids, "the list must have the room's providers alone")
			for i, u := range providers {
				at := "/data/" + strconv.Itoa(i)
				for name, want := range map[string]any{
					"first_name": "Contract", "last_name": "Patient", "photo": nil, "short_bio": false,
				} {
					r.Equal(at+"/"+name, want, name+" must be that of the provider")
				}
				one := t.Send(t.byVisitor(engine.Get(path + "/" + u.ID)))
				agree("the provider must be the same in each reply", []string{""},
					place{in: one, at: "/data"}, place{in: r, at: at},
					place{in: t.do(engine.Get("/me").By(u)), at: "/data", lacks: []string{"/data/status"}})
			}
			t.Send(t.byVisitor(engine.Get("/rooms/"+room))).Equal("/data/provider_ids", ids, "the room must name its providers")
		}, aMock)
}

// assignSpecs cover the rooms of a provider: VSee names the call alone.
func assignSpecs(l *list) {
	for _, c := range []struct {
		id, title, field string
		value            func(codes, ids []string) any
	}{
		{"ROOM-013", "codes in a list", "room_code", func(codes, _ []string) any { return codes }},
		{"ROOM-014", "codes with commas", "room_code", func(codes, _ []string) any { return codes[0] + "," + codes[1] }},
		{"ROOM-015", "ids", "room_id", func(_, ids []string) any { return ids }},
	} {
		l.add(ours, c.id, "assignRooms", "assignRooms adds the rooms named by "+c.title, func(t *trial) {
			first, codes, ids := t.room(), []string{}, []string{}
			u := t.newProvider(first)
			for range 2 {
				r := t.Send(t.byAdmin(roomRequest(roomForm())))
				codes, ids = append(codes, r.NeedText("/data/code")), append(ids, r.NeedText("/data/id"))
			}
			body := engine.JSON(map[string]any{c.field: c.value(codes, ids)})
			r := t.do(t.byAdmin(engine.Post("/users/"+u.ID+"/rooms", body)))
			want := []any{first, codes[0], codes[1]}
			r.Value("/data/*/code", sorted(r.Column("/data", "code"))).Equal(sorted(want), "the provider must have all rooms")
			me := t.Send(engine.Get("/me").By(u))
			me.Value("/data/rooms/*/code", sorted(me.Column("/data/rooms", "code"))).Equal(sorted(want),
				"the provider must have all rooms")
			for _, code := range codes {
				t.Send(t.byVisitor(engine.Get("/rooms/"+code+"/providers"))).Equal("/data/0/id", u.ID,
					"the room must have the provider")
			}
		})
	}
}

// badRoomSpecs cover rooms and assignments that must be refused.
func badRoomSpecs(l *list) {
	for _, c := range []struct {
		id, title, field string
		form             func(t *trial) form
	}{
		{"ROOM-016", "a room without a domain", "domain", func(*trial) form { return roomForm().Without("domain") }},
		{"ROOM-017", "a room without a name", "name", func(*trial) form { return roomForm().Without("name") }},
		{"ROOM-018", "the code of another room", "code", func(t *trial) form { return roomForm().And("code", t.room()) }},
	} {
		l.add(ours, c.id, "createRoom", "createRoom refuses "+c.title, func(t *trial) {
			before := t.Send(t.byVisitor(engine.Get("/rooms")))
			if t.Send(t.byAdmin(roomRequest(c.form(t))).As(result.BadField).Tests("/" + c.field)).Refused() {
				t.Send(t.byVisitor(engine.Get("/rooms"))).Same("/data", before, "a refused request must make no room")
			}
		})
	}
	for _, c := range []struct {
		id, title string
		of        result.Case
		user      func(t *trial) string
		room      string // "" for the first one
	}{
		{"ROOM-019", "an unknown room", result.BadField, func(t *trial) string { return t.signOn(providerForm()).ID },
			"contract-nowhere"},
		{"ROOM-020", "a user who is no provider", result.BadField, func(t *trial) string { return t.newPatient().ID }, ""},
		{"ROOM-021", "an unknown user", result.UnknownID, func(*trial) string { return "1" }, ""},
	} {
		l.add(ours, c.id, "assignRooms", "assignRooms refuses "+c.title, func(t *trial) {
			room := c.room
			if room == "" {
				room = t.room()
			}
			q := engine.Post("/users/"+c.user(t)+"/rooms", engine.JSON(map[string]string{"room_code": room}))
			t.Send(t.byAdmin(q).As(c.of)).Refused()
		})
	}
}
