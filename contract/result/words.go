package result

import "slices"

// Classes returns all classes, the most urgent first.
func Classes() []Class { return []Class{Breaking, Unclear, Additive} }

// Kinds returns all kinds of causes.
func Kinds() []Kind {
	return []Kind{
		Undeclared, Missing, Type, Null, Format, Enum, Status, MediaType, Header, Text, Value, Owner, LostWrite,
		EventMissing, EventExtra, EventRequest, Late,
	}
}

// Cases returns all cases, in the order in which one stands for the others.
func Cases() []Case { return []Case{OK, NoToken, WrongToken, OtherUser, UnknownID, BadField, Limit} }

// States returns all states, the most urgent first.
func States() []State { return []State{Failed, Blocked, Known, NotTestable, Passed} }

// Fails reports whether a cause makes the run red: no entry of the known differences covers it, and its class is in
// FailOn.
func (r Run) Fails(c Cause) bool { return c.Known == "" && slices.Contains(r.FailOn, c.Class) }

// Warns reports whether a cause is a warning: no entry of the known differences covers it, and its class is in WarnOn.
func (r Run) Warns(c Cause) bool { return c.Known == "" && slices.Contains(r.WarnOn, c.Class) }
