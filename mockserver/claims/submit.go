package claims

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Request is a claim as it is sent. An empty field was not sent.
type Request struct {
	Carrier   string
	Encounter string // YYYY-MM-DD
	Provider  string // the clinic's default when empty
	Facility  string
	Place     string // of service, for all lines; each procedure's own when empty
	Diagnoses []string
	Lines     []LineRequest
	Total     *Cents // of all fees; nil when it was not sent
}

// Patient is the part of a patient's record needed for a claim.
type Patient struct {
	ID        string
	DOB       string // YYYY-MM-DD; empty when unknown
	Respparty string // self, spouse, child or other, of the card with the carrier; empty is self
}

// The limits of a claim, taken from the insurers' form (X12 837P).
const (
	maxDiagnoses = 12
	maxLines     = 50
	maxPointers  = 4
	maxModifiers = 4
)

var icd10 = regexp.MustCompile(`^([A-Z][0-9][0-9A-Z])(?:[.-]([0-9A-Z]{1,4}))?$`)

// NormalDiagnosis returns an ICD-10 code in its normal form, in capitals and with a dot: R05.9 for r05-9. It returns
// false for a text of another form.
func NormalDiagnosis(code string) (string, bool) {
	parts := icd10.FindStringSubmatch(strings.ToUpper(code))
	if parts == nil {
		return "", false
	}
	return strings.TrimSuffix(parts[1]+"."+parts[2], "."), true
}

// Submit returns the claim of a request for a patient, without an id and a decision. The error names the field and the
// broken rule.
func Submit(settings Settings, patient Patient, r Request, now time.Time) (Claim, error) {
	respparty := cmp.Or(patient.Respparty, "self")
	claim := Claim{
		MemberID: patient.ID, Carrier: r.Carrier, Encounter: r.Encounter, Provider: cmp.Or(r.Provider, settings.Provider),
		Facility: r.Facility, Respparty: respparty, Relationship: settings.Relationships[respparty], Status: Submitted,
		Submitted: now,
	}
	if err := r.validate(settings, patient, claim.Provider, now); err != nil {
		return claim, err
	}
	var err error
	if claim.Diagnoses, err = r.normalDiagnoses(settings); err != nil {
		return claim, err
	}
	if len(r.Lines) < 1 || len(r.Lines) > maxLines {
		return claim, fmt.Errorf("lines must be a list of 1 to %d service lines", maxLines)
	}
	for i, asked := range r.Lines {
		line, rule := asked.newLine(settings, r.Place, len(claim.Diagnoses))
		if rule != "" {
			return claim, fmt.Errorf("lines.%d.%s", i, rule)
		}
		claim.Lines = append(claim.Lines, line)
	}
	if claim.Totals().Billed == 0 {
		return claim, errors.New("lines must bill something: the fee of at least one of them must be more than 0")
	}
	if r.Total != nil && *r.Total != claim.Totals().Billed {
		return claim, errors.New("total is not the sum of the fees of the lines")
	}
	return claim, nil
}

// validate refuses a field, other than a list, if it breaks a rule.
func (r Request) validate(settings Settings, patient Patient, provider string, now time.Time) error {
	_, err := time.Parse(time.DateOnly, r.Encounter)
	switch {
	case err != nil:
		return errors.New("encounter_date must be a date that exists, written YYYY-MM-DD")
	case !clock.HasBegun(r.Encounter, now):
		return errors.New("encounter_date must not be in the future: by the clinic's clock, its day has begun nowhere on " +
			"earth")
	case patient.DOB != "" && r.Encounter < patient.DOB:
		return errors.New("encounter_date must not be before the member was born")
	case !providerID.MatchString(provider):
		return errors.New("rendering_provider must be the id of a provider profile: 1 to 64 letters, digits, hyphens and " +
			"underscores")
	case settings.Facilities[r.Facility] == "":
		return errors.New("facility_code is not in the clinic's claims settings")
	case r.Place != "" && !placeCode.MatchString(r.Place):
		return errors.New("place_of_service must be two digits, such as 11 or 02")
	}
	return nil
}

// normalDiagnoses returns the diagnoses in their normal form.
func (r Request) normalDiagnoses(settings Settings) ([]string, error) {
	if len(r.Diagnoses) < 1 || len(r.Diagnoses) > maxDiagnoses {
		return nil, fmt.Errorf("diagnoses must be a list of 1 to %d ICD-10 codes", maxDiagnoses)
	}
	var known []string
	for i, code := range r.Diagnoses {
		normal, ok := NormalDiagnosis(code)
		switch {
		case !ok:
			return nil, fmt.Errorf("diagnoses.%d must be an ICD-10 code such as R05.9 or R05-9", i)
		case slices.Contains(known, normal):
			return nil, fmt.Errorf("diagnoses.%d is in the list already", i)
		case !settings.hasDiagnosis(normal):
			return nil, fmt.Errorf("diagnoses.%d is not in the clinic's claims settings", i)
		}
		known = append(known, normal)
	}
	return known, nil
}

// IsDuplicateOf reports whether an insurer takes the claim for an earlier one of the same member: with the same carrier
// and date, and the same lines in any order. Fees and diagnoses do not matter. A rejected claim has never reached the
// insurer, so it may be sent again.
func (c Claim) IsDuplicateOf(earlier Claim) bool {
	return earlier.Status != Rejected && earlier.Carrier == c.Carrier && earlier.Encounter == c.Encounter &&
		slices.Equal(earlier.services(), c.services())
}

// services returns the procedure, modifiers and units of each line, sorted.
func (c Claim) services() []string {
	var lines []string
	for _, line := range c.Lines {
		modifiers := slices.Sorted(slices.Values(line.Modifiers))
		lines = append(lines, fmt.Sprint(line.Procedure, " ", strings.Join(modifiers, ":"), " ", line.Units))
	}
	slices.Sort(lines)
	return lines
}
