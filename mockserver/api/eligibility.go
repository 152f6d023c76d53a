package api

import "context"

// StartEligibilityCheck is step 4 of the guide. An earlier path without a carrier checks the primary card.
func (h handlers) StartEligibilityCheck(ctx context.Context, c call) (reply, error) {
	check, err := c.clinic.StartCheck(ctx, c.token, c.params["id"], c.params["carrier_code"], c.scenario)
	if err != nil {
		return reply{}, err
	}
	if check.BeforeReply {
		err = h.finishDue(ctx, c.clinic)
	}
	return reply{
		data: struct {
			ID      string `json:"eligibility_id"`
			Carrier string `json:"carrier_code"`
		}{check.ID, check.Carrier},
		check: check.ID,
		ours:  check.Answer.Ours,
	}, err
}
