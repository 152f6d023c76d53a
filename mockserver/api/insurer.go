package api

import (
	"context"
	"slices"
	"strings"
)

type insurer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ListInsurers is step 1 of the guide.
func (handlers) ListInsurers(ctx context.Context, c call) (reply, error) {
	insurers, err := c.clinic.Insurers(ctx)
	rows := make([]insurer, 0, len(insurers))
	for _, i := range insurers {
		rows = append(rows, insurer(i))
	}
	return reply{data: struct {
		Insurers []insurer `json:"insurers"`
	}{rows}}, err
}

type insurerOption struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// ListInsurerOptions returns the clinic's insurers as the options of a form.
func (handlers) ListInsurerOptions(ctx context.Context, c call) (reply, error) {
	insurers, err := c.clinic.Insurers(ctx)
	rows := make([]insurerOption, 0, len(insurers))
	for _, i := range insurers {
		rows = append(rows, insurerOption{i.ID, i.Name})
	}
	return reply{data: rows}, err
}

// warnOfInsurers warns of each insurer in a body that is unknown to the clinic. The mock stores it as it was sent,
// but refuses an eligibility check with it.
func (c call) warnOfInsurers(ctx context.Context) error {
	var places []string
	for place := range c.body.values {
		if isInsurer(place) && c.body.text(place) != "" {
			places = append(places, place)
		}
	}
	if len(places) == 0 {
		return nil
	}
	settings, err := c.clinic.Settings(ctx)
	if err != nil {
		return err
	}
	slices.Sort(places)
	for _, place := range places {
		if !settings.HasInsurer(c.body.text(place)) {
			c.warn(c.body.sent[place] + " is not one of this clinic's insurers: GET /insurances/ lists them")
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
