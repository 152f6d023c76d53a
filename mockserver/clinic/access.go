package clinic

import "context"

// Self is the user id that stands for the token's owner (documented).
const Self = "-"

// find returns the user a caller means by id, when the caller may: the admin any user, a user their own (documented
// that it needs one of the two, inferred that another's data is forbidden).
func find(v View, caller Caller, id string) (User, error) {
	if id == Self {
		id = caller.User.ID
	}
	if !caller.Admin && id != caller.User.ID {
		return User{}, refuse(Forbidden, "this token may only see and change its own user")
	}
	user, ok := v.Users().Get(id)
	if !ok {
		return User{}, refuse(NotFound, "the clinic has no user with this id")
	}
	return user, nil
}

// User returns a user whom the caller may see; Self is the caller.
func (c *Clinic) User(ctx context.Context, caller Caller, id string) (User, error) {
	var user User
	err := c.store.View(ctx, c.account, func(v View) error {
		var err error
		user, err = find(v, caller, id)
		return err
	})
	return user, err
}

// Update changes the caller's own user (seed, step 3).
func (c *Clinic) Update(ctx context.Context, caller Caller, patch Patch) (User, error) {
	var user User
	err := c.store.Update(ctx, c.account, func(tx Tx) error {
		var err error
		if user, err = find(tx, caller, Self); err != nil {
			return err
		}
		if user, err = patch.apply(user); err != nil {
			return err
		}
		if user.LastName == "" && user.Type != Guest {
			return refuse(Invalid, "last_name must not be empty, except for a guest")
		}
		user = user.withDefaults(draws(tx))
		tx.PutUser(user)
		return nil
	})
	return user, err
}
