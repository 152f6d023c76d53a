package clinic

import (
	"errors"
	"regexp"
)

// ClaimSettings are what a clinic's claims are made of (documented: the published clinic settings). What a claim does
// with them is ours.
type ClaimSettings struct {
	Enabled       bool
	Carriers      map[string]string       // the clinic's name of an insurer → its carrier code
	Relationships map[string]Relationship // by respparty: self, spouse, child, other
	Procedures    map[string]Procedure    // by procedure code
	Diagnoses     map[string]string       // ICD-10 code, with `-` or `.` → the clinic's id of it
	Modifiers     map[string]string       // modifier of a procedure code → the clinic's id of it
	Facilities    map[string]string       // facility code → the clinic's id of it
	Provider      string                  // the provider profile of a claim that names none
}

// Relationship is how the patient relates to the insured, in two code lists.
type Relationship struct{ Standard, HIPAA string }

// Procedure is a service that the clinic bills for.
type Procedure struct {
	ID    string
	Units int    // of a line that does not say how many; at least 1
	TOS   string // type of service
	POS   string // place of service: two digits
	Fee   Cents  // of one unit
}

// DefaultClaims returns the published settings.
func DefaultClaims() ClaimSettings {
	return ClaimSettings{
		Enabled: true,
		Carriers: map[string]string{
			"Cigna": "car7556", "Anthem Blue Cross Blue Shield": "car11406", "ANTHEM BLUE SHIELD": "car11406",
			"MONTGOMERY HEALTH INSURANCE": "car7580", "HEALTH CHOICE ARIZONA": "car7556", "MEDICAID LOUISIANA": "car11400",
		},
		Relationships: map[string]Relationship{"self": {"1", "18"}, "spouse": {"2", "01"}, "child": {"3", "19"}, "other": {"4", "G8"}},
		Procedures: map[string]Procedure{
			"10022": {"pcode35772", 1, "01", "11", 30_00},
			"99211": {"pcode35602", 1, "01", "11", 28_00},
			"1035F": {"pcode100247", 1, "01", "11", 29_00},
		},
		Diagnoses: map[string]string{
			"Z20-822": "dcode1033895691", "R05-9": "dcode1033895692", "R50-9": "dcode1033894809", "R51-9": "dcode1033895693",
			"B34-9": "dcode1033895695",
		},
		Modifiers:  map[string]string{"20": "mcode2", "21": "mcode3", "F1": "mcode43"},
		Facilities: map[string]string{"3": "fac94", "41": "fac94", "AWC": "fac95", "AMC": "fac230", "MSC": "fac3", "STM": "fac94"},
		Provider:   "prof18",
	}
}

// The forms of what a claim names.
var (
	procedureCode = regexp.MustCompile(`^[A-Z0-9]{5}$`)
	modifierCode  = regexp.MustCompile(`^[A-Z0-9]{2}$`)
	placeCode     = regexp.MustCompile(`^[0-9]{2}$`)
	providerID    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// maxUnits is how many units a line may have.
const maxUnits = 999

// validate returns every complaint about the settings.
func (s ClaimSettings) validate() error {
	var complaints []error
	complain := func(wrong bool, rule string) {
		if wrong {
			complaints = append(complaints, errors.New("claims."+rule))
		}
	}
	for code, p := range s.Procedures {
		complain(!procedureCode.MatchString(code), "procedure_codes must have codes of five capital letters and digits")
		complain(p.Units < 1 || p.Units > maxUnits, "procedure_codes must have units from 1 to 999")
		complain(!placeCode.MatchString(p.POS), "procedure_codes must have a pos of two digits")
		complain(p.Fee < 0 || p.Fee > maxAmount, "procedure_codes must have a fee from 0 to 9999999.99")
	}
	for code := range s.Diagnoses {
		_, ok := NormalDiagnosis(code)
		complain(!ok, "diagnosis_codes must be ICD-10 codes such as R05-9 or R05.9")
	}
	for code := range s.Modifiers {
		complain(!modifierCode.MatchString(code), "proc_code_modifiers must be of two capital letters and digits")
	}
	for code := range s.Facilities {
		complain(code == "", "facility_code must have codes that are not empty")
	}
	for _, code := range s.Carriers {
		complain(code == "", "carrier must lead to carrier codes that are not empty")
	}
	for _, who := range []string{"self", "spouse", "child", "other"} {
		complain(s.Relationships[who] == (Relationship{}), "relationship must have self, spouse, child and other")
	}
	complain(!providerID.MatchString(s.Provider), "default.provider_profile must be 1 to 64 letters, digits, hyphens and underscores")
	return errors.Join(complaints...)
}

// claims reports whether the clinic submits claims to a carrier.
func (s ClaimSettings) claims(carrier string) bool {
	for _, code := range s.Carriers {
		if code == carrier {
			return true
		}
	}
	return false
}

// diagnoses reports whether the clinic knows a diagnosis in its normal form.
func (s ClaimSettings) diagnoses(normal string) bool {
	for code := range s.Diagnoses {
		if known, _ := NormalDiagnosis(code); known == normal {
			return true
		}
	}
	return false
}
