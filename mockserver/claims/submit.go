package claims

import (
	"cmp"
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
	Total     *Cents   // of all fees; nil when it was not sent
	Frequency string   // Original or Replacement; empty is Original
	Original  string   // the id of the claim that a Replacement replaces
	Wrong     Problems // found before: Submit adds those of other fields
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

// Submit returns the claim of a request for a patient, without an id and a decision, and every broken rule. The claim
// is valid only if no rule is broken.
func Submit(settings Settings, patient Patient, r Request, now time.Time) (Claim, Problems) {
	respparty := cmp.Or(patient.Respparty, "self")
	claim := Claim{
		MemberID: patient.ID, Carrier: r.Carrier, Encounter: r.Encounter, Provider: cmp.Or(r.Provider, settings.Provider),
		Facility: r.Facility, Respparty: respparty, Relationship: settings.Relationships[respparty], Status: Submitted,
		Submitted: now, Original: r.Original,
	}
	found := r.Wrong.And(r.validate(settings, patient, claim.Provider, now)...)
	var wrong Problems
	claim.Diagnoses, wrong = r.normalDiagnoses(settings)
	found = found.And(wrong...)
	if len(r.Lines) < 1 || len(r.Lines) > maxLines {
		return claim, found.And(Problem{"lines", fmt.Sprintf("must be a list of 1 to %d service lines", maxLines)})
	}
	diagnoses := len(r.Diagnoses)
	if diagnoses < 1 { // a pointer to one of those that are missing is right
		diagnoses = maxDiagnoses
	}
	for i, asked := range r.Lines {
		line, wrong := asked.newLine(settings, r.Place, diagnoses)
		for _, p := range wrong {
			found = found.And(Problem{fmt.Sprintf("lines.%d.%s", i, p.Field), p.Rule})
		}
		claim.Lines = append(claim.Lines, line)
	}
	if found.concern("lines") {
		return claim, found
	}
	return claim, found.And(claim.validateSum(r.Total)...)
}

// validateSum returns the rule broken by the fees of valid lines.
func (c Claim) validateSum(total *Cents) Problems {
	switch billed := c.Totals().Billed; {
	case billed == 0:
		return Problems{{"lines", "must bill something: the fee of at least one of them must be more than 0"}}
	case total != nil && *total != billed:
		return Problems{{"total", "is not the sum of the fees of the lines"}}
	}
	return nil
}

// validate returns the rules broken by fields other than lists.
func (r Request) validate(settings Settings, patient Patient, provider string, now time.Time) (wrong Problems) {
	_, err := time.Parse(time.DateOnly, r.Encounter)
	switch {
	case err != nil:
		wrong = append(wrong, Problem{"encounter_date", "must be a date that exists, written YYYY-MM-DD"})
	case !clock.HasBegun(r.Encounter, now):
		wrong = append(wrong, Problem{"encounter_date",
			"must not be in the future: by the clinic's clock, its day has begun nowhere on earth"})
	case patient.DOB != "" && r.Encounter < patient.DOB:
		wrong = append(wrong, Problem{"encounter_date", "must not be before the member was born"})
	}
	if !providerID.MatchString(provider) {
		wrong = append(wrong, Problem{"rendering_provider",
			"must be the id of a provider profile: 1 to 64 letters, digits, hyphens and underscores"})
	}
	if settings.Facilities[r.Facility] == "" {
		wrong = append(wrong, unlisted("facility_code", "facility_code", settings.Facilities))
	}
	if r.Place != "" && !placeCode.MatchString(r.Place) {
		wrong = append(wrong, Problem{"place_of_service", "must be two digits, such as 11 or 02"})
	}
	return append(wrong, r.validateFrequency()...)
}

// normalDiagnoses returns the diagnoses in their normal form.
func (r Request) normalDiagnoses(settings Settings) (known []string, wrong Problems) {
	if len(r.Diagnoses) < 1 || len(r.Diagnoses) > maxDiagnoses {
		return nil, Problems{{"diagnoses", fmt.Sprintf("must be a list of 1 to %d ICD-10 codes", maxDiagnoses)}}
	}
	listed := settings.diagnoses()
	for i, code := range r.Diagnoses {
		field := fmt.Sprintf("diagnoses.%d", i)
		normal, ok := NormalDiagnosis(code)
		switch {
		case !ok:
			wrong = append(wrong, Problem{field, "must be an ICD-10 code such as R05.9 or R05-9"})
		case slices.Contains(known, normal):
			wrong = append(wrong, Problem{field, "is in the list already"})
		case !listed[normal]:
			wrong = append(wrong, unlisted(field, "diagnosis_codes", listed))
		}
		known = append(known, normal)
	}
	return known, wrong
}

// The frequency codes of X12 that a claim may have.
const (
	OriginalClaim = "1"
	Replacement   = "7" // it replaces a claim that the insurer has decided
)

// Frequency returns the frequency code of the claim.
func (c Claim) Frequency() string {
	if c.Original != "" {
		return Replacement
	}
	return OriginalClaim
}

// validateFrequency returns the rule broken by the frequency code and the id of the original.
func (r Request) validateFrequency() Problems {
	const id = "original_claim_id"
	switch frequency := cmp.Or(r.Frequency, OriginalClaim); {
	case frequency != OriginalClaim && frequency != Replacement:
		return Problems{{"frequency_code", "must be 1 for a new claim, or 7 for one that replaces a decided claim"}}
	case frequency == Replacement && r.Original == "":
		return Problems{{id, "is required with frequency_code 7: send the claim_id of the claim to correct"}}
	case frequency == OriginalClaim && r.Original != "":
		return Problems{{id, "is for a corrected claim: send frequency_code 7 with it"}}
	}
	return nil
}

// Replaces returns the rule broken by a claim that replaces an earlier one of the same member; none for a valid one.
// VSee has not defined claims; insurers replace a claim that they have decided, and only once.
func (c Claim) Replaces(earlier Claim) Problems {
	const id = "original_claim_id"
	switch {
	case earlier.ID == "" || earlier.Carrier != c.Carrier:
		return Problems{{id, "is not a claim of this member with this carrier: GET /insurance/claims lists them"}}
	case earlier.Status == Rejected:
		return Problems{{id, "was rejected and never reached the insurer: send the claim as a new one, with " +
			"frequency_code 1"}}
	case !earlier.Settled():
		return Problems{{id, "is not decided yet: wait until it is paid, partly_paid or denied"}}
	}
	return nil
}

// IsDuplicateOf reports whether an insurer takes the claim for an earlier one of the same member: with the same carrier
// and date, and the same lines in any order. Fees and diagnoses do not matter. A rejected claim has never reached the
// insurer, so it may be sent again. Two claims that replace the same one are duplicates.
func (c Claim) IsDuplicateOf(earlier Claim) bool {
	sameCorrection := c.Original != "" && earlier.Original == c.Original
	return earlier.Status != Rejected && earlier.Carrier == c.Carrier && (sameCorrection ||
		earlier.Encounter == c.Encounter && slices.Equal(earlier.services(), c.services()))
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
