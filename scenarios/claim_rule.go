package scenarios

import "fmt"

// finishClaims puts the outcomes of claims into their final form, and checks them.
func (s source) finishClaims(c *Scenario) error {
	place := "$.claims[%d]"
	if c.Claim != nil {
		place, c.Claims, c.Claim = "$.claim", *c.Claim, nil
	}
	for i, claim := range c.Claims {
		at := place
		if place != "$.claim" {
			at = fmt.Sprintf(place, i)
		}
		if err := s.checkRules(at, claimRules, claim); err != nil {
			return err
		}
		for j, adjustment := range claim.Adjustments {
			if err := s.checkRules(fmt.Sprintf("%s.adjustments[%d]", at, j), adjustmentRules, adjustment); err != nil {
				return err
			}
		}
	}
	return nil
}
