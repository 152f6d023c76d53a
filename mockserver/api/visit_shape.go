package api

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// textVisit is the older form of a visit, with numbers as text, in the order of VSee's samples.
type textVisit struct {
	ID            string        `json:"id"`
	MemberID      string        `json:"member_id"`
	ProviderID    string        `json:"provider_id"` // 0 for none
	Account       string        `json:"account_code"`
	Code          string        `json:"code"`
	Start         string        `json:"start"`
	End           string        `json:"end"`
	ActualStart   *string       `json:"actual_start"`
	ActualEnd     *string       `json:"actual_end"`
	SpecialtyID   *string       `json:"specialty_id"`
	State         *string       `json:"state"`
	Type          string        `json:"type"`
	Subtype       string        `json:"subtype"`
	Status        string        `json:"status"`
	CompletedBy   *string       `json:"completed_by"`
	Created       int64         `json:"created"`
	Modified      int64         `json:"modified"`
	RoomID        string        `json:"room_id"`
	AgainID       string        `json:"_id"`
	Payment       payment       `json:"payment"`
	InvoiceID     string        `json:"invoice_id,omitempty"`
	IntakeID      string        `json:"intake_id,omitempty"`
	Intake        any           `json:"intake,omitempty"`
	Provider      *visitPerson  `json:"provider,omitempty"`
	Member        visitPerson   `json:"member"`
	Room          visitRoom     `json:"room"`
	Meeting       *textMeeting  `json:"meeting,omitempty"`
	AppointmentID string        `json:"related_appointment_id,omitempty"`
	WalkInID      string        `json:"related_walkin_id,omitempty"`
	WalkIn        *relatedVisit `json:"related_walkin,omitempty"`
}

type textMeeting struct {
	ID string `json:"meeting_id"`
}

