package play

import (
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Moment is something that happens in a play: a Call, an Exchange, a Wait, a Due or an End.
type Moment interface{ moment() }

func (Call) moment()     {}
func (Exchange) moment() {}
func (Wait) moment()     {}
func (Due) moment()      {}
func (End) moment()      {}

// Act is the kind of a Call.
type Act string

// The acts, in the order of VSee's guide.
const (
	ListInsurers Act = "list the insurers"
	SignOn       Act = "sign the patient on"
	StoreCards   Act = "store the cards"
	StartCheck   Act = "start a check"
	ReadPatient  Act = "read the patient"
	SubmitClaim  Act = "submit a claim"
	ReadClaim    Act = "read a claim"
	Pause        Act = "wait"
	// CheckOther is the check of another patient of the clinic, whose event releases a held one. It covers that
	// patient's sign-on and cards, too.
	CheckOther Act = "check another patient"
)

// Call comes before each call of the client.
type Call struct {
	Act   Act
	At    time.Time     // on the clinic's clock, as everywhere
	Check *Check        // of StartCheck and CheckOther, and of the ReadPatient that ends a check; nil for others
	Claim *Claim        // of SubmitClaim and ReadClaim
	Pause time.Duration // of Pause
}

// Check is a check of the scenario.
type Check struct {
	N       int            // counted from 1; 0 for the other patient's
	Step    scenarios.Step // the expected result. Response is Success where the scenario expects nothing else.
	Carrier string
	Again   bool // its card has been checked before
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

// Exchange comes after each request, with its reply.
type Exchange struct {
	At      time.Time
	Act     Act
	Check   *Check // of StartCheck and CheckOther
	Claim   *Claim // of SubmitClaim and ReadClaim
	Request Request
	Reply   Reply
	Err     error  // of Client.Send
	Refused bool   // the scenario expects a refusal with 400
	Failure string // the reason for another try, as a sentence without an end; empty for none
	Then    Then
}

// Then is what the client does after a reply.
type Then struct {
	Do    Reaction
	After time.Duration // of Retry: as asked for by the reply; 0 for at once
}

// Reaction is the client's reaction to a reply.
type Reaction int

// The reactions.
const (
	GoOn   Reaction = iota // it has its reply
	Retry                  // it sends the request again
	Renew                  // it signs the patient on again and sends the request with the new token
	GiveUp                 // it has tried often enough
)

// Wait comes before each passage of time on the clinic's clock.
type Wait struct {
	At  time.Time // its beginning
	By  time.Duration
	Why Reason
	Due []Due // what is due at its end; empty for nothing
}

// Reason is why a client lets time pass.
type Reason int

// The reasons.
const (
	ForDue    Reason = iota // for the next Due
	ForCall                 // the scenario says `wait`
	ForWindow               // the scenario is for certain times
	ForRetry                // a reply asked for it with Retry-After
)

// Kind is the kind of a Due.
type Kind int

// The kinds.
const (
	Result  Kind = iota // the result of Check is saved on its card
	Attempt             // an attempt to deliver the event of Check was made
	Status              // Claim has reached Status, and its event was sent unless ClaimWebhook drops it
	Silence             // Quiet is over: nothing has come of Check or Claim
)

// Due is a thing that must have happened by now. It comes after the Client.Advance that leads to it. Several at one
// time come in the order in which they happen.
type Due struct {
	At    time.Time
	Kind  Kind
	Check *Check // nil for a claim
	Claim *Claim
	// Saved has the text on each card once everything due at this time has happened. A card without a result is
	// missing.
	Saved map[string]string
	// Status is the claim's, of Kind Status.
	Status string
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
