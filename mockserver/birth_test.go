package mockserver_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Any birth date is stored. A check answers a future one with reason 60, but only if its day has begun nowhere on
// earth: the clinic's time is 23:00 in UTC, and 13:00 of the day after in UTC+14.
func TestABirthDateInTheFutureIsAnsweredWithReason60(t *testing.T) {
	t.Parallel()
	for dob, want := range map[string]string{
		"2022-04-14": "Success",
		"2022-04-15": "Success",
		"2022-04-16": "Date of birth follows date of service",
		"2999-12-31": "Date of birth follows date of service",
	} {
		t.Run(dob, func(t *testing.T) {
			t.Parallel()
			c := claimClinic(t, "birth", "")
			id, token := patient(t, c, "pat", "123")
			if got := post(t, c.BaseURL+"/me", formBody(fields{{"dob", dob}}), byToken(token)).at(t, "data", "dob"); got != dob {
				t.Errorf("what is stored is %v", got)
			}
			check := start(t, c, id, token)
			c.Advance(t, clinic.DefaultCronDelay)
			if got := response(t, c, id, "primary"); got != want {
				t.Errorf("the check is answered %q, want %q", got, want)
			}
			var kept struct{ Rule string }
			c.Control(t, http.MethodGet, "/checks/"+check, nil, &kept)
			if (kept.Rule == "impossible data") != (want != "Success") {
				t.Errorf("the rule is %q", kept.Rule)
			}
		})
	}
}

// The date of an encounter is in the future only if its day has begun nowhere on earth.
func TestAnEncounterIsInTheFutureWhenItsDayHasBegunNowhere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		now, day string
		want     int
	}{
		{"2022-04-14T10:30:00Z", "2022-04-15", http.StatusOK}, // 00:30 in UTC+14
		{"2022-04-14T09:30:00Z", "2022-04-15", http.StatusBadRequest},
		{"2022-04-14T09:30:00Z", "2022-04-14", http.StatusOK},
		{"2022-04-14T23:59:00Z", "2022-04-16", http.StatusBadRequest},
	} {
		t.Run(fmt.Sprint(tc.day, " at ", tc.now), func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, tc.now)
			if err != nil {
				t.Fatal(err)
			}
			c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "encounter",
				Clock: clinic.ClockSettings{Start: now, Frozen: true}})
			id, token := eligible(t, c, "pat", "123")
			if got := post(t, c.BaseURL+"/insurance/claims", claimed(id, "encounter_date", tc.day),
				byToken(token)); got.status != tc.want {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// Every spelling of a number gets the same answer, and is shown as it was sent; checks of one number are counted
// together.
func TestANumberIsAnsweredInAnySpellingAndShownAsSent(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "number"})
	c.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]string{
		"twice.yaml": "title: Twice\nwhen: {subscriber_num: \"W12-*\", group_number: HMO7}\nanswers: [\"80\", \"35\"]\n",
	}}, nil)
	for i, tc := range []struct{ subscriber, group, want string }{
		{"1100 0075", "", "Subscriber/Insured not found"},
		{"1100-0042", "", "Unable to respond at current time."},
		{"110000aa", "", "Authorization number not found."},
		{" w 12-9", "hmo-7", "No response received by clearinghouse"},
		{"W129", "HMO 7", "Out of Network"}, // the second check of this subscriber
		{"1100.0075", "", "Success"},
	} {
		id, token := bare(t, c, fmt.Sprint("pat", i))
		sent := formBody(fields{
			{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num",
				tc.subscriber}, {"insurance.primary_group_number", tc.group},
		})
		stored := post(t, c.BaseURL+"/me", sent, byToken(token)).at(t, "data", "insurance", "primary", "subscriber_num")
		shown := cards(t, get(t, c.BaseURL+cardsPath, byToken(token)))[0]["subscriber_number"]
		if stored != tc.subscriber || shown != tc.subscriber {
			t.Errorf("%q is stored as %q and shown as %q", tc.subscriber, stored, shown)
		}
		start(t, c, id, token)
		c.Advance(t, clinic.DefaultCronDelay)
		if got := response(t, c, id, "primary"); got != tc.want {
			t.Errorf("%q, group %q is answered %q, want %q", tc.subscriber, tc.group, got, tc.want)
		}
	}
}
