package api

import (
	"context"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// The types below are VSee's JSON, in the order of the keys in VSee's samples. An unset value is a missing key.

type user struct {
	ID            string         `json:"id"`
	Code          string         `json:"code"`
	FirstName     string         `json:"first_name"`
	LastName      string         `json:"last_name"`
	FullName      string         `json:"full_name"`
	Username      string         `json:"username"`
	VSeeID        string         `json:"vseeid"`
	DOB           string         `json:"dob,omitempty"`
	Email         string         `json:"email,omitempty"`
	Gender        int            `json:"gender,omitempty"`
	Active        bool           `json:"active"`
	TOS           bool           `json:"tos"`
	Status        int            `json:"status"`
	Subtype       string         `json:"subtype"`
	StreetAddr    string         `json:"street_addr,omitempty"`
	State         string         `json:"state,omitempty"`
	City          string         `json:"city,omitempty"`
	Zip           string         `json:"zip,omitempty"`
	Phone         string         `json:"phone,omitempty"`
	Timezone      string         `json:"timezone"`
	EmailVerified bool           `json:"email_verified"`
	SignupStep    int            `json:"signup_step,omitempty"` // of getUser alone (documented)
	Extra         map[string]any `json:"extra,omitempty"`
	Insurance     *insurance     `json:"insurance,omitempty"`
	AccountCode   string         `json:"account_code"`
	Clinics       []string       `json:"clinics"`
	Rooms         []room         `json:"rooms,omitzero"`
	Created       int64          `json:"created"`
	UserData      *userData      `json:"user_data,omitempty"`
	// A sign-on has a token and a vsee behind these: see withToken.
}

// room has all keys of real replies (observed).
type room struct {
	Code    string `json:"code"`
	Slug    string `json:"slug"`
	Name    string `json:"name"`
	Domain  string `json:"domain"`
	Account string `json:"account_code"`
	ID      string `json:"id"`
	LogoURL string `json:"logo_url"`
}

type insurance struct {
	Primary   *card    `json:"primary,omitempty"`
	Secondary *card    `json:"secondary,omitempty"`
	Patient   *patient `json:"patient,omitempty"`
}

type card struct {
	Carrier    string `json:"carrier_code,omitempty"`
	Other      string `json:"carrier_name_others,omitempty"`
	Group      string `json:"group_number,omitempty"`
	Subscriber string `json:"subscriber_num,omitempty"`
	Order      int    `json:"insurance_order"`
}

type patient struct {
	Respparty        string `json:"respparty,omitempty"`
	GuarantorName    string `json:"guarantor_name,omitempty"`
	GuarantorDOB     string `json:"guarantor_dob,omitempty"`
	GuarantorAddress string `json:"guarantor_address,omitempty"`
	GuarantorCity    string `json:"guarantor_city,omitempty"`
	GuarantorState   string `json:"guarantor_state,omitempty"`
	GuarantorZip     string `json:"guarantor_zip,omitempty"`
}

type userData struct {
	Primary   *cardData `json:"primary,omitempty"`
	Secondary *cardData `json:"secondary,omitempty"`
}

type cardData struct {
	Response string `json:"eligibility_response"`
}

type token struct {
	UserID   string  `json:"user_id"`
	Token    string  `json:"token"`
	Expiry   int64   `json:"expiry"`
	Created  int64   `json:"created"`
	UserType string  `json:"user_type"`
	Refresh  refresh `json:"refresh_token"`
}

type refresh struct {
	UserID  string `json:"user_id"`
	Token   string `json:"token"`
	Expiry  int64  `json:"expiry"`
	Created int64  `json:"created"`
}

type vsee struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

// userOf returns a user of a clinic, with their rooms.
func userOf(ctx context.Context, c *clinic.Clinic, u *clinic.User) (user, error) {
	shape := userWithoutRooms(c.Account(), u)
	var err error
	shape.Rooms, err = roomsOf(ctx, c, u)
	return shape, err
}

func userWithoutRooms(account string, u *clinic.User) user {
	return user{
		ID: u.ID, Code: u.Code, FirstName: u.FirstName, LastName: u.LastName, FullName: u.FullName(),
		Username: u.Username, VSeeID: u.VSeeID, DOB: u.DOB, Email: u.Email, Gender: u.Gender,
		Active: true, Status: clinic.Active, EmailVerified: true,
		StreetAddr: u.StreetAddr, State: u.State, City: u.City, Zip: u.Zip, Phone: u.Phone, Timezone: u.Timezone,
		Extra: u.Extra, Insurance: insuranceOf(u.Insurance),
		AccountCode: account, Clinics: []string{account}, Created: u.Created.Unix(),
		UserData: userDataOf(u),
	}
}

// roomsOf returns the rooms of a provider, an empty list for none (ours). For members and guests it returns nil, and
// the reply has no key, as in the guide's replies. The same holds for an admin without rooms.
func roomsOf(ctx context.Context, c *clinic.Clinic, u *clinic.User) ([]room, error) {
	if !mayHaveRooms(u) {
		return nil, nil
	}
	rooms, err := c.RoomsOf(ctx, u)
	return roomShapesOf(c.Account(), rooms), err
}

func mayHaveRooms(u *clinic.User) bool {
	return u.Type != clinic.Member && u.Type != clinic.Guest && (u.Type != clinic.Admin || len(u.Assigned.Rooms) > 0)
}

func roomShapesOf(account string, rooms []visits.Room) []room {
	shapes := make([]room, 0, len(rooms))
	for _, one := range rooms {
		shapes = append(shapes, room{
			Code: one.Code, Slug: one.Slug, Name: one.Name, Domain: one.Domain, Account: account, ID: one.ID,
		})
	}
	return shapes
}

func insuranceOf(i *clinic.Insurance) *insurance {
	shape := insurance{Primary: cardOf(&i.Primary, clinic.Primary), Secondary: cardOf(&i.Secondary, clinic.Secondary)}
	r := i.Relation()
	g := &r.Guarantor
	if p := (patient{r.Respparty, g.Name, g.DOB, g.Address, g.City, g.State, g.Zip}); p != (patient{}) {
		shape.Patient = new(p)
	}
	if shape == (insurance{}) {
		return nil
	}
	return new(shape)
}

func cardOf(c *clinic.Card, order clinic.Order) *card {
	if !c.IsSet() {
		return nil
	}
	return &card{Carrier: c.Carrier, Other: c.OtherCarrier, Group: c.Group, Subscriber: c.Subscriber, Order: int(order)}
}

func userDataOf(u *clinic.User) *userData {
	data := userData{Primary: cardDataOf(u, clinic.Primary), Secondary: cardDataOf(u, clinic.Secondary)}
	if data == (userData{}) {
		return nil
	}
	return new(data)
}

func cardDataOf(u *clinic.User, order clinic.Order) *cardData {
	if u.Responses[order] == "" {
		return nil
	}
	return &cardData{u.Responses[order]}
}

func tokenOf(t clinic.Token) token {
	return token{
		UserID: t.UserID, Token: t.Text, Expiry: t.Expiry.Time().Unix(), Created: t.Created.Time().Unix(),
		UserType: strconv.Itoa(int(t.UserType)),
		Refresh:  refresh{t.UserID, t.Refresh.Text, t.Refresh.Expiry.Time().Unix(), t.Created.Time().Unix()},
	}
}
