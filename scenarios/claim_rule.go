package scenarios

import (
	"errors"
	"fmt"
)

// finishClaims puts the outcomes of claims into their final form, and checks them.
func (s source) finishClaims(c *Scenario) error {
	var wrong []error
	place := "$.claims[%d]"
	if c.Claim != nil {
		place, c.Claims, c.Claim = "$.claim", *c.Claim, nil
	}
	for i, claim := range c.Claims {
		at := place
		if place != "$.claim" {
			at = fmt.Sprintf(place, i)
		}
		wrong = append(wrong, s.checkRules(at, claimRules, claim))
		for j, adjustment := range claim.Adjustments {
			wrong = append(wrong, s.checkRules(fmt.Sprintf("%s.adjustments[%d]", at, j), adjustmentRules, adjustment))
		}
	}
	return errors.Join(wrong...)
}
