package clinic

import (
	"cmp"
	"context"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// FirstRoom is the code of the room that each clinic starts with (ours).
const FirstRoom = "vclinicroom"

// NewRoom is a request to create a room.
type NewRoom struct {
	Domain string
	Name   string
	Code   string // generated when empty
	Slug   string // the code when empty
}

// DefaultDomain returns the domain of a clinic's own rooms.
func DefaultDomain(account string) string { return account + ".vsee.me" }

var errNoRoom = refuse(NotFound, "the clinic has no room with this code")

// createFirstRoom stores the room of an empty clinic.
func createFirstRoom(tx Tx, now time.Time) {
	account := tx.Settings().AccountCode
	tx.PutRoom(newRoom(tx, NewRoom{DefaultDomain(account), "Front room", FirstRoom, "clinic"}, now))
}

// newRoom returns a room with ids.
func newRoom(tx Tx, r NewRoom, now time.Time) visits.Room {
	draw := newIDGenerator(tx)
	room := visits.Room{
		ID:   strconv.FormatUint(firstRoomID+tx.NextCount(roomCounter)-1, 10),
		Code: r.Code, Slug: r.Slug, Name: r.Name, Domain: r.Domain, Created: now, Modified: now,
	}
	for room.Code == "" {
		code := draw.letters(roomCodeCounter, 5)
		if _, taken := tx.Rooms().Get(code); !taken {
			room.Code = code
		}
	}
	room.Slug = cmp.Or(room.Slug, room.Code)
	room.Consultations = []visits.Consultation{
		{ID: draw.uuid("consultation "+room.Code, now), Description: "15-min Consultation", Minutes: 15, Places: 1},
	}
	return room
}

// letters returns the next text of lower-case letters and digits for a subject, up to 32 characters.
func (d idGenerator) letters(subject string, n int) string {
	sum := d.randomBytes(subject, d.tx.NextCount(subject))
	return strings.ToLower(base32.HexEncoding.EncodeToString(sum[:20]))[:n]
}

// CreateRoom makes a room. Only the admin may do so (documented).
func (c *Clinic) CreateRoom(ctx context.Context, token string, r NewRoom) (visits.Room, error) {
	return update(ctx, c, func(tx Tx) (visits.Room, error) {
		if err := c.requireAdmin(tx, token); err != nil {
			return visits.Room{}, err
		}
		if _, taken := tx.Rooms().Get(r.Code); taken {
			return visits.Room{}, refuse(Invalid, "code is the code of another room: choose another one, or leave it out")
		}
		room := newRoom(tx, r, c.clock.Now())
		for _, other := range tx.Rooms().Newest("", tx.Rooms().Len()) {
			if other.Domain == room.Domain && other.Slug == room.Slug {
				return visits.Room{}, refuse(Invalid, "In domain '%s' slug '%s' already exists.", room.Domain, room.Slug)
			}
		}
		if tx.Rooms().Len() >= maxRooms {
			return visits.Room{}, refuse(Invalid, "the clinic must not have more than %d rooms", maxRooms)
		}
		tx.PutRoom(room)
		return room, nil
	})
}

// maxRooms is the number of rooms of a clinic (ours).
const maxRooms = 10_000

// requireAdmin refuses a token of a user other than an admin.
func (c *Clinic) requireAdmin(v View, token string) error {
	caller, err := c.callerByToken(v, token)
	if err == nil && !caller.admin {
		err = refuse(Forbidden, "this needs the clinic's admin token")
	}
	return err
}

// Rooms returns all rooms, oldest first.
func (c *Clinic) Rooms(ctx context.Context) ([]visits.Room, error) {
	return view(ctx, c, func(v View) ([]visits.Room, error) {
		rooms := v.Rooms().Newest("", v.Rooms().Len())
		slices.Reverse(rooms)
		return rooms, nil
	})
}

// Room returns a room by its code or else its slug (ours: the sample of VSee's page uses a slug), and its providers.
func (c *Clinic) Room(ctx context.Context, code string) (visits.Room, []User, error) {
	var providers []User
	room, err := view(ctx, c, func(v View) (visits.Room, error) {
		room, ok := roomByName(v, code)
		if !ok {
			return room, errNoRoom
		}
		providers = providersOf(v, room.Code)
		return room, nil
	})
	return room, providers, err
}

func roomByName(v View, name string) (visits.Room, bool) {
	if room, ok := v.Rooms().Get(name); ok {
		return room, true
	}
	for _, room := range v.Rooms().Newest("", v.Rooms().Len()) {
		if room.Slug == name {
			return room, true
		}
	}
	return visits.Room{}, false
}

// providersOf returns the providers assigned to a room, oldest first.
func providersOf(v View, code string) []User {
	found := v.FindUsers([][]Mark{typeMarks(Provider), {{MarkRoom, code}}}, nil)
	var providers []User
	for n := range found.Len() {
		providers = append(providers, *found.At(n))
	}
	return providers
}

// RoomProvider returns a provider of a room, by the codes of Room.
func (c *Clinic) RoomProvider(ctx context.Context, code, providerID string) (User, error) {
	_, providers, err := c.Room(ctx, code)
	if err != nil {
		return User{}, err
	}
	at := slices.IndexFunc(providers, func(u User) bool { return u.ID == providerID })
	if at < 0 {
		return User{}, refuse(NotFound, "the room has no provider with this id")
	}
	return providers[at], nil
}

// AssignRooms adds rooms to those of a provider, by code or id, and returns all of them. Only the admin may do so (VSee
// names the call alone: the rest is ours).
func (c *Clinic) AssignRooms(ctx context.Context, token, userID string, codes, ids []string) ([]visits.Room, error) {
	return update(ctx, c, func(tx Tx) ([]visits.Room, error) {
		if err := c.requireAdmin(tx, token); err != nil {
			return nil, err
		}
		before, err := c.authorizedUser(tx, token, userID)
		if err != nil {
			return nil, err
		}
		user := *before
		if user.Type != Provider {
			return nil, refuse(Invalid, "the user is no provider (type 400): only a provider has rooms")
		}
		for _, code := range codes {
			if _, ok := tx.Rooms().Get(code); !ok {
				return nil, refuse(Invalid, "room_code is not the code of a room of this clinic: GET /rooms lists them")
			}
		}
		for _, id := range ids {
			room, ok := roomByID(tx, id)
			if !ok {
				return nil, refuse(Invalid, "room_id is not the id of a room of this clinic")
			}
			codes = append(codes, room.Code)
		}
		for _, code := range codes {
			if err := user.assignRoom(code); err != nil {
				return nil, err
			}
		}
		tx.PutUser(&user)
		return roomsOf(tx, &user), nil
	})
}

func roomByID(v View, id string) (visits.Room, bool) {
	for _, room := range v.Rooms().Newest("", v.Rooms().Len()) {
		if room.ID == id {
			return room, true
		}
	}
	return visits.Room{}, false
}

// RoomsOf returns the rooms assigned to a user. A code without a room has its code alone.
func (c *Clinic) RoomsOf(ctx context.Context, user *User) ([]visits.Room, error) {
	return view(ctx, c, func(v View) ([]visits.Room, error) { return roomsOf(v, user), nil })
}

// roomsOf returns the rooms of a user. A code without a room has its code alone.
func roomsOf(v View, user *User) []visits.Room {
	rooms := make([]visits.Room, 0, len(user.Assigned.Rooms))
	for _, code := range user.Assigned.Rooms {
		room, ok := v.Rooms().Get(code)
		if !ok {
			room = visits.Room{Code: code, Slug: code, Name: code}
		}
		rooms = append(rooms, room)
	}
	return rooms
}

// roomNamed returns the room of a field room_code in a body.
func roomNamed(v View, code string) (visits.Room, error) {
	room, ok := v.Rooms().Get(code)
	if !ok {
		return room, refuse(Invalid, "room_code is not the code of a room of this clinic: GET /rooms lists them")
	}
	return room, nil
}

// providerNamed returns the id of the provider of a field provider_id in a body, "" for none and for 0.
func providerNamed(v View, id string) (string, error) {
	if id == "" || id == "0" {
		return "", nil
	}
	if user, ok := v.Users().Get(id); !ok || user.Type != Provider {
		return "", refuse(Invalid, "provider_id is not the id of a provider of this clinic: "+
			"GET /rooms/{code}/providers lists those of a room")
	}
	return id, nil
}
