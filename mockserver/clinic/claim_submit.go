package clinic

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ClaimRequest is a claim as it is sent. An empty field was not.
type ClaimRequest struct {
	MemberID  string // Self for the token's owner
	Carrier   string
	Encounter string // YYYY-MM-DD
	Provider  string // the clinic's default when empty
	Facility  string
	Place     string // of service, for all lines; each procedure's own when empty
	Diagnoses []string
	Lines     []LineRequest
	Total     *Cents // of all fees; nil when it was not sent
	Scenario  string // the id of the scenario that the claim is to be answered by; empty for any
}

// The limits of a claim, which are those of the form that insurers take (X12 837P).
const (
	maxDiagnoses = 12
	maxLines     = 50
	maxPointers  = 4
	maxModifiers = 4
)

var icd10 = regexp.MustCompile(`^([A-Z][0-9][0-9A-Z])(?:[.-]([0-9A-Z]{1,4}))?$`)

// NormalDiagnosis returns an ICD-10 code in its normal form, in capitals and with a dot: R05.9 for r05-9. It returns
// false for what has not the form of one.
func NormalDiagnosis(code string) (string, bool) {
	parts := icd10.FindStringSubmatch(strings.ToUpper(code))
	if parts == nil {
		return "", false
	}
	return strings.TrimSuffix(parts[1]+"."+parts[2], "."), true
}

// SubmitClaim takes a claim for a member whose last check with the carrier was a success, and has the clearinghouse
// decide what becomes of it. VSee says that one submits for a member_id (documented); the rest is ours.
func (c *Clinic) SubmitClaim(ctx context.Context, token string, r ClaimRequest) (Claim, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Claim, error) {
		member, err := c.member(tx, token, r.MemberID)
		if err != nil {
			return Claim{}, err
		}
		settings := *tx.Settings().Claims
		if !settings.Enabled {
			return Claim{}, refuse(Forbidden, "claims are not enabled in this clinic")
		}
		check, err := eligible(tx, settings, member, r.Carrier)
		if err != nil {
			return Claim{}, err
		}
		claim, err := r.claim(settings, member, check.Order, c.clock.Now())
		if err != nil {
			return Claim{}, err
		}
		if duplicate(tx, member, claim) {
			return Claim{}, refuse(Invalid, "the claim is a duplicate: the member has one with this carrier, encounter_date and lines that was not rejected")
		}
		c.submit(tx, member, check, &claim, r.Scenario)
		return claim, nil
	})
}

// member returns the user whom a claim is about, when the owner of a token may know them.
func (c *Clinic) member(v View, token, id string) (User, error) {
	member, err := c.find(v, token, id)
	if refused := (*Error)(nil); errors.As(err, &refused) && refused.Kind == NotFound {
		return member, refuse(NotFound, "member_id is no member of this clinic")
	}
	return member, err
}

// eligible returns the check that a claim can rest on: the last one with the carrier that has ended, when that was a
// success. A check is forgotten when it is about another policy or person since.
func eligible(v View, settings ClaimSettings, member User, carrier string) (Check, error) {
	if !supports(v.Settings(), carrier) {
		return Check{}, refuse(Invalid, "carrier_code is not one of the clinic's insurers: GET /insurances lists them")
	}
	if !settings.claims(carrier) {
		return Check{}, refuse(Invalid, "carrier_code is no carrier that the clinic submits claims to")
	}
	if _, on := member.Insurance.CardOf(carrier); !on {
		return Check{}, refuse(Invalid, "carrier_code is on neither of the member's insurance cards")
	}
	check, checked := v.Checks().Get(member.Checked[carrier])
	if !checked {
		return Check{}, refuse(Invalid, "member_id has no eligibility check with this carrier that has ended: start one, and wait for its result")
	}
	if check.Answer.Code != "" || check.Answer.Silent {
		return Check{}, refuse(Invalid, "member_id is not eligible: the last eligibility check with this carrier was not Success")
	}
	return check, nil
}

// claim returns the claim that is asked for, on a card of the member's. The error names what breaks a rule.
func (r ClaimRequest) claim(settings ClaimSettings, member User, card Order, now time.Time) (Claim, error) {
	respparty := member.Insurance.Card(card).Relation.Respparty
	if respparty == "" {
		respparty = "self"
	}
	claim := Claim{
		MemberID: member.ID, Carrier: r.Carrier, Encounter: r.Encounter, Provider: r.Provider, Facility: r.Facility,
		Respparty: respparty, Relationship: settings.Relationships[respparty], Status: ClaimSubmitted, Submitted: now,
	}
	if claim.Provider == "" {
		claim.Provider = settings.Provider
	}
	if err := r.check(settings, member, claim.Provider, now); err != nil {
		return claim, err
	}
	var err error
	if claim.Diagnoses, err = r.diagnoses(settings); err != nil {
		return claim, err
	}
	if len(r.Lines) < 1 || len(r.Lines) > maxLines {
		return claim, refuse(Invalid, "lines must be a list of 1 to %d service lines", maxLines)
	}
	for i, asked := range r.Lines {
		line, rule := asked.line(settings, r.Place, len(claim.Diagnoses))
		if rule != "" {
			return claim, refuse(Invalid, "lines.%d.%s", i, rule)
		}
		claim.Lines = append(claim.Lines, line)
	}
	if claim.Totals().Billed == 0 {
		return claim, refuse(Invalid, "lines must bill something: the fee of at least one of them must be more than 0")
	}
	if r.Total != nil && *r.Total != claim.Totals().Billed {
		return claim, refuse(Invalid, "total is not the sum of the fees of the lines")
	}
	return claim, nil
}

