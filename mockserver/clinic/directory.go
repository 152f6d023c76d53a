package clinic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Hooks are called when clinics change. Each may be nil.
type Hooks struct {
	Opened    func(*Clinic)   // a clinic was made
	Closed    func(*Clinic)   // a clinic was deleted
	WorkAdded func(id string) // a clinic has work that may be due earlier than its work before

	// ValidateWebhook applies rules for a webhook beyond those of the domain. It returns the broken rule, in words for
	// people; nil for none.
	ValidateWebhook func(Webhook) error

	// UnknownFields is the treatment of unknown fields in clinics without a setting of their own; RefuseTypos when
	// empty.
	UnknownFields UnknownFields

	// History is Settings.History of clinics without their own; DefaultHistory when 0.
	History int
}

// withDefaults sets the missing settings to their defaults.
func (h Hooks) withDefaults(s Settings) Settings {
	s.UnknownFields = cmp.Or(s.UnknownFields, h.UnknownFields)
	if s.History == nil && h.History != 0 {
		s.History = &h.History
	}
	return s.withDefaults()
}

// validate returns an Error for settings that break a rule. The defaults must be set.
func (h Hooks) validate(s Settings) error {
	err := s.validate()
	if err == nil && h.ValidateWebhook != nil {
		err = h.ValidateWebhook(s.Webhook)
	}
	if err != nil {
		return refuse(Invalid, "%s", err)
	}
	return nil
}

// Directory is all clinics of a process, safe for concurrent use.
type Directory struct {
	store   Store
	answers Clearinghouse
	hooks   Hooks

	mu      sync.RWMutex
	clinics map[string]*Clinic // by account code
	ids     map[string]*Clinic
}

// NewDirectory returns a directory for the clinics it creates in store.
func NewDirectory(store Store, answers Clearinghouse, hooks Hooks) *Directory {
	return &Directory{store: store, answers: answers, hooks: hooks, clinics: map[string]*Clinic{},
		ids: map[string]*Clinic{}}
}

// Create makes a clinic. It returns an Error when the settings break a rule, or the account code or the admin token
// belongs to another clinic: a token alone names its clinic.
func (d *Directory) Create(ctx context.Context, settings Settings) (*Clinic, error) {
	settings = d.hooks.withDefaults(settings)
	if err := d.hooks.validate(settings); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	account := settings.AccountCode
	if _, taken := d.clinics[account]; taken {
		return nil, refuse(Exists, "account_code belongs to another clinic: choose another one")
	}
	id, err := d.store.Create(ctx, settings)
	if errors.Is(err, ErrExists) {
		return nil, refuse(Invalid, "admin_token is a token of another clinic: choose another one")
	}
	if err != nil {
		return nil, fmt.Errorf("creating a clinic: %w", err)
	}
	c := &Clinic{
		id:      id,
		account: account,
		clock:   clock.New(settings.Clock.Start, settings.Clock.Frozen),
		store:   d.store,
		answers: d.answers,
		hooks:   d.hooks,
		wake:    func() {},
		ids:     idSource{account: account, seed: settings.Seed},

		identity: &Identity{id, account, settings.Seed},
	}
	if d.hooks.WorkAdded != nil {
		c.wake = func() { d.hooks.WorkAdded(id) }
	}
	err = c.store.Update(ctx, c.id, func(tx Tx) error {
		createFirstRoom(tx, c.clock.Now())
		createAdmin(tx, c.clock.Now())
		return nil
	})
	if err != nil { // free its admin token again
		return nil, errors.Join(fmt.Errorf("enrolling the admin of a clinic: %w", err),
			d.store.Delete(context.WithoutCancel(ctx), id))
	}
	d.clinics[account], d.ids[id] = c, c
	if d.hooks.Opened != nil {
		d.hooks.Opened(c)
	}
	return c, nil
}

// adminID is the user id of each clinic's admin: the first user.
var adminID = fmt.Sprint(firstUserID)

// createAdmin stores the admin of an empty clinic.
func createAdmin(tx Tx, now time.Time) {
	admin := newUser()
	admin.Type, admin.FirstName, admin.LastName, admin.Username = Admin, "Clinic", "Admin", "admin"
	assignIDs(tx, admin, now)
	admin.setDefaults(newIDGenerator(tx))
	tx.PutUser(admin)
}

// Clinic returns the clinic with this account code, false when there is none.
func (d *Directory) Clinic(account string) (*Clinic, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c, ok := d.clinics[account]
	return c, ok
}

// byID returns the clinic with the id that a look-up has found, false if it has failed or the clinic is gone.
func (d *Directory) byID(id string, err error) (*Clinic, bool) {
	if err != nil {
		return nil, false
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	c, ok := d.ids[id]
	return c, ok
}

// ByToken returns the clinic of a token, false when the token is not known.
func (d *Directory) ByToken(ctx context.Context, token string) (*Clinic, bool) {
	id, err := d.store.ClinicOfToken(ctx, token)
	return d.byID(id, err)
}

// ByFile returns the clinic with a file, false when there is none.
func (d *Directory) ByFile(ctx context.Context, file string) (*Clinic, bool) {
	id, err := d.store.ClinicOfFile(ctx, file)
	return d.byID(id, err)
}

// Clinics returns all clinics, by account code.
func (d *Directory) Clinics() []*Clinic {
	d.mu.RLock()
	defer d.mu.RUnlock()
	clinics := make([]*Clinic, 0, len(d.clinics))
	for _, account := range slices.Sorted(maps.Keys(d.clinics)) {
		clinics = append(clinics, d.clinics[account])
	}
	return clinics
}

// Delete removes a clinic and all of its data. It returns an Error when no clinic has the account code. Calls in
// progress on the clinic end with ErrUnknown.
func (d *Directory) Delete(ctx context.Context, account string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.clinics[account]
	if !ok {
		return refuse(NotFound, "%s", ErrUnknown)
	}
	if err := d.store.Delete(ctx, c.id); err != nil {
		return fmt.Errorf("deleting a clinic: %w", err)
	}
	delete(d.clinics, account)
	delete(d.ids, c.id)
	if d.hooks.Closed != nil {
		d.hooks.Closed(c)
	}
	return nil
}
