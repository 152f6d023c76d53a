package api

import "context"

// startedCheck is the reply to the start of a check.
type startedCheck struct {
	ID      string `json:"eligibility_id"`
	Carrier string `json:"carrier_code"`
}

// appendJSON implements appender.
func (s *startedCheck) appendJSON(b []byte) []byte {
	b = appendField(append(b, '{'), "eligibility_id", s.ID)
	return append(appendField(b, "carrier_code", s.Carrier), '}')
}

// StartEligibilityCheck is step 4 of the guide. An earlier path without a carrier checks the primary card.
func (h handlers) StartEligibilityCheck(ctx context.Context, c call) (reply, error) {
	check, err := c.clinic.StartCheck(ctx, c.token, c.params.Get("id"), c.params.Get("carrier_code"), c.scenario)
	if err != nil {
		return reply{}, err
	}
	if check.BeforeReply {
		err = h.finishDue(ctx, c.clinic)
	}
	return reply{
		data:  &startedCheck{check.ID, check.Carrier},
		check: check.ID,
		ours:  check.Answer.Ours,
	}, err
}
