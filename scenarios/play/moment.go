package play

import (
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Moment is something that happens in a play: a Call, an Exchange, a Due or an End.
type Moment interface{ moment() }

func (Call) moment()     {}
func (Exchange) moment() {}
func (Due) moment()      {}
func (End) moment()      {}

// Act is the kind of a Call: its verb, and its object unless that is a check, a visit or a claim.
type Act string

// The acts, in the order of VSee's guide.
const (
	ListInsurers Act = "lists the insurers"
	SignOn       Act = "signs the patient on"
	StoreCards   Act = "stores the cards"
	ChangeCard   Act = "changes the card"
	StartCheck   Act = "starts"
	ReadPatient  Act = "reads the patient"
	ListRooms    Act = "lists the rooms for"
	MakeIntake   Act = "fills in the intake of"
	FindSlot     Act = "looks for a free slot for"
	Book         Act = "books the appointment of"
	WalkIn       Act = "walks in for"
	ReadVisit    Act = "reads the state of"
	SubmitClaim  Act = "submits"
	ReadClaim    Act = "reads"
	Pause        Act = "waits"
)

// Call comes before each call of the client.
type Call struct {
	Act   Act
	At    time.Time     // on the clinic's clock, as everywhere
	Check *Check        // of StartCheck; nil for others
	Visit *Visit        // of the acts from ListRooms to ReadVisit
	Claim *Claim        // of SubmitClaim and ReadClaim
	Pause time.Duration // of Pause
	Card  string        // of ChangeCard: primary or secondary
	// Other says that another patient of the clinic is signed on and checked. The event of that check releases a held
	// one.
	Other bool
}

// Check is a check of the scenario.
type Check struct {
	N       int            // counted from 1; 0 for the check of another patient
	Nth     int            // of those of its card, from 1; likewise
	Step    scenarios.Step // the expected result. Response is Success where the scenario expects nothing else.
	Carrier string
	Again   bool // its card has been checked before
	Late    bool // its card was changed before its result, which is on no card then
	Started time.Time
	ID      string // empty before the start, and when the client got no reply to it
}

// Ends reports whether the check must have a result.
func (c *Check) Ends() bool { return c.Step.Response != "" && c.ID != "" }

// Claim is a claim of the scenario.
type Claim struct {
	N      int // counted from 1
	Step   scenarios.ClaimStep
	Sample scenarios.SampleClaim // the claim as submitted
	ID     string                // empty before the submission, and when the claim is refused
}

// Exchange comes after each request of a Call, with its reply. With a Failure and not Again, the client gives up.
type Exchange struct {
	Call
	Request Request
	Reply   Reply
	Err     error         // of Client.Send
	Failure string        // why the reply is of no use, as a sentence without an end; empty for a good reply
	Again   bool          // the client sends the request again, after a new sign-on for status 401
	After   time.Duration // the time until then, as the reply asks; 0 for at once
}

// Kind is the kind of a Due.
type Kind int

// The kinds.
const (
	Result  Kind = iota // the result of Check is saved on its card
	Attempt             // an attempt to deliver the event of Check was made
	Status              // Claim has reached Status, and its event was sent unless ClaimWebhook drops it
	Step                // Visit has made a step: the visit VisitID has reached Status, and its Event was sent
	Silence             // Quiet is over: nothing has come of Check, Visit or Claim
)

// Due is a thing that must have happened by now. It comes after the Client.Advance that leads to it. Several at one
// time come in the order in which they happen.
type Due struct {
	At    time.Time
	Kind  Kind
	Check *Check // exactly one of these is set
	Visit *Visit
	Claim *Claim
	// Saved has the text on each card once everything due at this time has happened. A card without a result is
	// missing.
	Saved map[string]string
	// Visits has the number of the status of each visit so far, by id, likewise.
	Visits map[string]string
	// Status is the claim's, of Kind Status; of Kind Step, the number of the visit's.
	Status string
	// VisitID is the id of the walk-in or of its appointment, and Event is the type of the event; of Kind Step.
	VisitID, Event string
	// Attempt counts the attempts to deliver an event, from 1; of Kind Attempt, and 1 for a claim's event.
	Attempt int
	// Webhook has the deliberate faults of this attempt. With Refused above 0, the attempt is recorded and not sent.
	Webhook scenarios.Webhook
	// Last says that no further attempt is expected.
	Last bool
}

// Quiet is how long a check must remain without a result for it to count as silent, and ClaimQuiet a claim.
const (
	Quiet      = 12 * time.Hour
	ClaimQuiet = 30 * 24 * time.Hour
)

// End comes last, when nothing is pending any more.
type End struct{ At time.Time }
