package api

import (
	"context"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// GetAvailability returns the free slots of a room's providers.
func (handlers) GetAvailability(ctx context.Context, c call) (reply, error) {
	return availability(ctx, c, c.query.Get)
}

// SearchAvailability is the same in a POST. A sample command of VSee's sends one, because curl -d makes it one.
func (handlers) SearchAvailability(ctx context.Context, c call) (reply, error) {
	return availability(ctx, c, c.body.text)
}

func availability(ctx context.Context, c call, sent func(name string) string) (reply, error) {
	if c.token == "" {
		for _, name := range []string{"room_code", "start", "end", "consultation_id"} {
			if sent(name) == "" {
				return reply{}, &document.Violation{Field: name, Rule: "is required without X-ApiToken"}
			}
		}
	}
	slots, err := c.clinic.Slots(ctx, c.token, clinic.SlotSearch{
		Search: visits.Search{
			Start: unixTime(sent("start")), End: unixTime(sent("end")),
			Duration: time.Duration(whole(sent("duration"))) * time.Second, Nearest: isTrue(sent("nearest")),
		},
		Room: sent("room_code"), Provider: sent("provider_id"), Intake: sent("intake_id"),
		Consultation: sent("consultation_id"),
	})
	return reply{data: slotsOf(c.clinic.Account(), slots)}, err
}

// unixTime returns a time from Unix seconds already validated, zero for an empty text.
func unixTime(text string) time.Time {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

func isTrue(text string) bool { return text == "1" || text == "true" }

type availableSlots struct {
	Slots []availableSlot          `json:"slots"`
	Data  map[string]availableTime `json:"slot_data"`
}

type availableSlot struct {
	ID        string `json:"slot_id"`
	Start     int64  `json:"slot_start"`
	End       int64  `json:"slot_end"`
	Booked    int    `json:"slot_booked"`
	Available int    `json:"slot_available"`
	GroupID   string `json:"group_id"`
}

// availableTime is a block of a provider's time.
type availableTime struct {
	ID           string     `json:"id"`
	ProviderID   string     `json:"provider_id"` // 0 for any provider of the room
	Account      string     `json:"account_code"`
	Start        string     `json:"start"`
	End          string     `json:"end"`
	GroupID      string     `json:"group_id"`
	Status       string     `json:"status"`
	Created      string     `json:"created"`
	Modified     string     `json:"modified"`
	Consultation slotLength `json:"consultation"`
}

type slotLength struct {
	Duration int `json:"duration"` // minutes
	Slots    int `json:"slots"`
}

func slotsOf(account string, slots []visits.Slot) availableSlots {
	shape := availableSlots{Slots: make([]availableSlot, 0, len(slots)), Data: map[string]availableTime{}}
	for _, s := range slots {
		b := s.Block
		shape.Slots = append(shape.Slots, availableSlot{b.ID, s.Start.Unix(), s.End.Unix(), s.Booked, s.Available, b.GroupID})
		shape.Data[b.ID] = availableTime{
			ID: b.ID, ProviderID: orZero(b.ProviderID), Account: account, Start: digits(b.Start), End: digits(b.End),
			GroupID: b.GroupID, Status: "10", Created: digits(b.Created), Modified: digits(b.Created),
			Consultation: slotLength{b.Minutes, b.Places},
		}
	}
	return shape
}

// digits returns Unix seconds as text.
func digits(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// orZero returns the id of a provider, 0 for none.
func orZero(id string) string {
	if id == "" {
		return "0"
	}
	return id
}
