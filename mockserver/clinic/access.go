package clinic

import "context"

// Self is the user id that stands for the token's owner (documented).
const Self = "-"

var errNoUser = refuse(NotFound, "the clinic has no user with this id")

// find returns the user whom the owner of a token means by id, when they may: the admin any user, a user their own
// (documented that it needs one of the two, inferred that another's data is forbidden).
func (c *Clinic) find(v View, token, id string) (User, error) {
	caller, err := c.whose(v, token)
	if err != nil {
		return User{}, err
	}
	if id == Self || id == caller.user.ID {
		return caller.user, nil
	}
	if !caller.admin {
		return User{}, refuse(Forbidden, "this token may only see and change its own user")
	}
	user, ok := v.Users().Get(id)
	if !ok {
		return User{}, errNoUser
	}
	return user, nil
}

// User returns a user whom the owner of a token may see; Self is the owner.
func (c *Clinic) User(ctx context.Context, token, id string) (User, error) {
	var user User
	err := c.store.View(ctx, c.id, func(v View) error {
		var err error
		user, err = c.find(v, token, id)
		return err
	})
	return user, err
}

// Whom returns the user whom the owner of a token means by an id. Nobody has read them by that.
func (c *Clinic) Whom(ctx context.Context, token, id string) (User, error) {
	var user User
	err := c.store.View(ctx, c.id, func(v View) error {
		var err error
		user, err = c.find(v, token, id)
		return err
	})
	return user, err
}

// Update changes the user whose token it is (seed, step 3).
func (c *Clinic) Update(ctx context.Context, token string, patch Patch) (User, error) {
	var user User
	err := c.store.Update(ctx, c.id, func(tx Tx) error {
		var err error
		if user, err = c.find(tx, token, Self); err != nil {
			return err
		}
		before := user
		if user, err = patch.apply(tx.Settings(), user); err != nil {
			return err
		}
		if err = user.named(); err != nil {
			return err
		}
		if user, err = patch.images(tx, user); err != nil {
			return err
		}
		user = keep(tx, before, user.withDefaults(draws(tx)))
		return nil
	})
	return user, err
}
