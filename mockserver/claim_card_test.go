package mockserver_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// A claim rests on the result of a card, which a scenario has made Success even without an insurer. The claim is
// accepted while the result stands, and refused once it is gone, whichever card changes, and with or without an
// insurer in the claim.
func TestAClaimRestsOnTheCardThatWasChecked(t *testing.T) {
	t.Parallel()
	const (
		bothCards = `{"insurer_code": "car7556", "subscriber_number": "70000701"}`
		noCarrier = `{"insurance": {"primary": {"subscriber_num": "70000701"}}}`
		gone      = "member_id has no eligibility check with this carrier that has ended: start one, and wait for its result"
	)
	for name, tc := range map[string]struct {
		primary   string   // of POST /me, before the check
		secondary string   // of the card, likewise; none when empty
		changes   []string // of POST /me, after it
		refused   bool
	}{
		"nothing has changed": {primary: noCarrier},
		"the number, of a card without carrier": {noCarrier, "", []string{`{"insurance": {"primary": {"subscriber_num": ` +
			`"11000075"}}}`}, true},
		"the number, there and back": {noCarrier, "", []string{`{"insurance": {"primary": {"subscriber_num": ` +
			`"9"}}}`, noCarrier}, true},
		"the number, of a card with its carrier": {`{"insurance": {"primary": {"carrier_code": "car7556", ` +
			`"subscriber_num": "70000701"}}}`, "", []string{`{"insurance": {"primary": {"subscriber_num": "9"}}}`, noCarrier},
			true},
		"the carrier, from none": {noCarrier, "", []string{`{"insurance": {"primary": {"carrier_code": ` +
			`"car7556"}}}`}, true},
		"the patient is not the insured": {noCarrier, "", []string{`{"insurance": {"patient": {"respparty": ` +
			`"child"}}}`}, true},
		"an address alone": {noCarrier, "", []string{`{"city": "Reno", "insurance": {"patient": ` +
			`{"guarantor_city": "Reno"}}}`}, false},
		"the other card, of the same insurer": {`{"insurance": {"primary": {"carrier_code": "car7556", ` +
			`"subscriber_num": "70000701"}}}`, bothCards, []string{`{"insurance": {"secondary": {"group_number": "5"}}}`},
			false},
		"a new card beside it": {noCarrier, "", []string{`{"insurance": {"secondary": {"carrier_code": ` +
			`"car7147", "subscriber_num": "5"}}}`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claimClinic(t, "card", "")
			id, token := bare(t, c, "pat")
			write := func(method, path, sent string) {
				if r := send(t, method, c.BaseURL+path, jsonBody(sent), byToken(token)); r.status != http.StatusOK {
					t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
				}
			}
			write(http.MethodPost, "/me", tc.primary)
			if tc.secondary != "" {
				write(http.MethodPost, cardsPath+"/secondary", tc.secondary)
			}
			start(t, c, id, token)
			c.Advance(t, clinic.DefaultCronDelay)
			for _, change := range tc.changes {
				write(http.MethodPost, "/me", change)
			}
			if shown := response(t, c, id, "primary") != ""; shown == tc.refused {
				t.Errorf("the card shows a result: %t", shown)
			}
			got := post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(token))
			if tc.refused {
				if diff := cmp.Diff(gone, got.message(t, http.StatusBadRequest)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return
			}
			got.at(t, "data", "claim_id")
		})
	}
}

// The claim is on the checked card, with the relation of this card.
func TestAClaimHasTheRelationOfItsCard(t *testing.T) {
	t.Parallel()
	const secondary = `{"insurer_code": "car7556", "subscriber_number": "70000701", "responsible_party": "spouse"}`
	for name, tc := range map[string]struct {
		primary       string // of POST /me
		before, after string // the secondary card, written before or after the check
		card, hipaa   string
	}{
		"the secondary": {`{"insurance": {"primary": {"carrier_code": "car7147", "subscriber_num": "9"}}}`,
			secondary, "", "secondary", "01"},
		"the primary": {`{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": ` +
			`"70000701"}}}`, secondary, "", "primary", "18"},
		"one without carrier": {`{"insurance": {"primary": {"subscriber_num": "70000701"}}}`, "", "", "primary",
			"18"},
		"one without, and another since": {`{"insurance": {"primary": {"subscriber_num": "70000701"}}}`, "", secondary,
			"primary", "18"},
		"one that names it, not the bare": {`{"insurance": {"primary": {"subscriber_num": "70000701"}}}`, secondary, "",
			"secondary", "01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claimClinic(t, "relation", "")
			id, token := bare(t, c, "pat")
			write := func(path, sent string) {
				if r := post(t, c.BaseURL+path, jsonBody(sent), byToken(token)); r.status != http.StatusOK {
					t.Fatalf("%s: %d %s", path, r.status, r.body)
				}
			}
			write("/me", tc.primary)
			if tc.before != "" {
				write(cardsPath+"/secondary", tc.before)
			}
			check := start(t, c, id, token)
			c.Advance(t, clinic.DefaultCronDelay)
			if tc.after != "" {
				write(cardsPath+"/secondary", tc.after)
			}
			claim := post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(token)).at(t, "data", "claim_id").(string)
			c.Advance(t, time.Hour)
			hipaa := get(t, c.BaseURL+"/insurance/claims/"+claim, byToken(token)).at(t, "data", "relationship",
				"hipaarelationship")
			var kept struct {
				Card  string
				Check string `json:"check_id"`
			}
			c.Control(t, http.MethodGet, "/claims/"+claim, nil, &kept)
			if kept.Card != tc.card || kept.Check != check || hipaa != tc.hipaa {
				t.Errorf("the claim is on %s, rests on check %s, and the relationship is %v; want %s, %s, %s",
					kept.Card, kept.Check, hipaa, tc.card, check, tc.hipaa)
			}
		})
	}
}
