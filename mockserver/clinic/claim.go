package clinic

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
)

// Claim is a claim of a clinic.
type Claim struct {
	claims.Claim
	Order        Order // the card with the carrier
	CheckID      string
	Query        *ClaimQuery   // the question to the clearinghouse
	Misbehaviour *Misbehaviour // of its events; nil for none
}

// ClaimQuery is the question to the clearinghouse about a claim.
type ClaimQuery struct {
	Check EligibilityQuery // the check behind the claim, with the current patient, card and time
	Nth   int              // 1 for the first claim of this subscriber with this insurer in the clinic
	// NthOfPatient is 1 for the first claim of the user, to any insurer.
	NthOfPatient int
	Lines        []claims.Line
}

// Claims returns claims of the clinic, newest first.
func (c *Clinic) Claims(ctx context.Context, p Page) ([]Claim, error) {
	return listPage(ctx, c, p, View.Claims)
}

var errNoClaim = refuse(NotFound, "the clinic has no claim with this id")

// ClaimByID returns a claim of any member. It returns an Error when the clinic has none of this id.
func (c *Clinic) ClaimByID(ctx context.Context, id string) (Claim, error) {
	return getRow(ctx, c, id, View.Claims, errNoClaim)
}

// Claim returns a claim visible to the owner of a token: their own, or any for the admin.
func (c *Clinic) Claim(ctx context.Context, token, id string) (Claim, error) {
	return view(ctx, c, func(v View) (Claim, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return Claim{}, err
		}
		claim, ok := v.Claims().Get(id)
		if !ok {
			return Claim{}, errNoClaim
		}
		if !caller.admin && claim.MemberID != caller.user.ID {
			return Claim{}, refuse(Forbidden, "the claim is another user's: this token may only see and submit those of its "+
				"own user")
		}
		return claim, nil
	})
}

// MemberClaims returns claims of a member, newest first, and how many there are in all: it leaves out the first start,
// and returns at most limit. The owner of the token must be allowed to see the member; Self is the owner.
func (c *Clinic) MemberClaims(ctx context.Context, token, memberID string, start, limit int) ([]Claim, int, error) {
	var total int
	found, err := view(ctx, c, func(v View) ([]Claim, error) {
		member, err := c.authorizedMember(v, token, memberID)
		if err != nil {
			return nil, err
		}
		var found []Claim
		total = len(member.Claims)
		first := max(total-start, 0)
		for _, id := range slices.Backward(member.Claims[max(first-limit, 0):first]) {
			claim, _ := v.Claims().Get(id)
			found = append(found, claim)
		}
		return found, nil
	})
	return found, total, err
}

// SubmitClaim accepts a claim for a member if the member's last check with the carrier was a success. It asks the
// clearinghouse for a decision: by the scenario with the given id, unless the id is empty. Self is the owner of the
// token. The error has every broken rule as claims.Problems. A claim is submitted for a member_id (documented); the
// rest is ours.
func (c *Clinic) SubmitClaim(ctx context.Context, token, memberID string, r claims.Request, scenario string) (Claim,
	error) {
	return updateAndWake(ctx, c, func(tx Tx) (Claim, error) {
		member, err := c.authorizedMember(tx, token, memberID)
		if err != nil && len(r.Wrong) == 0 {
			return Claim{}, err
		}
		if err != nil {
			member = newUser()
		}
		settings := *tx.Settings().Claims
		if !settings.Enabled {
			return Claim{}, refuse(Forbidden, "claims are not enabled in this clinic")
		}
		var check EligibilityCheck
		if err == nil {
			var wrong claims.Problems
			check, wrong = eligibleCheck(tx, member, r.Carrier)
			r.Wrong = r.Wrong.And(wrong...)
		}
		patient := claims.Patient{ID: member.ID, DOB: member.DOB,
			Respparty: member.Insurance.Card(check.Order).Relation.Respparty}
		claim, wrong := claims.Submit(settings, patient, r, c.clock.Now())
		if wrong = wrong.And(earlierProblems(tx, member, claim, wrong)...); len(wrong) > 0 {
			return Claim{}, wrong
		}
		return c.adjudicate(tx, member, check, claim, scenario), nil
	})
}