// visitPerson is the patient or the provider of a visit.
type visitPerson struct {
	ID        string  `json:"id"`
	Code      string  `json:"code"`
	Type      string  `json:"type"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	FullName  string  `json:"full_name"`
	Username  string  `json:"username"`
	VSeeID    string  `json:"vseeid"`
	DOB       string  `json:"dob,omitempty"`
	Email     string  `json:"email"`
	Gender    int     `json:"gender,omitempty"`
	Photo     *string `json:"photo"`
	Active    bool    `json:"active"`
	Title     string  `json:"title"`
	Suffix    string  `json:"suffix"`
	TOS       bool    `json:"tos"`
	Phone     string  `json:"phone"`
	Subtype   string  `json:"subtype"`
}

type visitRoom struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Domain  string `json:"domain"`
	Account string `json:"account_code"`
	Slug    string `json:"slug"`
}

// relatedVisit is the walk-in of an appointment.
type relatedVisit struct {
	Start  int64  `json:"start"`
	End    int64  `json:"end"`
	Status int    `json:"status"`
	ID     string `json:"id"`
}

func textVisitOf(account string, v clinic.Visit) textVisit {
	shape := textVisit{
		ID: v.ID, MemberID: v.MemberID, ProviderID: orZero(v.ProviderID), Account: account, Code: v.Code,
		Start: digits(v.Start), End: digits(v.End),
		ActualStart: digitsOrNil(v.ActualStart), ActualEnd: digitsOrNil(v.ActualEnd),
		State: orNil(v.State), Type: strconv.Itoa(int(v.Kind)), Subtype: strconv.Itoa(v.Subtype),
		Status: strconv.Itoa(int(v.Status)), CompletedBy: orNil(v.CompletedBy),
		Created: v.Created.Unix(), Modified: v.Modified.Unix(), RoomID: v.Room.ID, AgainID: v.ID, Payment: paymentOf(v),
		IntakeID: v.IntakeID, Intake: intakeOf(v.Intake), Member: visitPersonOf(v.Member), Room: visitRoomOf(account, v.Room),
		AppointmentID: v.AppointmentID, WalkInID: v.WalkInID, WalkIn: relatedVisitOf(v.WalkIn),
	}
	if v.Provider.ID != "" {
		shape.Provider = new(visitPersonOf(v.Provider))
	}
	if v.Invoice != nil {
		shape.InvoiceID = v.Invoice.ID
	}
	if hasMeeting(v) {
		shape.Meeting = &textMeeting{v.MeetingID}
	}
	return shape
}

func digitsOrNil(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	return new(digits(at))
}

func unixOrNil(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	return new(at.Unix())
}

func visitPersonOf(u clinic.User) visitPerson {
	return visitPerson{
		ID: u.ID, Code: u.Code, Type: strconv.Itoa(int(u.Type)), FirstName: u.FirstName, LastName: u.LastName,
		FullName: u.FullName(), Username: u.Username, VSeeID: u.VSeeID, DOB: u.DOB, Email: u.Email, Gender: u.Gender,
		Active: true, Phone: u.Phone,
	}
}

func visitRoomOf(account string, r visits.Room) visitRoom {
	return visitRoom{ID: r.ID, Code: r.Code, Name: r.Name, Domain: r.Domain, Account: account, Slug: r.Slug}
}

func relatedVisitOf(v visits.Visit) *relatedVisit {
	if v.ID == "" {
		return nil
	}
	return &relatedVisit{v.Start.Unix(), v.End.Unix(), int(v.Status), v.ID}
}

// numberVisit is the newer form of a visit, with numbers, in the order of VSee's sample.
type numberVisit struct {
	MemberID      json.Number   `json:"member_id"`
	ProviderID    json.Number   `json:"provider_id"` // 0 for none
	Account       string        `json:"account_code"`
	Code          string        `json:"code"`
	Start         int64         `json:"start"`
	End           int64         `json:"end"`
	ActualStart   *int64        `json:"actual_start"`
	ActualEnd     *int64        `json:"actual_end"`
	SpecialtyID   *string       `json:"specialty_id"`
	State         *string       `json:"state"`
	Type          int           `json:"type"`
	Status        int           `json:"status"`
	CompletedBy   *json.Number  `json:"completed_by"`
	RoomID        json.Number   `json:"room_id"`
	RoomCode      string        `json:"room_code"`
	Modified      int64         `json:"modified"`
	Created       int64         `json:"created"`
	Provider      *visitPerson  `json:"provider,omitempty"`
	Member        visitPerson   `json:"member"`
	SubType       int           `json:"subType"`
	MoreProviders *string       `json:"more_provider_ids"`
	GuestEmails   *string       `json:"guest_emails"`
	GuestMobiles  *string       `json:"guest_mobiles"`
	ReminderType  *string       `json:"reminder_type"`
	ReminderTime  *string       `json:"reminder_time"`
	HostIDs       []string      `json:"host_ids"`
	Hosts         []visitHost   `json:"hosts"`
	Creator       visitCreator  `json:"creator"`
	Pending       []string      `json:"pending_actions"`
	Test          bool          `json:"is_test"`
	Meeting       *meeting      `json:"meeting,omitempty"`
	LinkToken     string        `json:"one_time_link_token"`
	Notify        []string      `json:"notify_list"`
	Payment       payment       `json:"payment"`
	IntakeID      string        `json:"intake_id"`
	InCharge      bool          `json:"incharge"`
	Intake        any           `json:"intake"`
	PostVisit     postVisit     `json:"postvisit"`
	EditExpired   bool          `json:"isEditExpired"`
	Room          visitRoom     `json:"room"`
	AccountShape  visitAccount  `json:"account"`
	Prescriptions []string      `json:"prescriptions"`
	RootVisit     rootVisit     `json:"root_visit"`
	ID            string        `json:"id"`
	Subtype       int           `json:"subtype"`
	AppointmentID string        `json:"related_appointment_id,omitempty"`
	WalkInID      string        `json:"related_walkin_id,omitempty"`
	WalkIn        *relatedVisit `json:"related_walkin,omitempty"`
	Invoice       *invoice      `json:"invoice,omitempty"`
	InvoiceID     string        `json:"invoice_id,omitempty"`
	Expiry        *int64        `json:"expiry,omitempty"` // of an e-consult
}

type visitHost struct {
	Username     string `json:"username"`
	Email        string `json:"email"`
	Phone        string `json:"phone"`
	Timezone     string `json:"timezone"`
	VSeeID       string `json:"vseeid"`
	FullName     string `json:"full_name"`
	Title        string `json:"title"`
	Suffix       string `json:"suffix"`
	ID           string `json:"id"`
	AttachmentID string `json:"photo_attachment_id"`
	Role         string `json:"role"`
}

// apiUser is the type of the user behind the admin token (documented).
const apiUser = 160

type visitCreator struct {
	ID        string  `json:"id"`
	Code      string  `json:"code"`
	VSeeID    string  `json:"vseeid"`
	Type      int     `json:"type"`
	Subtype   string  `json:"subtype"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	Account   string  `json:"account_code"`
}

type meeting struct {
	AutoStart bool                `json:"recording_auto_start"`
	Phones    map[string][]string `json:"phone_numbers"`
	Hosts     []string            `json:"hosts"`
	Expiry    int64               `json:"expiry"`
	PIN       int                 `json:"conference_pin"`
	ID        string              `json:"meeting_id"`
}

type postVisit struct {
	MemberID string  `json:"member_id"`
	ClassID  *string `json:"class_id"`
	VisitID  string  `json:"visit_id"`
	Modified int64   `json:"modified"`
	Created  int64   `json:"created"`
	ID       string  `json:"id"`
	Draft    *bool   `json:"draft,omitempty"` // of a note
}

type visitAccount struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

