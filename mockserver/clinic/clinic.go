// Package clinic is the domain: a clinic of VSee. A clinic (account code) owns its users, tokens, insurance cards,
// eligibility checks, claims, events, pending work, counters and clock, and shares nothing with another one.
//
// It knows no HTTP, no JSON schema and no YAML. A Clearinghouse answers checks and decides on claims, and a Store keeps
// everything. Package claims has the rules of claims, and outbox those of events: clinic applies them in the updates of
// its store. Other packages run the pending work and send the events.
package clinic

import (
	"context"
	"crypto/sha256"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Clinic is one clinic of a Directory, safe for concurrent use.
type Clinic struct {
	id      string // in the store
	account string
	clock   *clock.Clock
	store   Store
	answers Clearinghouse
	hooks   Hooks
	wake    func()
	ids     idSource

	reads pendingReads
	given answers

	identity *Identity
}

// ID returns the clinic's identifier inside the process. Unlike an account code, it is never reused for another clinic.
func (c *Clinic) ID() string { return c.id }

// Account returns the clinic's account code.
func (c *Clinic) Account() string { return c.account }

// Clock returns the clinic's clock. All times in the clinic follow it.
func (c *Clinic) Clock() *clock.Clock { return c.clock }

// RandomBytes returns the nth 32 random bytes for a subject. They follow from the clinic's seed.
func (c *Clinic) RandomBytes(subject string, n uint64) [sha256.Size]byte {
	return c.ids.randomBytes(subject, n)
}

// RandomHex returns the same for 16 bytes, as lower-case hex digits.
func (c *Clinic) RandomHex(subject string, n uint64) string { return c.ids.hex(subject, n) }

// Settings returns the current settings of the clinic. They must not be changed.
func (c *Clinic) Settings(ctx context.Context) (*Settings, error) {
	return view(ctx, c, func(v View) (*Settings, error) { return v.Settings(), nil })
}

// Configure replaces the settings with the result of f: name, description, insurers, claims, cron delay, token life,
// webhook and unknown fields. The account code, credentials, seed and first clock are fixed at creation and stay.
func (c *Clinic) Configure(ctx context.Context, f func(Settings) Settings) (Settings, error) {
	return update(ctx, c, func(tx Tx) (Settings, error) {
		before := tx.Settings()
		after := f(*before)
		after.AccountCode, after.Key, after.Secret, after.AdminToken = before.AccountCode, before.Key, before.Secret,
			before.AdminToken
		after.Seed, after.Clock, after.FirstVisitID = before.Seed, before.Clock, before.FirstVisitID
		after = c.hooks.withDefaults(after)
		if err := c.hooks.validate(after); err != nil {
			return after, err
		}
		tx.PutSettings(after)
		return after, nil
	})
}
