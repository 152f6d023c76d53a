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
func (h handlers) ListInsurers(_ context.Context, c call) (reply, error) {
	return h.kept.insurers.reply(c.settings, func() (reply, error) {
		rows := make([]insurer, 0, len(c.settings.Insurers))
		for _, i := range c.settings.Insurers {
			rows = append(rows, insurer(i))
		}
		return reply{data: struct {
			Insurers []insurer `json:"insurers"`
		}{rows}}, nil
	})
}

type insurerOption struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// ListInsurerOptions returns the clinic's insurers as the options of a form.
func (handlers) ListInsurerOptions(_ context.Context, c call) (reply, error) {
	rows := make([]insurerOption, 0, len(c.settings.Insurers))
	for _, i := range c.settings.Insurers {
		rows = append(rows, insurerOption{i.ID, i.Name})
	}
	return reply{data: rows}, nil
}

// warnOfInsurers warns of each insurer in a body that is unknown to the clinic. The mock stores it as it was sent,
// but refuses an eligibility check with it.
func (c call) warnOfInsurers() {
	var places []string
	for place := range c.body.places() {
		if isInsurer(place) {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	for _, place := range places {
		if code := c.body.text(place); code != "" && !c.settings.HasInsurer(code) {
			c.warn(c.body.sentAs(place) + " is not one of this clinic's insurers: GET /insurances/ lists them")
		}
	}
}

// isInsurer reports whether a place of a body holds an insurer: of a user's insurance, of a card, or of an import.
func isInsurer(place string) bool {
	switch place[strings.LastIndexByte(place, '.')+1:] {
	case "carrier_code":
		return strings.HasPrefix(place, "insurance.")
	case "insurer_code":
		return place == "insurer_code" || strings.HasPrefix(place, "insurances.")
	}
	return false
}
