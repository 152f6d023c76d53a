package result

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Cause is one difference between the target and the contract. Every finding with the same key is the same cause:
// a run reports it once, with all its places. A cause has no values of patients or clinics.
type Cause struct {
	ID string `json:"id"` // "c-" and 10 hex digits, made from the key: the same difference has the same id in each run
	Key
	Class    Class     `json:"class"`
	Evidence string    `json:"evidence"`          // of the broken statement: seed, documented, observed, inferred or ours
	Rule     string    `json:"rule"`              // one sentence, without values
	Line     int       `json:"line,omitempty"`    // in openapi.yaml; 0 for none
	Seen     int       `json:"seen"`              // how many times
	Replies  int       `json:"replies,omitempty"` // of its operation and case, for a missing field of them; 0 for no count
	Places   []string  `json:"places"`            // ids of the requirements that failed or are blocked by it, sorted
	MetBy    []string  `json:"met_by,omitempty"`  // ids of a few requirements with a reply or an event that shows it
	Known    string    `json:"known,omitempty"`   // the reason in the known differences; "" when no entry covers it
	Message  string    `json:"message,omitempty"` // the server's own message, with --show-messages only
	Exchange *Exchange `json:"exchange,omitempty"`
}

// Key identifies a cause.
type Key struct {
	Kind      Kind   `json:"kind"`
	Operation string `json:"operation"` // operationId of openapi.yaml, or the type of an event; "" for an unknown path
	Case      Case   `json:"case"`
	Pointer   string `json:"pointer"`  // JSON pointer with * for list items; a header's name; "" for the whole reply
	Expected  string `json:"expected"` // a status, JSON type, member, name, documented text, AsSent or AsDerived
	Got       string `json:"got"`      // the same, or one of the Changed texts, or Absent; never a free value
}

// ID returns the id of the cause with this key.
func (k Key) ID() string {
	sum := sha256.Sum256([]byte(strings.Join(
		[]string{string(k.Kind), k.Operation, string(k.Case), k.Pointer, k.Expected, k.Got}, "\x00")))
	return "c-" + hex.EncodeToString(sum[:5])
}

// Words for Expected and Got that stand for free values.
const (
	AsSent         = "as sent"
	AsDerived      = "as derived" // from other values, such as a full name from its parts
	AsBefore       = "as before"  // in the reply to the same request just before
	Stale          = "stale"      // the first reading after a write is old, and the second one is new
	Absent         = "absent"
	Present        = "present"
	ChangedCase    = "changed: case"
	ChangedTrim    = "changed: trim"
	ChangedEscape  = "changed: escape"
	ChangedCharset = "changed: charset"
	ChangedOther   = "changed: other"
)

// Kind is the way in which the target differs.
type Kind string

// The kinds.
const (
	Undeclared   Kind = "undeclared"    // a field that openapi.yaml lacks
	Missing      Kind = "missing"       // a required field is absent, or one of the reply before
	Type         Kind = "type"          // another JSON type
	Null         Kind = "null"          // null where openapi.yaml has a value
	Format       Kind = "format"        // a text or number outside its format, pattern or bounds
	Enum         Kind = "enum"          // a value outside an enumeration
	Status       Kind = "status"        // another HTTP status
	MediaType    Kind = "media-type"    // another Content-Type, or a body that is not of its type
	Header       Kind = "header"        // a header is missing, or has another value
	Text         Kind = "text"          // a documented text in other words
	Value        Kind = "value"         // another value than the contract derives
	Owner        Kind = "owner"         // data of another user or clinic
	LostWrite    Kind = "lost-write"    // a value that was sent, or derived and stored, is gone or changed
	EventMissing Kind = "event-missing" // an event did not come
	EventExtra   Kind = "event-extra"   // an event came that must not, or more often than it must
	EventRequest Kind = "event-request" // method, path or headers of an event's request
	Late         Kind = "late"          // a result or an event came after its time
)

// Case is the kind of request that a reply answers.
type Case string

// The cases.
const (
	OK         Case = "ok" // a request that must succeed
	NoToken    Case = "no-token"
	WrongToken Case = "wrong-token"
	OtherUser  Case = "other-user" // a valid token of somebody who must not
	UnknownID  Case = "unknown-id"
	BadField   Case = "bad-field"
	Limit      Case = "limit" // beyond a size or a number
)

// Class says what a cause means to a client of the target. docs/contract.md has the table.
type Class string

// The classes.
const (
	Additive Class = "additive" // clients that follow the rules of JSON do not notice
	Breaking Class = "breaking" // a client that relies on VSee's documentation fails
	Unclear  Class = "unclear"  // the broken statement is inferred, or nobody knows which side is right
)
