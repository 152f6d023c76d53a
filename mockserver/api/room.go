package api

import (
	"context"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// ListRooms returns the rooms of the clinic. It needs no token.
func (handlers) ListRooms(ctx context.Context, c call) (reply, error) {
	rooms, err := c.clinic.Rooms(ctx)
	total := len(rooms)
	page := make([]roomRow, 0, total)
	for _, one := range pageOf(rooms, c) {
		page = append(page, roomRow{
			one.Slug, one.Name, one.Domain, one.Code, true, one.Created.Unix(), one.Modified.Unix(),
		})
	}
	return reply{data: page, total: &total}, err
}

// pageOf returns the rows of a page, counted from 1; all of them if the request has no limit.
func pageOf[T any](rows []T, c call) []T {
	limit := number(c.query, "limit", 0)
	if limit == 0 {
		return rows
	}
	start := min((number(c.query, "page", 1)-1)*limit, len(rows))
	return rows[start:min(start+limit, len(rows))]
}

// CreateRoom makes a room.
func (handlers) CreateRoom(ctx context.Context, c call) (reply, error) {
	made, err := c.clinic.CreateRoom(ctx, c.token, clinic.NewRoom{
		Domain: c.body.text("domain"), Name: c.body.text("name"), Code: c.body.text("code"), Slug: c.body.text("slug"),
	})
	return reply{data: fullRoomOf(c.clinic.Account(), made, nil)}, err
}

// GetRoom returns a room. It needs no token.
func (handlers) GetRoom(ctx context.Context, c call) (reply, error) {
	found, providers, err := c.clinic.Room(ctx, c.params.Get("room_code"))
	shape := fullRoomOf(c.clinic.Account(), found, providers)
	none := ""
	shape.Description, shape.LogoURL = &none, &none
	shape.Specialties = []specialty{{Code: "general_care", Name: "Default", Duration: 15}}
	shape.Payment.PaymentCurrency = visits.Currency
	return reply{data: shape}, err
}

// ListRoomProviders returns the providers assigned to a room. It needs no token.
func (handlers) ListRoomProviders(ctx context.Context, c call) (reply, error) {
	_, providers, err := c.clinic.Room(ctx, c.params.Get("room_code"))
	page := make([]roomProvider, 0, len(providers))
	for _, one := range providers {
		page = append(page, roomProviderOf(one))
	}
	return reply{data: page}, err
}

// GetRoomProvider returns a provider of a room. It needs no token.
func (handlers) GetRoomProvider(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.RoomProvider(ctx, c.params.Get("room_code"), c.params.Get("provider_id"))
	return reply{data: roomProviderOf(found)}, err
}

// AssignRooms adds rooms to those of a provider.
func (handlers) AssignRooms(ctx context.Context, c call) (reply, error) {
	codes, ids := textsOf(c.body.value("room_code")), textsOf(c.body.value("room_id"))
	if len(codes)+len(ids) == 0 {
		return reply{}, &document.Violation{Field: "room_code", Rule: "is required, or room_id: GET /rooms lists the rooms"}
	}
	rooms, err := c.clinic.AssignRooms(ctx, c.token, c.params.Get("id"), codes, ids)
	return reply{data: roomShapesOf(c.clinic.Account(), rooms)}, err
}

// textsOf returns the texts of a list, without empty ones.
func textsOf(value any) []string {
	var texts []string
	for _, item := range list(value) {
		if text := strings.TrimSpace(textOf(item)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// roomRow is a room in a list, in the order of VSee's sample.
type roomRow struct {
	Slug     string `json:"slug"`
	Name     string `json:"name"`
	Domain   string `json:"domain"`
	Code     string `json:"code"`
	Active   bool   `json:"active"`
	Created  int64  `json:"created"`
	Modified int64  `json:"modified"`
}

// fullRoom is a room on its own, in the order of VSee's sample.
type fullRoom struct {
	Visits      roomVisits    `json:"visits"`
	Auth        roomAuth      `json:"auth"`
	Subtitle    string        `json:"subtitle"`
	Slug        string        `json:"slug"`
	Name        string        `json:"name"`
	Domain      string        `json:"domain"`
	Active      bool          `json:"active"`
	Users       string        `json:"users"` // the providers' ids, with commas
	Account     string        `json:"account_code"`
	ProviderIDs []string      `json:"provider_ids"`
	Public      bool          `json:"public_access_room"`
	Modified    int64         `json:"modified"`
	Created     int64         `json:"created"`
	Payment     roomPayment   `json:"payment"`
	Operation   roomOperation `json:"operation_settings"`
	ID          string        `json:"id"`
	Code        string        `json:"code"`
	Description *string       `json:"description,omitempty"` // of getRoom alone, as the next two
	Specialties []specialty   `json:"specialties,omitempty"`
	LogoURL     *string       `json:"logo_url,omitempty"`
}

type roomVisits struct {
	WalkIn      feature `json:"walkin"`
	Appointment feature `json:"appointment"`
}

type roomAuth struct {
	Guest roomGuest `json:"guest"`
}

type roomGuest struct {
	Type  int     `json:"type"`
	LogIn feature `json:"log_in"`
}

type roomPayment struct {
	Consultations   []consultation `json:"consultations"`
	Currency        string         `json:"currency"`
	PaymentCurrency string         `json:"paymentCurrency,omitempty"`
}

// consultation is a consultation of a room; amounts are none, because the mock takes no payments.
type consultation struct {
	ID          string `json:"id"`
	Description string `json:"description"`
	Duration    int    `json:"duration"` // minutes
	Amount      int    `json:"amount"`
	Currency    string `json:"currency,omitempty"`
	Charge      bool   `json:"charge"`
	Group       bool   `json:"group"`
	Slots       int    `json:"slots"`
	Visible     *bool  `json:"visible_to_patient,omitempty"`
}

type roomOperation struct {
	Closed   bool   `json:"is_closed"`
	Message  string `json:"close_msg"`
	Timezone string `json:"default_timezone"`
}

type specialty struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Duration int    `json:"duration"` // minutes
}

func fullRoomOf(account string, r visits.Room, providers []clinic.User) fullRoom {
	shape := fullRoom{
		Visits: roomVisits{feature{true}, feature{true}}, Auth: roomAuth{roomGuest{int(clinic.Guest), feature{true}}},
		Slug: r.Slug, Name: r.Name, Domain: r.Domain, Active: true, Account: account, ProviderIDs: []string{}, Public: true,
		Modified: r.Modified.Unix(), Created: r.Created.Unix(),
		Payment:   roomPayment{Consultations: []consultation{}, Currency: visits.Currency},
		Operation: roomOperation{Message: "Closed now.", Timezone: clinic.DefaultTimezone},
		ID:        r.ID, Code: r.Code,
	}
	for _, one := range r.Consultations {
		shape.Payment.Consultations = append(shape.Payment.Consultations, consultation{
			ID: one.ID, Description: one.Description, Duration: one.Minutes, Slots: one.Places,
		})
	}
	for _, one := range providers {
		shape.ProviderIDs = append(shape.ProviderIDs, one.ID)
	}
	shape.Users = strings.Join(shape.ProviderIDs, ",")
	return shape
}

// roomProvider is a provider of a room, in the order of VSee's sample.
type roomProvider struct {
	ID        string  `json:"id"`
	Username  string  `json:"username"`
	Code      string  `json:"code"`
	Subtype   string  `json:"subtype"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	VSeeID    string  `json:"vseeid"`
	Photo     *string `json:"photo"`
	Title     string  `json:"title"`
	Suffix    string  `json:"suffix"`
	Status    bool    `json:"status"` // present
	ShortBio  bool    `json:"short_bio"`
}

func roomProviderOf(u clinic.User) roomProvider {
	return roomProvider{
		ID: u.ID, Username: u.Username, Code: u.Code, FirstName: u.FirstName, LastName: u.LastName, VSeeID: u.VSeeID,
	}
}