// earlierProblems returns the rules that a claim breaks beside the member's earlier claims. An incorrect claim is not
// compared with them, except for the claim that it replaces.
func earlierProblems(v View, member *User, claim claims.Claim, wrong claims.Problems) claims.Problems {
	corrected := map[string]bool{} // the claims that it replaces, and those that they replace
	for id := claim.Original; id != ""; {
		earlier, _ := v.Claims().Get(id)
		if earlier.MemberID != member.ID {
			earlier = Claim{}
		}
		if broken := claim.Replaces(earlier.Claim); id == claim.Original && broken != nil {
			return broken
		}
		corrected[id], id = true, earlier.Original
	}
	for _, id := range member.Claims {
		if earlier, _ := v.Claims().Get(id); len(wrong) == 0 && !corrected[id] && claim.IsDuplicateOf(earlier.Claim) {
			return claims.Problems{{Rule: duplicateRule}}
		}
	}
	return nil
}

const duplicateRule = "the claim is a duplicate: the member has one with this carrier, encounter_date and lines, or " +
	"in place of the same original, that was not rejected; to correct a decided claim, send frequency_code 7 and its id " +
	"as original_claim_id"

// authorizedMember returns the user of a claim. The owner of the token must be allowed to see them.
func (c *Clinic) authorizedMember(v View, token, id string) (*User, error) {
	member, err := c.authorizedUser(v, token, id)
	if refused := (*Error)(nil); errors.As(err, &refused) && refused.Kind == NotFound {
		return nil, refuse(NotFound, "member_id is not a member of this clinic")
	}
	return member, err
}

// eligibleCheck returns the check behind a claim: the last finished one with the carrier, if it was a success. A change
// of the policy or the person since then discards the check.
func eligibleCheck(v View, member *User, carrier string) (EligibilityCheck, claims.Problems) {
	_, onCard := member.Insurance.OrderForCarrier(carrier)
	check, checked := v.Checks().Get(member.lastCheck(carrier))
	for _, rule := range []struct {
		broken      bool
		field, says string
	}{
		{!supportsCarrier(v.Settings(), carrier), "carrier_code",
			"is not one of the clinic's insurers: GET /insurances lists them"},
		{!v.Settings().takesClaims(carrier), "carrier_code", "is not a carrier that the clinic submits claims to: " +
			"claims.carrier of GET /_mock/clinics/{account} lists them"},
		{!onCard, "carrier_code", "is on neither of the member's insurance cards: " +
			"GET /users/{user_id}/insurances lists them"},
		{!checked, "member_id",
			"has no eligibility check with this carrier that has ended: start one, and wait for its result"},
		{checked && (check.Answer.Code != "" || check.Answer.Silent), "member_id",
			"is not eligible: the last eligibility check with this carrier was not Success"},
	} {
		if rule.broken {
			return EligibilityCheck{}, claims.Problems{{Field: rule.field, Rule: rule.says}}
		}
	}
	return check, nil
}

// adjudicate asks the clearinghouse for a decision on a submitted claim, and stores the claim with its first stage
// scheduled.
func (c *Clinic) adjudicate(
	tx Tx, member *User, check EligibilityCheck, submitted claims.Claim, scenario string,
) Claim {
	query := check.Query()
	query.User, query.Order = member, check.Order
	query.Carrier, query.At, query.Scenario = query.Card().Carrier, submitted.Submitted, scenario
	claim := Claim{Claim: submitted, Order: check.Order, CheckID: check.ID}
	claim.ID = strconv.FormatUint(firstClaimID+tx.NextCount("claim")-1, 10)
	subscriber := subscriberOf(member.ID, query.Card().Subscriber)
	claim.Query = &ClaimQuery{
		Check: query, Lines: claim.Lines,
		//nolint:gosec // a count of requests
		Nth: int(tx.Tally("claims of " + claim.Carrier + " " + subscriber)),
		//nolint:gosec // likewise
		NthOfPatient: int(tx.Tally("claims of user " + member.ID)),
	}
	claim.Decision, claim.Misbehaviour = c.answers.Adjudicate(*claim.Query)
	claim = scheduleNextStage(tx, claim)
	after := *member
	after.Claims = append(slices.Clip(member.Claims), claim.ID)
	tx.PutUser(&after)
	return claim
}

