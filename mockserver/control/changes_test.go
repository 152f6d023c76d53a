package control_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// playedClinic starts a mock with the clinic one, in which a scenario was played.
func playedClinic(t *testing.T) *mocktest.Mock {
	t.Helper()
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, nil)
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}}).
		Play(t, mock.Scenario(t, "eligible"))
	return mock
}

func TestTheChangesAreTheItemsOfTheStreamNewestFirst(t *testing.T) {
	t.Parallel()
	mock := playedClinic(t)
	var all []controlapi.StreamItem
	for _, limit := range []int{1, 2, 7, 10_000} {
		all = nil
		for item, err := range controlapi.All(t.Context(), "one", limit, mock.Control.ListChanges) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, item)
		}
		slices.Reverse(all)
		want := readStream(t, mock, controlapi.StreamRequest{}, len(all))
		if diff := cmp.Diff(rows(want), rows(all)); diff != "" || all[0].ID != want[0].ID {
			t.Errorf("by %d (-stream +changes):\n%s", limit, diff)
		}
	}
	page, err := mock.Control.ListChanges(t.Context(), "one", controlapi.PageRequest{After: "1"})
	if err != nil || len(page.Data) > 0 {
		t.Errorf("after the first there are %d items, %v", len(page.Data), err)
	}
}

func TestOneExchangeAndOneUserAreShown(t *testing.T) {
	t.Parallel()
	mock := playedClinic(t)
	list, err := mock.Control.ListJournal(t.Context(), "one", controlapi.PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range list.Data {
		got, err := mock.Control.GetExchange(t.Context(), "one", want.ID)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("exchange %s: %v (-list +shown):\n%s", want.ID, err, diff)
		}
	}
	users, err := mock.Control.ListUsers(t.Context(), "one", controlapi.PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	user, err := mock.Control.GetUser(t.Context(), "one", users.Data[0].ID)
	if diff := cmp.Diff(users.Data[0], user.User); err != nil || diff != "" {
		t.Errorf("the user: %v (-list +shown):\n%s", err, diff)
	}
	if len(user.Cards) != 1 || user.Cards[0].Card != "primary" || user.Cards[0].Response != "Success" {
		t.Errorf("the cards are %+v", user.Cards)
	}
	for _, id := range []string{"0", "999", "x", "-1"} {
		_, err := mock.Control.GetExchange(t.Context(), "one", id)
		if err == nil || !strings.Contains(err.Error(), "no exchange") {
			t.Errorf("exchange %s: %v", id, err)
		}
		if _, err := mock.Control.GetUser(t.Context(), "one", id); err == nil {
			t.Errorf("user %s is shown", id)
		}
	}
}

func TestAClinicTellsWhenItsNextWorkIsDue(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	start := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Start: start, Frozen: true}})
	for _, want := range []time.Time{{}, start.Add(10 * time.Second)} {
		one, err := mock.Control.GetClinic(t.Context(), "one")
		if err != nil || !one.NextDue.Equal(want) {
			t.Errorf("the next work is due at %s, want %s; %v", one.NextDue, want, err)
		}
		check(t, c)
	}
}
