package clinic

import (
	"slices"
	"strconv"
)

// Mark is something that a search finds users by exactly, such as a role.
type Mark struct {
	Kind  MarkKind
	Value string
}

// MarkKind is the kind of a Mark.
type MarkKind uint8

// The kinds of marks. The values of MarkType are numbers, and those of MarkProvider are ids of users. MarkID is the
// user's own id.
const (
	MarkID MarkKind = iota
	MarkType
	MarkRole
	MarkRoom
	MarkGroup
	MarkProvider
)

// UserList is users in the order of their creation. They must not be changed.
type UserList interface {
	Len() int
	At(n int) *User
}

func typeMarks(types ...Type) []Mark {
	marks := make([]Mark, 0, len(types))
	for _, one := range types {
		marks = append(marks, Mark{MarkType, strconv.Itoa(int(one))})
	}
	return marks
}

// Marks returns the marks of the user other than the id, each once; none for an empty user.
func (u *User) Marks() []Mark {
	var marks []Mark
	if u.Type != 0 {
		marks = typeMarks(u.Type)
	}
	if u.Type == Admin {
		marks = append(marks, Mark{MarkRole, ClinicAdmin})
	}
	for _, assigned := range []struct {
		kind   MarkKind
		values []string
	}{
		{MarkRole, u.Assigned.Roles}, {MarkRoom, u.Assigned.Rooms}, {MarkGroup, u.Assigned.Groups},
		{MarkProvider, u.Assigned.Providers},
	} {
		for _, value := range assigned.values {
			if mark := (Mark{assigned.kind, value}); !slices.Contains(marks, mark) {
				marks = append(marks, mark)
			}
		}
	}
	return marks
}

// HasSameMarks reports whether another state of the user has the same Marks, without making them.
func (u *User) HasSameMarks(other *User) bool {
	a, b := &u.Assigned, &other.Assigned
	return u.Type == other.Type && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Rooms, b.Rooms) &&
		slices.Equal(a.Groups, b.Groups) && slices.Equal(a.Providers, b.Providers)
}
