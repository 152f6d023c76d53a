package clinic

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// SignOn is a request to create a user, or to fetch the one with this code.
type SignOn struct {
	Code  string // required for members and providers; made up for a guest without one
	Type  Type   // 0 when not sent: a new user becomes a Member
	Room  string // the code of the room to assign a provider to; of no effect for others
	Patch Patch  // includes first_name and last_name, sent with every sign-on
}

// SignedOn is the result of a sign-on.
type SignedOn struct {
	User      User
	Token     Token
	VSeeToken string // the token of the user's VSee account: 32 lower-case hex digits

	// BeforeReply means: send the event about the user before the reply to the sign-on.
	BeforeReply bool
}

// SignOn creates the user with this code, or updates the given fields of an existing one. It returns a new token. The
// same code always means the same user (VSee's rule); the update of fields is ours.
func (c *Clinic) SignOn(ctx context.Context, r SignOn) (SignedOn, error) {
	return updateAndWake(ctx, c, func(tx Tx) (SignedOn, error) {
		now := c.clock.Now()
		before, known := tx.UserByCode(r.Code)
		user, err := r.user(tx, now)
		if err != nil {
			return SignedOn{}, err
		}
		user.LastLogin = now
		user = keep(tx, before, user)
		reply := SignedOn{User: user, Token: newToken(tx, user, now), VSeeToken: draws(tx).token()}
		w := tx.Settings().Webhook
		if known || !Wants(w, UserCreated) {
			return reply, nil
		}
		reply.BeforeReply = outbox.SendsBeforeReply(nil, w)
		event, err := newEvent(tx, UserCreated, now, userCreated(user))
		if err == nil {
			outbox.RecordEvent(outboxOf(tx), event, user.ID, now)
		}
		return reply, err
	})
}

// user returns the user as this sign-on leaves them.
func (r SignOn) user(tx Tx, now time.Time) (User, error) {
	user, known := tx.UserByCode(r.Code)
	if !known {
		user = User{Code: r.Code, Type: cmp.Or(r.Type, Member)}
		if user.Code == "" && user.Type != Guest {
			return User{}, refuse(Invalid, "code is required for a member or a provider")
		}
	}
	if r.Type != 0 && r.Type != user.Type {
		return User{}, refuse(Invalid, "type is not the one this code was first used with")
	}
	user, err := r.Patch.apply(tx.Settings(), user)
	if err != nil {
		return User{}, err
	}
	if err := user.named(); err != nil {
		return User{}, err
	}
	if r.Room != "" && user.Type == Provider {
		if err := user.enter(r.Room); err != nil {
			return User{}, err
		}
	}
	if !known {
		user = enrol(tx, user, now)
	}
	if user, err = r.Patch.images(tx, user); err != nil {
		return User{}, err
	}
	return user.withDefaults(draws(tx)), nil
}

// enrol gives a new user the ids of their clinic.
func enrol(tx Tx, user User, now time.Time) User {
	n := tx.Count(userCounter)
	user.ID = strconv.FormatUint(firstUserID+n-1, 10)
	user.ExternalID = strconv.FormatUint(firstExternalID+n-2, 10) // the admin is the first user and has no external id
	user.VSeeID = draws(tx).vseeID(now)
	user.Created = now
	if user.Code == "" {
		user.Code = draws(tx).userToken()
	}
	return user
}

// withDefaults sets the fields that VSee fills in for a user.
func (u User) withDefaults(draw drawer) User {
	if u.Username = cmp.Or(u.Username, u.Email); u.Username == "" {
		u.Username = draw.userToken()
	}
	u.Timezone = cmp.Or(u.Timezone, DefaultTimezone)
	return u
}