// scheduleNextStage stores a claim and adds the work for its next stage, if there is one.
func scheduleNextStage(tx Tx, claim Claim) Claim {
	settings := tx.Settings()
	delay := settings.cronDelay(settings.draws().OfClaim(claim.ID, len(claim.History)))
	if claim.Claim = claim.WithNextDue(delay); !claim.Due.IsZero() {
		tx.AddWork(ClaimWork, claim.Due, claim.ID)
	}
	tx.PutClaim(claim)
	return claim
}

// AdvanceClaim moves the claim of a ClaimWork item to its next stage. It records the event, makes its delivery due, and
// schedules the following stage. It returns false when the item is no longer pending.
func (c *Clinic) AdvanceClaim(ctx context.Context, work Work) (Claim, bool, error) {
	claim, err := updateAndWake(ctx, c, func(tx Tx) (Claim, error) {
		claim, found := tx.Claims().Get(work.Subject)
		if !found || !tx.IsPending(work) {
			return Claim{}, nil
		}
		tx.RemoveWork(work)
		member, _ := tx.Users().Get(claim.MemberID)
		now := c.clock.Now()
		claim.Claim = claim.Next(now)
		event, err := newEvent(tx, claims.UpdatedEvent, now, claim.EventData(member.ExternalID))
		if err != nil {
			return claim, err
		}
		event.ClaimID, event.Misbehaviour = claim.ID, claim.Misbehaviour
		claim.History[len(claim.History)-1].EventID = event.ID
		claim = scheduleNextStage(tx, claim)
		recordEvent(tx, event, member.ID)
		return claim, nil
	})
	return claim, claim.ID != "", err
}

// lastClaim returns the last claim of a user at the given status, or an example when the user has none. If the given
// status has no event, it uses the claim's own status, or acknowledged if that has no event either.
func (c *Clinic) lastClaim(v View, user User, status claims.Status) claims.Claim {
	claim := claims.Claim{
		ID: fmt.Sprint(firstClaimID), MemberID: user.ID, Carrier: v.Settings().claimCarrier(), Status: claims.Submitted,
		Lines: []claims.Line{{Procedure: "99211", Units: 1, Fee: 28_00}}, // of the published settings
	}
	if n := len(user.Claims); n > 0 {
		last, _ := v.Claims().Get(user.Claims[n-1])
		claim = last.Claim
	}
	for _, other := range []claims.Status{claim.Status, claims.Acknowledged} {
		if !status.HasEvent() {
			status = other
		}
	}
	return claim.WithForcedStatus(status, c.answers.DecisionWithStatus)
}

// claimCarrier returns the first of the clinic's insurers with claims enabled; the first insurer of all if there is
// none.
func (s *Settings) claimCarrier() string {
	at := slices.IndexFunc(s.Insurers, func(i Insurer) bool { return s.takesClaims(i.ID) })
	return s.Insurers[max(at, 0)].ID
}

// ClaimCarriers returns the codes of the insurers that take claims, by the clinic's name of them. Without a table in
// the settings, they are the published ones and every insurer of the clinic (ours).
func (s *Settings) ClaimCarriers() map[string]string {
	if s.Claims.Carriers != nil {
		return s.Claims.Carriers
	}
	by := claims.PublishedCarriers()
	for _, i := range s.Insurers {
		by[i.Name] = i.ID
	}
	return by
}

// takesClaims reports whether the clinic submits claims to a carrier.
func (s *Settings) takesClaims(carrier string) bool {
	return slices.Contains(slices.Collect(maps.Values(s.ClaimCarriers())), carrier)
}
