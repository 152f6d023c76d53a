package scenarios

import (
	"slices"
	"strings"
)

// Success is the one text of eligibility_response for an eligible patient.
const Success = "Success"

// Reason is a reject reason of the clearinghouse: X12 271 AAA03, element 901.
type Reason struct {
	Code string // two digits or letters; documented up to 77, inferred beyond
	Text string // in VSee's spelling, mistakes included; clients see only this
}

// Reasons returns the reject reasons, by code (documented, eligibility_response).
func Reasons() []Reason { return slices.Clone(reasons) }

var reasons = []Reason{
	{"04", "Authorized quantity exceeded"},
	{"15", "Required application data missing"},
	{"33", "Input Errors"},
	{"35", "Out of Network"},
	{"41", "Authorization/Access restrictions"},
	{"42", "Unable to respond at current time."},
	{"43", "Invalid/Missing provider information"},
	{"44", "Invalid/Missing provider name"},
	{"45", "Invalid/Missing provider speciality"},
	{"46", "Invalid/Missing provider phone number"},
	{"47", "Invalid/Missing provider state"},
	{"48", "Invalid/Missing referring provider identification number"},
	{"49", "Provider is not primary care physician"},
	{"50", "Provider ineligible for inquiries"},
	{"51", "Provider not on file"},
	{"52", "Service dates not within provider plan enrollment"},
	{"53", "Inquired benefit inconsistent with provider type"},
	{"56", "Inappropriate date"},
	{"57", "Invalid/Missing dates of service"},
	{"58", "Invalid/Missing date of birth"},
	{"60", "Date of birth follows date of service"},
	{"61", "Date of death preceeds dates of service"},
	{"62", "Date of service not within allowable inquiry period"},
	{"63", "Date of service in future"},
	{"64", "Invalid/Missing patient ID"},
	{"65", "Invalid/Missing patient name"},
	{"66", "Invalid/Missing patient gender code"},
	{"67", "Patient not found"},
	{"69", "Inconsistent with patient age."},
	{"70", "Inconsistent with patient gender."},
	{"71", "Patient birth date does not match that for the patient in the database"},
	{"72", "Invalid/Missing subscriber/insured ID"},
	{"73", "Invalid/Missing subscriber/insured name"},
	{"74", "Invalid/Missing subscriber/insured gender code"},
	{"75", "Subscriber/Insured not found"},
	{"76", "Duplicate Subscriber/Insured ID number"},
	{"77", "Subscriber found, patient not found"},
	{"78", "Subscriber/Insured not in Group/Plan identified"},
	{"79", "Invalid participant identification"},
	{"80", "No response received by clearinghouse"},
	{"97", "invalid or missing provider address"},
	{"98", "Expiremental service or procedure."},
	{"AA", "Authorization number not found."},
	{"AE", "Requires primary care physician authorization."},
	{"AF", "Invalid/Missing diagnosis codes."},
	{"AG", "Invalid/Missing procedure codes."},
	{"AO", "Additional patient condition information required."},
	{"CI", "Certification information does not match patient."},
	{"E8", "Requires medical review."},
	{"IA", "Invalid authorization number format."},
	{"MA", "Missing authorization number."},
	{"T4", "Payer name or identifier missing"},
	{"T5", "Certification Information Missing"},
}

// IsText reports whether VSee lists a text of eligibility_response.
func IsText(text string) bool {
	return text == Success || slices.ContainsFunc(reasons, func(r Reason) bool { return r.Text == text })
}

// ReasonOf returns the reject reason with this code, in either case, or this text. It returns false for any other,
// Success included.
func ReasonOf(codeOrText string) (Reason, bool) {
	for _, r := range reasons {
		if r.Text == codeOrText || strings.EqualFold(r.Code, codeOrText) {
			return r, true
		}
	}
	return Reason{}, false
}
