package scenarios

import (
	"regexp"
	"strings"
)

// ClaimCode is an industry code in the answer to a claim. Its text is this project's own short wording: the official
// texts are licensed.
type ClaimCode struct {
	Code string
	Text string
}

// StatusCategories returns the claim status categories of a 277CA with a known text.
func StatusCategories() []ClaimCode {
	return []ClaimCode{
		{"A1", "received"},
		{"A2", "accepted and passed on to the insurer"},
		{"A3", "sent back: it cannot be processed"},
		{"A4", "not found"},
		{"A6", "refused: something is missing"},
		{"A7", "refused: something is invalid"},
		{"A8", "refused: some of it contradicts the rest"},
	}
}

// StatusCodes returns the claim status codes with a known text.
func StatusCodes() []ClaimCode {
	return []ClaimCode{
		{"19", "its receipt is acknowledged"},
		{"20", "taken for processing"},
		{"21", "something is missing or invalid"},
		{"33", "the subscriber is not found"},
		{"97", "the patient's eligibility is not found"},
		{"116", "it was sent to the wrong insurer"},
		{"164", "the member number is wrong"},
		{"187", "a date of service is wrong"},
		{"254", "the first diagnosis is wrong"},
		{"255", "a diagnosis is wrong"},
		{"453", "a modifier is wrong"},
		{"454", "a procedure code is wrong"},
		{"562", "a provider identifier (NPI) is wrong"},
	}
}

// AdjustmentGroups returns the groups of adjustments. A group names the party responsible for an amount.
func AdjustmentGroups() []ClaimCode {
	return []ClaimCode{
		{"CO", "the provider bears it, by contract"},
		{"OA", "another adjustment"},
		{"PI", "the insurer has lowered it"},
		{"PR", "the patient owes it"},
	}
}

// AdjustmentReasons returns the claim adjustment reason codes (CARC) with a known text.
func AdjustmentReasons() []ClaimCode {
	return []ClaimCode{
		{"1", "deductible"},
		{"2", "coinsurance"},
		{"3", "copayment"},
		{"4", "the modifier does not go with the procedure"},
		{"11", "the diagnosis does not go with the procedure"},
		{"15", "the authorization number is missing or wrong"},
		{"16", "the claim lacks information, or has an error"},
		{"18", "an exact duplicate"},
		{"22", "another insurer may have to pay"},
		{"26", "before the coverage began"},
		{"27", "after the coverage ended"},
		{"29", "filed too late"},
		{"31", "the patient is not known as insured"},
		{"45", "more than the agreed fee"},
		{"50", "not held to be medically necessary"},
		{"96", "not covered"},
		{"97", "part of another service that is paid already"},
		{"109", "another insurer covers it"},
		{"119", "the benefit is used up"},
		{"197", "the authorization is missing"},
		{"204", "not in the patient's plan"},
		{"252", "a document is needed"},
	}
}

// RemarkCodes returns the remittance advice remark codes (RARC) with a known text.
func RemarkCodes() []ClaimCode {
	return []ClaimCode{
		{"M51", "a procedure code is missing or wrong"},
		{"M76", "a diagnosis is missing or wrong"},
		{"MA130", "the claim cannot be processed: send a corrected one"},
		{"N20", "not paid together with another service of that day"},
		{"N95", "this kind of provider cannot bill it"},
		{"N130", "see the plan's documents"},
		{"N290", "the rendering provider's identifier is missing or wrong"},
		{"N362", "more units than are paid"},
		{"N382", "the patient's identifier is missing or wrong"},
		{"N428", "not covered in this place of service"},
	}
}

// TextOf returns the text of a code in a list, "" for a code without a text there.
func TextOf(codes []ClaimCode, code string) string {
	for _, c := range codes {
		if c.Code == code {
			return c.Text
		}
	}
	return ""
}

// The forms of codes: every code of the industry is allowed, with or without a text here.
const (
	rejectionCode  = `A[3-8]:[0-9]{1,3}`
	adjustmentCode = `(CO|OA|PI|PR)-[A-Z]?[0-9]{1,3}`
)

var (
	rejection  = regexp.MustCompile("^" + rejectionCode + "$")
	adjustment = regexp.MustCompile("^" + adjustmentCode + "$")
)

// splitCode returns the two parts of a code, such as CO and 97 of CO-97, or A3 and 21 of A3:21.
func splitCode(code Text) (first, second string) {
	first, second, ok := strings.Cut(string(code), "-")
	if !ok {
		first, second, _ = strings.Cut(string(code), ":")
	}
	return first, second
}
