package api

import (
	"context"
	"strings"
)

// warnOfInsurers warns of each insurer in a body that is unknown to the clinic. The mock stores it as it was sent,
// but refuses an eligibility check with it.
func (c call) warnOfInsurers(ctx context.Context) error {
	settings, err := c.clinic.Settings(ctx)
	if err != nil {
		return err
	}
	for _, place := range sorted(c.body.values) {
		if code := c.body.text(place); isInsurer(place) && code != "" && !settings.HasInsurer(code) {
			c.warn(c.body.sent[place] + " names an insurer this clinic does not have: GET /insurances/ lists them")
		}
	}
	return nil
}

// isInsurer reports whether a place of a body holds an insurer: of a user's insurance, of a card, or of an import.
func isInsurer(place string) bool {
	top, _, _ := strings.Cut(place, ".")
	switch place[strings.LastIndex(place, ".")+1:] {
	case "carrier_code":
		return top == "insurance"
	case "insurer_code":
		return top == "insurer_code" || top == "insurances"
	}
	return false
}
