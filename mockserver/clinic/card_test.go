package clinic_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// The older way has one name, the newer its parts: the mock makes either from the other. Writing the same name again
// keeps its parts.
func TestAGuarantorsNameAndItsPartsGoTogether(t *testing.T) {
	t.Parallel()
	const older, whole, first, middle, last = "older", "guarantor_name", "guarantor_first_name", "guarantor_middle_name",
		"guarantor_last_name"
	type writes = []map[string]string
	for name, tc := range map[string]struct {
		writes writes
		want   [4]string // name, first, middle, last
	}{
		"nothing":   {nil, [4]string{}},
		"two words": {writes{{older: "Sam Sample"}}, [4]string{"Sam Sample", "Sam", "", "Sample"}},
		"one word":  {writes{{older: "Sam"}}, [4]string{"Sam", "Sam", "", ""}},
		"many words": {writes{{older: " Maria de la  Cruz"}},
			[4]string{" Maria de la  Cruz", "Maria", "de la", "Cruz"}},
		"parts": {writes{{first: "Jo Ann", last: "van Roe"}},
			[4]string{"Jo Ann van Roe", "Jo Ann", "", "van Roe"}},
		"parts, and the same": {writes{{first: "Jo Ann", last: "Roe"}, {older: "Jo Ann Roe"}},
			[4]string{"Jo Ann Roe", "Jo Ann", "", "Roe"}},
		"parts, and another": {writes{{first: "Jo Ann", last: "Roe"}, {older: "Jo Ann Poe"}},
			[4]string{"Jo Ann Poe", "Jo", "Ann", "Poe"}},
		"a name, and one part": {writes{{older: "Sam Q Sample"}, {last: "Roe"}},
			[4]string{"Sam Q Roe", "Sam", "Q", "Roe"}},
		"the whole name": {writes{{whole: "Sam Sample"}}, [4]string{"Sam Sample", "Sam", "", "Sample"}},
		"the whole and its parts": {writes{{whole: "Jo Ann  Roe", first: "Jo Ann", last: "Roe"}},
			[4]string{"Jo Ann  Roe", "Jo Ann", "", "Roe"}},
		"the whole and one part": {writes{{older: "Kim Roe"}, {whole: "Sam Sample", first: "Sam"}},
			[4]string{"Sam Sample", "Sam", "", "Sample"}},
		"the same, and one part": {writes{{first: "Jo Ann", last: "Roe"}, {whole: "Jo Ann Roe", last: "Roe"}},
			[4]string{"Jo Ann Roe", "Jo Ann", "", "Roe"}},
		"the whole, parts empty": {writes{{whole: "Sam Sample", first: "", middle: "", last: ""}},
			[4]string{"Sam Sample", "Sam", "", "Sample"}},
		"parts, the whole empty": {writes{{first: "Sam", last: "Sample", whole: ""}},
			[4]string{"Sam Sample", "Sam", "", "Sample"}},
		"emptied both ways":    {writes{{older: "Sam Q Sample"}, {whole: "", first: ""}}, [4]string{}},
		"emptied":              {writes{{older: "Sam Sample"}, {older: ""}}, [4]string{}},
		"emptied part by part": {writes{{first: "Sam"}, {first: ""}}, [4]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClinic(t, clinic.Settings{})
			token := signOn(t, c).Token.Text
			for _, w := range tc.writes {
				var err error
				if value, ok := w[older]; ok {
					_, err = c.UpdateUser(t.Context(), token,
						clinic.Patch{Fields: []clinic.Field{{"insurance.patient.guarantor_name", value}}})
				} else {
					_, err = c.UpdateCard(t.Context(), token, clinic.Self, clinic.CardPatch{Order: clinic.Primary, Fields: w})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			user, err := c.User(t.Context(), token, clinic.Self)
			g := user.Insurance.Primary.Relation.Guarantor
			if diff := cmp.Diff(tc.want, [4]string{g.Name, g.First, g.Middle, g.Last}); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A whole name in conflict with its parts is refused, and nothing is lost.
func TestAGuarantorHasOneName(t *testing.T) {
	t.Parallel()
	const whole, first, last = "guarantor_name", "guarantor_first_name", "guarantor_last_name"
	c := newClinic(t, clinic.Settings{})
	token := signOn(t, c).Token.Text
	if _, err := c.UpdateCard(t.Context(), token, clinic.Self,
		clinic.CardPatch{Order: clinic.Primary, Fields: map[string]string{whole: "Kim Roe"}}); err != nil {
		t.Fatal(err)
	}
	for _, fields := range []map[string]string{
		{whole: "Sam Sample", first: "Kim"}, {whole: "Sam Sample", last: "Roe"}, {whole: "Kim Roe", first: "Sam"},
		{whole: "Sam Sample", first: "Sample", last: "Sam"}, {whole: "Sam Sample", first: "Sam", last: ""},
	} {
		user, err := c.UpdateCard(t.Context(), token, clinic.Self, clinic.CardPatch{Order: clinic.Primary, Fields: fields})
		var refused *clinic.Error
		if !errors.As(err, &refused) || refused.Kind != clinic.Invalid ||
			!strings.HasPrefix(refused.Message, "guarantor_name contradicts its parts: ") {
			t.Errorf("%v: %v, %v", fields, user.Insurance.Primary.Relation.Guarantor, err)
		}
	}
	user, err := c.User(t.Context(), token, clinic.Self)
	if g := user.Insurance.Primary.Relation.Guarantor; err != nil || g.Name != "Kim Roe" {
		t.Errorf("%v, %v", g, err)
	}
}

// An insurer removed from the clinic's list may stay on a card, as it may in the older fields.
func TestARemovedInsurerMayStayOnACard(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	token := signOn(t, c).Token.Text
	_, err := c.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.Insurers = []clinic.Insurer{{ID: "a", Name: "b"}, {ID: "b", Name: "c"}}
		return s
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ sent, want string }{{"car7556", "car7556"}, {"a", "a"}, {"b", "b"}, {"c", "b"}} {
		user, err := c.UpdateCard(t.Context(), token, clinic.Self,
			clinic.CardPatch{Order: clinic.Primary, Fields: map[string]string{"insurer_code": tc.sent}})
		if got := user.Insurance.Primary.Carrier; err != nil || got != tc.want {
			t.Errorf("%s is %s, %v", tc.sent, got, err)
		}
	}
	_, err = c.UpdateCard(t.Context(), token, clinic.Self,
		clinic.CardPatch{Order: clinic.Primary, Fields: map[string]string{"insurer_code": "car7556"}})
	var refused *clinic.Error
	if !errors.As(err, &refused) || refused.Kind != clinic.Invalid {
		t.Errorf("it comes back: %v", err)
	}
	_, err = c.UpdateCard(t.Context(), token, clinic.Self,
		clinic.CardPatch{Order: clinic.Primary, Fields: map[string]string{"shoe_size": "44"}})
	if !errors.As(err, &refused) || refused.Message != "shoe_size is not a field of an insurance card" {
		t.Errorf("a field that cards do not have: %v", err)
	}
}

// All images of a clinic share one limit; replacing or deleting an image makes room.
func TestTheImagesOfAClinicHaveALimit(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	image := &clinic.Upload{Type: "image/png", Data: make([]byte, clinic.MaxFile)}
	admin := mustSettings(t, c).AdminToken
	save := func(n int, front, back *clinic.Upload) error {
		signedOn, err := c.SignOn(t.Context(),
			clinic.SignOn{Code: strings.Repeat("x", n+1),
				Patch: clinic.Patch{Fields: []clinic.Field{{"first_name", "a"}, {"last_name", "b"}}}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.UpdateCard(t.Context(), admin, signedOn.User.ID, clinic.CardPatch{
			Order: clinic.Primary, Fields: map[string]string{"insurer_code": "car7556"}, Front: front, Back: back,
		})
		return err
	}
	const most = clinic.MaxFileBytes / clinic.MaxFile
	for n := range most - 1 {
		if err := save(n, image, nil); err != nil {
			t.Fatalf("image %d: %v", n, err)
		}
	}
	var refused *clinic.Error
	if err := save(most-1, image, image); !errors.As(err, &refused) ||
		!strings.HasPrefix(refused.Message, "the files of the clinic must not take more than 67108864 bytes "+
			"together") {
		t.Errorf("one too many: %v", err)
	}
	if err := save(most-1, image, nil); err != nil {
		t.Errorf("after a refusal, of which nothing stays: %v", err)
	}
	if err := save(0, &clinic.Upload{}, nil); err != nil {
		t.Errorf("taking one away: %v", err)
	}
	if err := save(0, nil, image); err != nil {
		t.Errorf("in its place: %v", err)
	}
}

func mustSettings(t *testing.T, c *clinic.Clinic) clinic.Settings {
	t.Helper()
	s, err := c.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return *s
}
