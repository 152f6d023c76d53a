package clinic

import (
	"slices"
	"strings"
	"time"
)

// Type is the kind of a user.
type Type int

// The types of users the mock knows (documented); sign-on makes members, providers and guests.
const (
	Admin    Type = 100
	Member   Type = 200 // a patient
	Provider Type = 400
	Guest    Type = 600
)

// DefaultTimezone is the time zone of a user until they set one (seed, step 2).
const DefaultTimezone = "America/Los_Angeles"

// User is a user of one clinic. An empty field is unset.
type User struct {
	ID         string // digits, given by the clinic
	Code       string // the caller's own id for the user
	Type       Type
	FirstName  string
	LastName   string
	Username   string
	VSeeID     string
	DOB        string // YYYY-MM-DD
	Email      string
	Gender     int // such as Male; 0 is unset
	StreetAddr string
	City       string
	State      string
	Zip        string
	Phone      string
	Timezone   string // IANA
	Extra      map[string]any
	Insurance  *Insurance // never nil in the store; rows share it, and a change puts another in its place

	// Credentials are the user's login secrets; they are empty for a user with sign-on only.
	Credentials Credentials
	// Assigned are the assignments by the administrator of the clinic.
	Assigned Assignments

	Created    time.Time
	ExternalID string // the external_member_id of events

	// LastChecks are the last finished checks, one of each carrier. Claims are the ids of the user's claims, oldest first.
	LastChecks []LastCheck
	Claims     []string

	// Responses are the results of the last finished check, by card: user_data.{card}.eligibility_response. A response
	// is removed, and its check from Checked, when the insurer or a number of its card changes. The same happens when
	// the person changes: the name, birth date or gender of the patient, the relation to the insured, or the guarantor
	// (ours).
	Responses [Secondary + 1]string
	// Ours says for each response whether this project's own rules decided it. These are a scenario that only a mock
	// can play, and a subscriber number that asks for a reject code.
	Ours [Secondary + 1]bool
}

// newUser returns a user without data.
func newUser() *User { return &User{Insurance: &Insurance{}} }

// LastCheck names the last finished check of a user with a carrier.
type LastCheck struct{ Carrier, ID string }

// lastCheck returns the id of the last finished check with a carrier, empty for none.
func (u *User) lastCheck(carrier string) string {
	for _, last := range u.LastChecks {
		if last.Carrier == carrier {
			return last.ID
		}
	}
	return ""
}

// setLastCheck changes LastChecks in place.
func (u *User) setLastCheck(carrier, id string) {
	for i := range u.LastChecks {
		if u.LastChecks[i].Carrier == carrier {
			u.LastChecks[i].ID = id
			return
		}
	}
	u.LastChecks = append(u.LastChecks, LastCheck{carrier, id})
}

// HasResponseGradedOurs reports whether this project's own rules decided one of the Responses.
func (u *User) HasResponseGradedOurs() bool { return slices.Contains(u.Ours[:], true) }

// FullName is first and last name, joined by a space.
func (u *User) FullName() string { return fullName(u.FirstName, u.LastName) }

func fullName(first, last string) string { return strings.TrimSpace(first + " " + last) }
