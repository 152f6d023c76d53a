package scenarios

// SampleClaim is the claim submitted by the client of a scenario, as JSON. It is a visit's claim, made of VSee's
// published claims settings. Each clinic has those settings unless it is set up otherwise.
type SampleClaim struct {
	MemberID  string       `json:"member_id"`
	Carrier   string       `json:"carrier_code"`
	Encounter string       `json:"encounter_date"`
	Provider  string       `json:"rendering_provider"`
	Facility  string       `json:"facility_code"`
	Place     string       `json:"place_of_service"`
	Diagnoses []string     `json:"diagnoses"`
	Lines     []SampleLine `json:"lines"`
	Total     string       `json:"total"`
	Frequency string       `json:"frequency_code,omitempty"`
	Original  string       `json:"original_claim_id,omitempty"`
}

// Corrected returns the claim with another diagnosis, in place of the claim with an id.
func (c SampleClaim) Corrected(original string) SampleClaim {
	c.Diagnoses, c.Frequency, c.Original = []string{"R50-9", "Z20-822"}, "7", original
	return c
}

// SampleLine is a line of a SampleClaim.
type SampleLine struct {
	Procedure string   `json:"procedure_code"`
	Modifiers []string `json:"modifiers,omitempty"`
	Units     int      `json:"units"`
	Fee       string   `json:"fee"`
	Pointers  []int    `json:"diagnosis_pointers"`
}

// NewSampleClaim returns the claim for a member, to a carrier, of a visit on a day.
func NewSampleClaim(memberID, carrier, day string) SampleClaim {
	return SampleClaim{
		MemberID: memberID, Carrier: carrier, Encounter: day, Provider: "prof18", Facility: "AWC", Place: "11",
		Diagnoses: []string{"R05-9", "Z20-822"},
		Lines: []SampleLine{
			{Procedure: "99211", Modifiers: []string{"F1"}, Units: 1, Fee: "28.00", Pointers: []int{1, 2}},
			{Procedure: "10022", Units: 1, Fee: "30.00", Pointers: []int{1}},
		},
		Total: "58.00",
	}
}
