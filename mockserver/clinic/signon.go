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
	Code  string // required for members and providers; generated for a guest without one
	Type  Type   // 0 when not sent: a new user becomes a Member
	Room  string // the code of the room to assign a provider to; without effect for others
	Patch Patch  // includes first_name and last_name, sent with every sign-on
}

// SignedOn is the result of a sign-on.
type SignedOn struct {
	User  *User // must not be changed
	Token Token

	VSeeNumber uint64 // of the token of the user's VSee account, for VSeeToken; 0 for none

	// BeforeReply means: send the event about the user before the reply to the sign-on.
	BeforeReply bool
}

// SignOn creates the user with this code, or updates the given fields of an existing one. It returns a new token. The
// same code always means the same user (VSee's rule); the update of fields is ours.
func (c *Clinic) SignOn(ctx context.Context, r SignOn) (SignedOn, error) {
	type result struct {
		SignedOn
		hasEvent bool
	}
	made, err := update(ctx, c, func(tx Tx) (result, error) {
		now := c.clock.Now()
		before, known := tx.UserByCode(r.Code)
		if !known {
			before = newUser()
		}
		user := before
		if !known || r.mayChange(tx.Settings(), before) {
			changed := *before
			if err := r.apply(tx, &changed, now); err != nil {
				return result{}, err
			}
			user = storeUser(tx, before, &changed)
		}
		tx.PutLastLogin(user.ID, MomentOf(now))
		reply := SignedOn{User: user, Token: newToken(tx, user, now), VSeeNumber: tx.NextCount(tokenCounter)}
		w := &tx.Settings().Webhook
		if known || !WantsEvent(*w, UserCreated) {
			return result{SignedOn: reply}, nil
		}
		reply.BeforeReply = outbox.SendsBeforeReply(nil, w)
		event, err := newEvent(tx, UserCreated, now, userCreatedData(user))
		if err == nil {
			outbox.RecordEvent(outboxOf(tx), event, user.ID, now)
		}
		return result{reply, true}, err
	})
	if err == nil && made.hasEvent {
		c.wake()
	}
	return made.SignedOn, err
}

// VSeeToken returns the token of the user's VSee account: 32 lower-case hex digits.
func (c *Clinic) VSeeToken(s SignedOn) string { return c.ids.hex(tokenSubject, s.VSeeNumber) }

// mayChange reports whether the sign-on may change a stored user, or must be refused. Most sign-ons repeat an earlier
// one, so their user need not be stored again.
func (r *SignOn) mayChange(s *Settings, user *User) bool {
	return r.Room != "" || r.Type != 0 && r.Type != user.Type || r.Patch.mayChange(s, user) || user.Username == "" ||
		user.Timezone == "" || user.requireLastName() != nil
}

// apply updates the fields of a user by this sign-on. A user without an id is new.
func (r *SignOn) apply(tx Tx, user *User, now time.Time) error {
	isNew := user.ID == ""
	if isNew {
		user.Code, user.Type = r.Code, cmp.Or(r.Type, Member)
		if user.Code == "" && user.Type != Guest {
			return refuse(Invalid, "code is required for a member or a provider")
		}
	}
	if r.Type != 0 && r.Type != user.Type {
		return refuse(Invalid, "type is not the one this code was first used with")
	}
	if err := r.Patch.apply(tx.Settings(), user); err != nil {
		return err
	}
	if err := user.requireLastName(); err != nil {
		return err
	}
	if r.Room != "" && user.Type == Provider {
		if err := user.assignRoom(r.Room); err != nil {
			return err
		}
	}
	if isNew {
		assignIDs(tx, user, now)
	}
	if err := r.Patch.images(tx, user, now); err != nil {
		return err
	}
	user.setDefaults(newIDGenerator(tx))
	return nil
}

// assignIDs gives a new user ids, and a code if it has none.
func assignIDs(tx Tx, user *User, now time.Time) {
	n := tx.NextCount(userCounter)
	user.ID = strconv.FormatUint(firstUserID+n-1, 10)
	user.ExternalID = strconv.FormatUint(firstExternalID+n-2, 10) // the admin is the first user and has no external id
	user.VSeeID = newIDGenerator(tx).vseeID(now)
	user.Created = now
	if user.Code == "" {
		user.Code = newIDGenerator(tx).permanentToken()
	}
}

// setDefaults sets the fields that VSee fills in for a user.
func (u *User) setDefaults(draw idGenerator) {
	if u.Username = cmp.Or(u.Username, u.Email); u.Username == "" {
		u.Username = draw.permanentToken()
	}
	u.Timezone = cmp.Or(u.Timezone, DefaultTimezone)
}
