package clinic

import (
	"context"
	"crypto/subtle"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// LinkedVisit returns a visit by its id and the token of its link, which opens it without a sign-on (documented). It
// returns an Error unless both are right.
func (c *Clinic) LinkedVisit(ctx context.Context, id, link string) (Visit, error) {
	return view(ctx, c, func(v View) (Visit, error) {
		visit, ok := v.Visits().Get(id)
		if !ok || visit.LinkToken == "" || subtle.ConstantTimeCompare([]byte(visit.LinkToken), []byte(link)) != 1 {
			return Visit{}, errNoVisit
		}
		return detailsOf(v, visit), nil
	})
}

// SummarizedVisit returns the completed visit with a code. It returns an Error when there is none.
func (c *Clinic) SummarizedVisit(ctx context.Context, code string) (Visit, error) {
	return view(ctx, c, func(v View) (Visit, error) {
		for _, visit := range v.Visits().Newest("", v.Visits().Len()) {
			if visit.Code == code && visit.Status == visits.Completed {
				return detailsOf(v, visit), nil
			}
		}
		return Visit{}, errNoVisit
	})
}

// Patient returns a patient as the portal shows them: any patient of the clinic to a provider, and a patient to
// themselves (ours).
func (c *Clinic) Patient(ctx context.Context, token, id string) (User, error) {
	return view(ctx, c, func(v View) (User, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return User{}, err
		}
		user, ok := v.Users().Get(id)
		switch {
		case caller.isPatient() && caller.user.ID != id:
			return User{}, refuse(Forbidden, "only a provider may open the page of another user")
		case !ok || user.Type != Member && user.Type != Guest:
			return User{}, refuse(NotFound, "the clinic has no patient with this id")
		}
		return user, nil
	})
}
