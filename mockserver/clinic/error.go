package clinic

import "fmt"

// Kind is the kind of an Error.
type Kind int

// The kinds of errors the domain knows.
const (
	Invalid         Kind = iota + 1 // the request breaks a rule
	Unauthenticated                 // the caller is unknown, or their token is no longer valid
	Forbidden                       // the caller lacks the permission
	NotFound                        // the requested thing does not exist
	Exists                          // the thing to create exists already
)

// Error is a refusal. Its message is for the caller: one sentence that names the field and the rule, and carries no
// value that was sent.
type Error struct {
	Kind    Kind
	Message string
}

func (e *Error) Error() string { return e.Message }

func refuse(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}
