package clinic

import (
	"context"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// NewBlock is a block of a provider's time to add.
type NewBlock struct {
	Room       string // a code
	Provider   string // a user id; empty for any provider of the room
	Start, End time.Time
	Minutes    int // of one slot
	Places     int // patients for one slot
}

// The maximum length of a block, minutes of a slot and places of one.
const (
	maxBlock   = 31 * 24 * time.Hour
	maxMinutes = 24 * 60
	maxPlaces  = 1_000
)

// AddBlock adds a block of a provider's time. VSee publishes no call for it (ours).
func (c *Clinic) AddBlock(ctx context.Context, b NewBlock) (visits.Block, error) {
	return update(ctx, c, func(tx Tx) (visits.Block, error) {
		room, err := roomNamed(tx, b.Room)
		if err != nil {
			return visits.Block{}, err
		}
		provider, err := providerNamed(tx, b.Provider)
		if err != nil {
			return visits.Block{}, err
		}
		switch {
		case b.Minutes < 1 || b.Minutes > maxMinutes:
			return visits.Block{}, refuse(Invalid, "minutes must be a whole number from 1 to %d", maxMinutes)
		case b.Places < 1 || b.Places > maxPlaces:
			return visits.Block{}, refuse(Invalid, "places must be a whole number from 1 to %d", maxPlaces)
		case b.End.Sub(b.Start) < time.Duration(b.Minutes)*time.Minute:
			return visits.Block{}, refuse(Invalid, "end must be at least one slot after start")
		case b.End.Sub(b.Start) > maxBlock:
			return visits.Block{}, refuse(Invalid, "end must be at most 31 days after start")
		}
		now := c.clock.Now()
		block := visits.Block{
			ID:      strconv.FormatUint(firstBlockID+tx.NextCount("block")-1, 10),
			GroupID: newIDGenerator(tx).uuid("block group", now), ProviderID: provider, RoomCode: room.Code,
			Start: b.Start, End: b.End, Minutes: b.Minutes, Places: b.Places, Created: now,
		}
		tx.PutBlock(block)
		return block, nil
	})
}

// Blocks returns blocks of time, newest first.
func (c *Clinic) Blocks(ctx context.Context, p Page) ([]visits.Block, error) {
	return listPage(ctx, c, p, View.Blocks)
}

// SlotSearch is a search for free slots. An empty field was not sent.
type SlotSearch struct {
	visits.Search
	Room         string
	Provider     string
	Intake       string // gives the room, if there is no other
	Consultation string // gives the length of a slot
}

// Slots returns the free slots of a search, earliest first. The token is empty for a caller with the clinic's key.
func (c *Clinic) Slots(ctx context.Context, token string, s SlotSearch) ([]visits.Slot, error) {
	return view(ctx, c, func(v View) ([]visits.Slot, error) {
		room, err := c.searchedRoom(v, token, s)
		if err != nil {
			return nil, err
		}
		provider, err := providerNamed(v, s.Provider)
		if err != nil {
			return nil, err
		}
		var length time.Duration
		if s.Consultation != "" {
			consultation, ok := room.Consultation(s.Consultation)
			if !ok {
				return nil, refuse(Invalid, "consultation_id is not the id of a consultation of the room")
			}
			length = lengthOf(&consultation)
		}
		var slots []visits.Slot
		booked := bookings(v, "")
		for _, block := range v.Blocks().Newest("", v.Blocks().Len()) {
			if block.RoomCode == room.Code && (provider == "" || block.ProviderID == provider) {
				slots = append(slots, block.Slots(length, booked[block.ID])...)
			}
		}
		return s.Find(slots, c.clock.Now()), nil
	})
}

// searchedRoom returns the room of a search, from the intake if the search names none.
func (c *Clinic) searchedRoom(v View, token string, s SlotSearch) (visits.Room, error) {
	code := s.Room
	if token != "" {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return visits.Room{}, err
		}
		if s.Intake != "" {
			intake, err := intakeNamed(v, caller, s.Intake)
			if err != nil {
				return visits.Room{}, err
			}
			if code == "" {
				code = intake.RoomCode
			}
		}
	}
	if code == "" {
		return visits.Room{}, refuse(Invalid, "room_code is required: neither the request nor its intake has one")
	}
	return roomNamed(v, code)
}

// bookings returns the booked times by block, except those of one visit. A cancelled visit frees its time, even when it
// is refunded later.
func bookings(v View, except string) map[string][]visits.Span {
	booked := map[string][]visits.Span{}
	for _, visit := range v.Visits().Newest("", v.Visits().Len()) {
		cancelled := visit.Status == visits.Cancelled || visit.Status == visits.Refunded && visit.ActualStart.IsZero()
		if visit.BlockID != "" && visit.ID != except && !cancelled {
			booked[visit.BlockID] = append(booked[visit.BlockID], visits.Span{Start: visit.Start, End: visit.End})
		}
	}
	return booked
}

// bookBlock returns the appointment with the block of time that it books: one in its room, of its provider if it has
// one, that covers its time and has a place. A time outside all blocks books none (ours). It refuses a full time.
func bookBlock(v View, visit visits.Visit) (visits.Visit, error) {
	span, full := visits.Span{Start: visit.Start, End: visit.End}, false
	booked := bookings(v, visit.ID)
	visit.BlockID = ""
	for _, block := range v.Blocks().Newest("", v.Blocks().Len()) {
		if block.RoomCode != visit.RoomCode || !block.Covers(span) ||
			visit.HasProvider() && block.ProviderID != "" && block.ProviderID != visit.ProviderID {
			continue
		}
		if full = !block.HasPlace(span, booked[block.ID]); full {
			continue
		}
		visit.BlockID = block.ID
		if !visit.HasProvider() {
			visit.ProviderID = block.ProviderID
		}
		return visit, nil
	}
	if full {
		return visit, refuse(Invalid, "slot_start and slot_end are a time that is booked already: choose another slot")
	}
	return visit, nil
}
