package clinic

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// ClinicAdmin is the role of the clinic's admin. VSee shows its name, and the name of a scheduler (documented). The
// choice of users with this role is ours.
const ClinicAdmin = "clinic_admin"

// Assignments are set by the administrator of a clinic for a user. GET /users can filter by each of them. VSee has
// admin pages for this and publishes no call (ours).
type Assignments struct {
	Roles     []string // such as ClinicAdmin, which the admin has without this
	Rooms     []string // codes of rooms
	Groups    []string // of the clinic
	Providers []string // ids of users with whom the user had a visit; an admin, who alone searches, has no visits here
}

// NewAssignments replace a user's assignments. A nil field keeps the current value, and an empty list removes all
// entries.
type NewAssignments struct{ Roles, Rooms, Groups, Providers *[]string }

// The maximum number of assignments of each kind for one user, and the maximum number of characters of one.
const (
	maxAssigned     = 100
	maxAssignedText = 128
)

// SetAssignments gives a user roles, rooms, groups, and the providers of past visits.
func (c *Clinic) SetAssignments(ctx context.Context, userID string, n NewAssignments) error {
	return c.changeUser(ctx, userID, func(v View, user *User) error {
		for _, one := range []struct {
			name   string
			values *[]string
			field  *[]string
		}{
			{"roles", n.Roles, &user.Assigned.Roles}, {"rooms", n.Rooms, &user.Assigned.Rooms},
			{"groups", n.Groups, &user.Assigned.Groups}, {"providers", n.Providers, &user.Assigned.Providers},
		} {
			if one.values == nil {
				continue
			}
			if len(*one.values) > maxAssigned {
				return refuse(Invalid, "%s must be at most %d", one.name, maxAssigned)
			}
			for _, text := range *one.values {
				if !hasAssignableLength(text) {
					return refuse(Invalid, "%s must each be 1 to %d characters", one.name, maxAssignedText)
				}
				if hasSeparator(text) {
					return refuse(Invalid, "%s must have no comma, and no space at either end: GET /users reads both as separators",
						one.name)
				}
			}
			*one.field = slices.Clone(*one.values)
		}
		for _, id := range user.Assigned.Providers {
			if _, found := v.Users().Get(id); !found {
				return refuse(Invalid, "providers must be ids of users of the clinic")
			}
		}
		return nil
	})
}

// hasAssignableLength reports whether a text is long enough to be assigned, and not too long.
func hasAssignableLength(text string) bool {
	n := utf8.RuneCountInString(text)
	return n > 0 && n <= maxAssignedText
}

// hasSeparator reports whether a text contains a comma or starts or ends with a space. GET /users reads both as
// separators between values.
func hasSeparator(text string) bool {
	return strings.Contains(text, ",") || strings.TrimSpace(text) != text
}

// assignRoom assigns a provider to the room in a sign-on (the field is observed; the assignment is inferred). It
// accepts any code.
func (u *User) assignRoom(room string) error {
	switch {
	case slices.Contains(u.Assigned.Rooms, room):
		return nil
	case !hasAssignableLength(room):
		return refuse(Invalid, "room_code must be at most %d characters", maxAssignedText)
	case hasSeparator(room):
		return refuse(Invalid, "room_code must have no comma, and no space at either end")
	case len(u.Assigned.Rooms) == maxAssigned:
		return refuse(Invalid, "room_code must be one of the provider's rooms: a provider has at most %d", maxAssigned)
	}
	u.Assigned.Rooms = append(slices.Clone(u.Assigned.Rooms), room)
	return nil
}
