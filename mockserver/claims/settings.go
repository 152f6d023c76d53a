package claims

import (
	"errors"
	"regexp"
	"slices"
)

// Settings are a clinic's codes for claims (documented: the published clinic settings). The effect of the codes on a
// claim is ours.
type Settings struct {
	Enabled       bool
	Carriers      map[string]string       // the clinic's name of an insurer → its carrier code; nil for all insurers
	Relationships map[string]Relationship // by respparty: self, spouse, child, other
	Procedures    map[string]Procedure    // by procedure code
	Diagnoses     map[string]string       // ICD-10 code, with `-` or `.` → the clinic's id of it
	Modifiers     map[string]string       // modifier of a procedure code → the clinic's id of it
	Facilities    map[string]string       // facility code → the clinic's id of it
	Provider      string                  // the provider profile of a claim without one
	Form          Form
}

// Form is the rest of VSee's published settings, for the form of a claim. The clinic stores and shows it. VSee does not
// document the effect of the entries, and nothing depends on them.
type Form struct {
	FinancialClass string
	Chart          string
	Coverage       string
	ServiceType    string // of X12, such as 30, health benefit plan coverage
	AccountType    string
}

// Relationship is the patient's relationship to the insured, in two code lists.
type Relationship struct{ Standard, HIPAA string }

// Procedure is a billable service of the clinic.
type Procedure struct {
	ID    string
	Units int    // the default for a line without units; at least 1
	TOS   string // type of service
	POS   string // place of service: two digits
	Fee   Cents  // of one unit
}

// PublishedCarriers returns the carriers in the published settings.
func PublishedCarriers() map[string]string {
	return map[string]string{
		"Cigna": "car7556", "Anthem Blue Cross Blue Shield": "car11406", "ANTHEM BLUE SHIELD": "car11406",
		"MONTGOMERY HEALTH INSURANCE": "car7580", "HEALTH CHOICE ARIZONA": "car7556", "MEDICAID LOUISIANA": "car11400",
	}
}

// DefaultSettings returns the published settings, without a table of carriers: every insurer of a clinic takes claims.
func DefaultSettings() Settings {
	return Settings{
		Enabled: true,
		Relationships: map[string]Relationship{"self": {"1", "18"}, "spouse": {"2", "01"}, "child": {"3", "19"},
			"other": {"4", "G8"}},
		Procedures: map[string]Procedure{
			"10022": {"pcode35772", 1, "01", "11", 30_00},
			"99211": {"pcode35602", 1, "01", "11", 28_00},
			"1035F": {"pcode100247", 1, "01", "11", 29_00},
		},
		Diagnoses: map[string]string{
			"Z20-822": "dcode1033895691", "R05-9": "dcode1033895692", "R50-9": "dcode1033894809", "R51-9": "dcode1033895693",
			"B34-9": "dcode1033895695",
		},
		Modifiers: map[string]string{"20": "mcode2", "21": "mcode3", "F1": "mcode43"},
		Facilities: map[string]string{"3": "fac94", "41": "fac94", "AWC": "fac95", "AMC": "fac230", "MSC": "fac3",
			"STM": "fac94"},
		Provider: "prof18",
		Form:     Form{FinancialClass: "fclass4", Chart: "AUTO", Coverage: "1", ServiceType: "30", AccountType: "4"},
	}
}

// The forms of codes.
var (
	procedureCode = regexp.MustCompile(`^[A-Z0-9]{5}$`)
	modifierCode  = regexp.MustCompile(`^[A-Z0-9]{2}$`)
	placeCode     = regexp.MustCompile(`^[0-9]{2}$`)
	providerID    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// maxUnits is the maximum number of units of a line.
const maxUnits = 999

// Validate returns every complaint about the settings.
func (s Settings) Validate() error {
	var complaints []error
	for _, rule := range []struct {
		broken bool
		text   string
	}{
		{anyEntry(s.Procedures, func(code string, _ Procedure) bool { return !procedureCode.MatchString(code) }),
			"procedure_codes must have codes of five capital letters and digits"},
		{anyEntry(s.Procedures, func(_ string, p Procedure) bool { return p.Units < 1 || p.Units > maxUnits }),
			"procedure_codes must have units from 1 to 999"},
		{anyEntry(s.Procedures, func(_ string, p Procedure) bool { return !placeCode.MatchString(p.POS) }),
			"procedure_codes must have a pos of two digits"},
		{anyEntry(s.Procedures, func(_ string, p Procedure) bool { return p.Fee < 0 || p.Fee > maxAmount }),
			"procedure_codes must have a fee from 0 to 9999999.99"},
		{anyEntry(s.Diagnoses, func(code, _ string) bool { _, ok := NormalDiagnosis(code); return !ok }),
			"diagnosis_codes must be ICD-10 codes such as R05-9 or R05.9"},
		{anyEntry(s.Modifiers, func(code, id string) bool { return !modifierCode.MatchString(code) || id == "" }),
			"proc_code_modifiers must be of two capital letters and digits, each with an id"},
		{anyEntry(s.Facilities, func(code, id string) bool { return code == "" || id == "" }),
			"facility_code must have codes and ids that are not empty"},
		{anyEntry(s.Carriers, func(_, code string) bool { return code == "" }),
			"carrier must lead to carrier codes that are not empty"},
		{slices.ContainsFunc([]string{"self", "spouse", "child", "other"},
			func(respparty string) bool { return s.Relationships[respparty] == (Relationship{}) }),
			"relationship must have self, spouse, child and other"},
		{!providerID.MatchString(s.Provider),
			"default.provider_profile must be 1 to 64 letters, digits, hyphens and underscores"},
	} {
		if rule.broken {
			complaints = append(complaints, errors.New("claims."+rule.text))
		}
	}
	return errors.Join(complaints...)
}

// anyEntry reports whether an entry of a table matches.
func anyEntry[V any](table map[string]V, matches func(string, V) bool) bool {
	for key, value := range table {
		if matches(key, value) {
			return true
		}
	}
	return false
}

// diagnoses returns the clinic's diagnoses in their normal form.
func (s Settings) diagnoses() map[string]bool {
	listed := map[string]bool{}
	for code := range s.Diagnoses {
		normal, _ := NormalDiagnosis(code)
		listed[normal] = true
	}
	return listed
}
