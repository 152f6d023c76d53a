package clinic

import "context"

// Self is the user id that stands for the token's owner (documented).
const Self = "-"

var errNoUser = refuse(NotFound, "the clinic has no user with this id")

// authorizedUser returns the user for an id in a call by the owner of the token. The admin may name any user, a user
// only their own id (documented: the call needs one of the two; inferred: another user's data is forbidden).
func (c *Clinic) authorizedUser(v View, token, id string) (*User, error) {
	caller, err := c.callerByToken(v, token)
	if err != nil {
		return nil, err
	}
	if id == Self || id == caller.user.ID {
		return caller.user, nil
	}
	if !caller.admin {
		return nil, refuse(Forbidden, "this token may only see and change its own user")
	}
	user := v.Users().Shared(id)
	if user == nil {
		return nil, errNoUser
	}
	return user, nil
}

// User returns a user visible to the owner of a token: the admin sees every user. Self is the owner. The user must not
// be changed.
func (c *Clinic) User(ctx context.Context, token, id string) (*User, error) {
	return view(ctx, c, func(v View) (*User, error) { return c.authorizedUser(v, token, id) })
}

// Authenticate returns the owner of a token and the settings of the clinic. Neither must be changed.
func (c *Clinic) Authenticate(ctx context.Context, token string) (user *User, settings *Settings, err error) {
	var found struct {
		user     *User
		settings *Settings
	}
	err = c.store.View(ctx, c.id, func(v View) (err error) {
		found.settings = v.Settings()
		found.user, err = c.authorizedUser(v, token, Self)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return found.user, found.settings, nil
}

// changeUser stores the user that f changes, if f returns no error.
func (c *Clinic) changeUser(ctx context.Context, id string, f func(View, *User) error) error {
	return c.store.Update(ctx, c.id, func(tx Tx) error {
		user, ok := tx.Users().Get(id)
		if !ok {
			return errNoUser
		}
		if err := f(tx, &user); err != nil {
			return err
		}
		tx.PutUser(&user)
		return nil
	})
}

// UpdateUser changes the fields of the token's owner that are in the patch (seed, step 3).
func (c *Clinic) UpdateUser(ctx context.Context, token string, patch Patch) (*User, error) {
	return update(ctx, c, func(tx Tx) (*User, error) {
		before, err := c.authorizedUser(tx, token, Self)
		if err != nil {
			return nil, err
		}
		user := *before
		if err := patch.apply(tx.Settings(), &user); err != nil {
			return nil, err
		}
		if err := user.requireLastName(); err != nil {
			return nil, err
		}
		if err := patch.images(tx, &user, c.clock.Now()); err != nil {
			return nil, err
		}
		user.setDefaults(newIDGenerator(tx))
		return storeUser(tx, before, &user), nil
	})
}