// check holds what is not in lists to its rules.
func (r ClaimRequest) check(settings ClaimSettings, member User, provider string, now time.Time) error {
	_, err := time.Parse(time.DateOnly, r.Encounter)
	switch {
	case err != nil:
		return refuse(Invalid, "encounter_date must be a date that exists, written YYYY-MM-DD")
	case !HasBegun(r.Encounter, now):
		return refuse(Invalid, "encounter_date must not be in the future: by the clinic's clock, its day has begun nowhere on earth")
	case member.DOB != "" && r.Encounter < member.DOB:
		return refuse(Invalid, "encounter_date must not be before the member was born")
	case !providerID.MatchString(provider):
		return refuse(Invalid, "rendering_provider must be the id of a provider profile: 1 to 64 letters, digits, hyphens and underscores")
	case settings.Facilities[r.Facility] == "":
		return refuse(Invalid, "facility_code is not one that the clinic's claims settings know")
	case r.Place != "" && !placeCode.MatchString(r.Place):
		return refuse(Invalid, "place_of_service must be two digits, such as 11 or 02")
	}
	return nil
}

// diagnoses returns the diagnoses in their normal form.
func (r ClaimRequest) diagnoses(settings ClaimSettings) ([]string, error) {
	if len(r.Diagnoses) < 1 || len(r.Diagnoses) > maxDiagnoses {
		return nil, refuse(Invalid, "diagnoses must be a list of 1 to %d ICD-10 codes", maxDiagnoses)
	}
	var known []string
	for i, code := range r.Diagnoses {
		normal, ok := NormalDiagnosis(code)
		switch {
		case !ok:
			return nil, refuse(Invalid, "diagnoses.%d must be an ICD-10 code such as R05.9 or R05-9", i)
		case slices.Contains(known, normal):
			return nil, refuse(Invalid, "diagnoses.%d is in the list already", i)
		case !settings.diagnoses(normal):
			return nil, refuse(Invalid, "diagnoses.%d is not one that the clinic's claims settings know", i)
		}
		known = append(known, normal)
	}
	return known, nil
}

// duplicate reports whether the member has a claim like this one already: with the same carrier, for the same date, and
// of the same lines, in whatever order. Fees and diagnoses do not matter, as an insurer sees it; and a claim that was
// rejected has never reached one, so it may be sent again.
func duplicate(v View, member User, claim Claim) bool {
	for _, id := range member.Claims {
		before, _ := v.Claims().Get(id)
		if before.Status != ClaimRejected && before.Carrier == claim.Carrier && before.Encounter == claim.Encounter &&
			slices.Equal(services(before), services(claim)) {
			return true
		}
	}
	return false
}

// services returns what tells the lines of a claim apart, sorted.
func services(c Claim) []string {
	var lines []string
	for _, line := range c.Lines {
		modifiers := slices.Sorted(slices.Values(line.Modifiers))
		lines = append(lines, fmt.Sprint(line.Procedure, " ", strings.Join(modifiers, ":"), " ", line.Units))
	}
	slices.Sort(lines)
	return lines
}

// submit has the clearinghouse decide on a claim and keeps it, with its first stage to come.
func (c *Clinic) submit(tx Tx, member User, check Check, claim *Claim, scenario string) {
	query := *check.Query
	query.User, query.Card = member, member.Insurance.Card(check.Order)
	query.Carrier, query.At, query.Scenario = query.Card.Carrier, claim.Submitted, scenario
	claim.ID = strconv.FormatUint(firstClaimID+tx.Count("claim")-1, 10)
	claim.Order, claim.CheckID = check.Order, check.ID
	claim.Query = &ClaimQuery{
		Check: query, Lines: claim.Lines,
		Nth: int(tx.Count("claims of " + claim.Carrier + " " + subscriberOf(member, query.Card))), //nolint:gosec // a count of requests
	}
	claim.Answer = c.answers.Adjudicate(*claim.Query)
	claim.schedule(tx)
	tx.PutClaim(*claim)
	member.Claims = append(slices.Clip(member.Claims), claim.ID)
	tx.PutUser(member)
}
