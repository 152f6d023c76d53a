package specs

import (
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// room returns the code of the clinic's first room. Without one, the requirement is blocked.
func (t *trial) room() string {
	return t.Send(t.byVisitor(engine.Get("/rooms"))).NeedText("/data/0/code")
}

// newProvider signs a provider on who is assigned to a room.
func (t *trial) newProvider(room string) user {
	return t.signOn(providerForm().And("room_code", room))
}

// roomProvider returns the path of a provider of the clinic's first room, and their id. A provider is made on a mock
// alone: elsewhere one must be there.
func (t *trial) roomProvider() (path, id string) {
	list := "/rooms/" + t.room() + "/providers"
	if t.IsMock() {
		t.newProvider(t.room())
	}
	r := t.Send(t.byVisitor(engine.Get(list)))
	if r.Trusted() && len(r.List("/data")) == 0 {
		t.NotTestable("the clinic's first room has no provider")
	}
	id = r.NeedText("/data/0/id")
	return list + "/" + id, id
}

// roomCalls are the sample calls of the operations on rooms. Rooms and their providers are public, and nothing can
// delete them: they are made on a mock alone.
func roomCalls() map[string]sampleCall {
	mock := []need{aMock}
	return map[string]sampleCall{
		"listRooms":         {call: callListRooms},
		"createRoom":        {callCreateRoom, mock},
		"getRoom":           {call: callGetRoom},
		"listRoomProviders": {call: callListRoomProviders},
		"getRoomProvider":   {call: callGetRoomProvider},
		"assignRooms":       {callAssignRooms, mock},
	}
}

func callListRooms(t *trial) call {
	return once(func() engine.Request { return t.byVisitor(engine.Get("/rooms")) },
		present("/data", "a clinic has rooms"))
}

// roomForm is a new room with a slug of its own.
func roomForm() form {
	slug := strings.ToLower(engine.Unique())
	return form{{"domain", "contract.example.com"}, {"name", "Contract room"}, {"slug", slug}}
}

func callCreateRoom(t *trial) call {
	f := roomForm()
	return once(func() engine.Request { return t.byAdmin(roomRequest(f)) },
		shown("/data/slug", func() any { return f.Value("slug") }, "the slug must be as sent"))
}

func callGetRoom(t *trial) call {
	room := sync.OnceValue(t.room)
	return once(func() engine.Request { return t.byVisitor(engine.Get("/rooms/" + room())) },
		shown("/data/code", func() any { return room() }, "the room must be the one in the path"))
}

func callListRoomProviders(t *trial) call {
	return once(func() engine.Request { return t.byVisitor(engine.Get("/rooms/" + t.room() + "/providers")) },
		func(r reply) { r.Expected() })
}

func callGetRoomProvider(t *trial) call {
	provider := sync.OnceValues(t.roomProvider)
	return once(func() engine.Request { path, _ := provider(); return t.byVisitor(engine.Get(path)) },
		shown("/data/id", func() any { _, id := provider(); return id }, "the provider must be the one in the path"))
}

func callAssignRooms(t *trial) call {
	return once(func() engine.Request {
		u := t.signOn(providerForm())
		return t.byAdmin(engine.Post("/users/"+u.ID+"/rooms", engine.JSON(map[string]string{"room_code": t.room()})))
	}, present("/data", "the provider must have the room"))
}