type rootVisit struct {
	ID           string  `json:"id"`
	ChatID       *string `json:"group_chat_id"`
	Participants *string `json:"participants"`
}

type invoice struct {
	UserID   json.Number `json:"user_id"`
	Status   int         `json:"status,omitempty"` // VSee publishes the number of a pending one alone
	Currency string      `json:"currency"`
	Live     bool        `json:"livemode"`
	Due      int64       `json:"amount_due"`
	VisitID  string      `json:"visit_id"`
	Modified int64       `json:"modified"`
	Created  int64       `json:"created"`
	ID       string      `json:"id"`
}

func visitOf(account string, v clinic.Visit) numberVisit {
	shape := numberVisit{
		MemberID: json.Number(v.MemberID), ProviderID: json.Number(orZero(v.ProviderID)), Account: account, Code: v.Code,
		Start: v.Start.Unix(), End: v.End.Unix(), ActualStart: unixOrNil(v.ActualStart), ActualEnd: unixOrNil(v.ActualEnd),
		State: orNil(v.State), Type: int(v.Kind), Status: int(v.Status), RoomID: json.Number(v.Room.ID), RoomCode: v.RoomCode,
		Modified: v.Modified.Unix(), Created: v.Created.Unix(), Member: visitPersonOf(v.Member),
		SubType: v.Subtype, Subtype: v.Subtype, HostIDs: []string{}, Hosts: []visitHost{},
		Creator: visitCreatorOf(account, v.Creator), Pending: []string{}, LinkToken: v.LinkToken, Notify: []string{},
		Payment: paymentOf(v), IntakeID: v.IntakeID, Intake: intakeOf(v.Intake), PostVisit: postVisitOf(v.Visit),
		Room: visitRoomOf(account, v.Room), AccountShape: visitAccount{account, v.Clinic, clinic.DefaultDomain(account)},
		Prescriptions: []string{}, RootVisit: rootVisit{ID: v.ID}, ID: v.ID,
		AppointmentID: v.AppointmentID, WalkInID: v.WalkInID, WalkIn: relatedVisitOf(v.WalkIn), Expiry: unixOrNil(v.Expiry),
	}
	if v.CompletedBy != "" {
		shape.CompletedBy = new(json.Number(v.CompletedBy))
	}
	if v.Provider.ID != "" {
		shape.Provider = new(visitPersonOf(v.Provider))
	}
	for _, host := range hostsOf(v) {
		shape.HostIDs = append(shape.HostIDs, host.ID)
		shape.Hosts = append(shape.Hosts, visitHostOf(host))
	}
	if hasMeeting(v) {
		shape.Meeting = &meeting{
			Phones: map[string][]string{}, Hosts: usernames(hostsOf(v)), Expiry: v.End.Add(meetingLife).Unix(), PIN: v.PIN,
			ID: v.MeetingID,
		}
	}
	if v.Invoice != nil {
		shape.InvoiceID, shape.Invoice = v.Invoice.ID, invoiceOf(v.Visit)
	}
	return shape
}

// meetingLife is how long a meeting is open after the planned end (from VSee's sample).
const meetingLife = 4 * time.Hour

func visitHostOf(u clinic.User) visitHost {
	return visitHost{
		Username: u.Username, Email: u.Email, Phone: u.Phone, Timezone: u.Timezone, VSeeID: u.VSeeID, FullName: u.FullName(),
		ID: u.ID, Role: "owner",
	}
}

// visitCreatorOf returns the user behind the token. The admin token's user has a type of its own and no names.
func visitCreatorOf(account string, u clinic.User) visitCreator {
	shape := visitCreator{
		ID: u.ID, Code: u.Code, VSeeID: u.VSeeID, Type: int(u.Type), FirstName: &u.FirstName, LastName: &u.LastName,
		Account: account,
	}
	if u.Type == clinic.Admin {
		shape.Type, shape.FirstName, shape.LastName = apiUser, nil, nil
	}
	return shape
}

func postVisitOf(v visits.Visit) postVisit {
	shape := postVisit{
		MemberID: v.MemberID, VisitID: v.ID, Modified: v.Modified.Unix(), Created: v.Created.Unix(), ID: v.PostID,
	}
	if v.Note != "" {
		shape.Draft = new(v.Note != visits.SignedNote)
	}
	return shape
}

// pendingInvoice is the number of the status of a new invoice.
const pendingInvoice = 10

func invoiceOf(v visits.Visit) *invoice {
	i := v.Invoice
	shape := &invoice{
		UserID: json.Number(v.MemberID), Currency: i.Currency, Due: i.Due, VisitID: v.ID,
		Modified: i.Modified.Unix(), Created: i.Created.Unix(), ID: i.ID,
	}
	if i.Status == visits.PendingInvoice {
		shape.Status = pendingInvoice
	}
	return shape
}
