package clinic_test

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// fixedClearinghouse is a clearinghouse with the same answer to everything.
type fixedClearinghouse clinic.EligibilityAnswer

func (a fixedClearinghouse) AnswerCheck(clinic.EligibilityQuery) clinic.EligibilityAnswer {
	return clinic.EligibilityAnswer(a)
}

// Adjudicate pays every claim at once.
func (a fixedClearinghouse) Adjudicate(q clinic.ClaimQuery) (claims.Decision, *clinic.Misbehaviour) {
	return claims.Decision{Stages: []claims.Stage{{Status: claims.Paid}}, Lines: q.Lines}, nil
}

// PlanVisit plans nothing.
func (fixedClearinghouse) PlanVisit(clinic.EligibilityQuery, visits.Kind) (string, uint64, []visits.Stage) {
	return "", 0, nil
}

// DecisionWithStatus brings a claim to a status at once.
func (a fixedClearinghouse) DecisionWithStatus(status claims.Status, lines []claims.Line) claims.Decision {
	return claims.Decision{Stages: []claims.Stage{{Status: status}}, Lines: lines}
}

var (
	epoch   = time.Unix(1649934637, 0).UTC()
	anyTime = epoch.AddDate(100, 0, 0) // later than everything that falls due
)

// newClinic returns a clinic at a frozen epoch.
func newClinic(t *testing.T, settings clinic.Settings) *clinic.Clinic {
	t.Helper()
	settings.Clock = clinic.ClockSettings{Start: epoch, Frozen: true}
	if settings.AccountCode == "" {
		settings.AccountCode = "test"
	}
	return newClinicOn(t, &storetest.Retrying{Store: store.NewMemory()}, settings)
}

// newClinicOn returns a clinic of a store.
func newClinicOn(t *testing.T, s clinic.Store, settings clinic.Settings) *clinic.Clinic {
	t.Helper()
	d := clinic.NewDirectory(s, fixedClearinghouse{Text: "Success"}, clinic.Hooks{})
	c, err := d.Create(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func signOn(t *testing.T, c *clinic.Clinic) clinic.SignedOn {
	t.Helper()
	got, err := c.SignOn(t.Context(), clinic.SignOn{Code: "pat", Patch: clinic.Patch{Fields: []clinic.Field{
		{"first_name", "Pat"}, {"last_name", "Sample"}, {"insurance.primary.carrier_code", "car7556"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// VSee's UUID-like ids begin with the Unix second of creation, as CakePHP 2 makes them.
func TestIdsEmbedTheTimeOfCreation(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	got := signOn(t, c)
	prefix := strconv.FormatInt(epoch.Unix(), 16)
	vseeid := regexp.MustCompile(`^ccpreview\+` + prefix + `[0-9a-f]{4}4[0-9a-f]{3}[89ab][0-9a-f]{15}$`)
	if !vseeid.MatchString(got.User.VSeeID) {
		t.Errorf("vseeid = %s", got.User.VSeeID)
	}
	token := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for _, text := range []string{got.Token.Text, got.Token.Refresh.Text, c.VSeeToken(got)} {
		if !token.MatchString(text) {
			t.Errorf("token = %s", text)
		}
	}
	startCheck(t, c, got.Token.Text)
	finishCheck(t, c)
	events, err := c.Events(t.Context(), clinic.Page{})
	if err != nil {
		t.Fatal(err)
	}
	event := regexp.MustCompile(`^` + prefix + `-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if !event.MatchString(events[0].ID) {
		t.Errorf("event id = %s", events[0].ID)
	}
}

func startCheck(t *testing.T, c *clinic.Clinic, token string) clinic.Work {
	t.Helper()
	if _, err := c.StartCheck(t.Context(), token, clinic.Self, "car7556", ""); err != nil {
		t.Fatal(err)
	}
	work, ok, err := c.NextWork(t.Context(), clinic.FinishWork)
	if !ok || err != nil {
		t.Fatalf("the check has caused no work: %v", err)
	}
	return work
}

// finishCheck ends the pending check.
func finishCheck(t *testing.T, c *clinic.Clinic) {
	t.Helper()
	if done, err := c.FinishChecks(t.Context(), anyTime, 1); len(done) != 1 || err != nil {
		t.Fatalf("%d, %v", len(done), err)
	}
}

// Ids start anew with a reset. So a token from before the reset must not reach a new user with an old user's id.
func TestATokenFromBeforeAResetReachesNoUser(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	signOn(t, c)
	old := signOn(t, c).Token.Text // the second token: the first one after the reset has the text of the first one
	if err := c.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	signOn(t, c)
	patch := clinic.Patch{Fields: []clinic.Field{{"city", "Reno"}}}
	_, updated := c.UpdateUser(t.Context(), old, patch)
	_, read := c.User(t.Context(), old, clinic.Self)
	_, started := c.StartCheck(t.Context(), old, clinic.Self, "car7556", "")
	for what, err := range map[string]error{"update": updated, "read": read, "check": started} {
		var refused *clinic.Error
		if !errors.As(err, &refused) || refused.Kind != clinic.Unauthenticated {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheErrorOfSettingsListsEveryProblem(t *testing.T) {
	t.Parallel()
	d := clinic.NewDirectory(store.NewMemory(), fixedClearinghouse{}, clinic.Hooks{})
	negative := -time.Second
	for name, tc := range map[string]struct {
		settings clinic.Settings
		want     string
	}{
		"everything": {clinic.Settings{
			AccountCode: "A b", CronDelay: &negative,
			Insurers: []clinic.Insurer{{ID: "a", Name: "A"}, {ID: "a", Name: ""}},
			Webhook:  clinic.Webhook{URL: "ftp://x", Signature: "md5"},
		}, "account_code must be 1 to 63 lower-case letters, digits, hyphens and underscores, as in a host name\n" +
			"cron_delay must not be negative\ninsurers must each have an id and a name\n" +
			"insurers must have different ids\nwebhook.signature must be " + signature.Choices() +
			"\nwebhook.url must be an http or https URL with a host"},
		"no insurers": {clinic.Settings{AccountCode: "a", Insurers: []clinic.Insurer{}},
			"insurers must list at least one insurer"},
		"a URL without a host": {clinic.Settings{AccountCode: "a", Webhook: clinic.Webhook{URL: "http:///x"}},
			"webhook.url must be an http or https URL with a host"},
		"a short secret": {clinic.Settings{AccountCode: "a", Webhook: clinic.Webhook{Secret: "whsec_AAAA"}},
			"webhook.secret must be whsec_ and the base64 of 24 to 64 bytes"},
		"a secret of no form": {clinic.Settings{AccountCode: "a", Webhook: clinic.Webhook{Secret: "secret!"}},
			"webhook.secret must be whsec_ and the base64 of 24 to 64 bytes"},
		"a secret without its mark": {clinic.Settings{AccountCode: "a",
			Webhook: clinic.Webhook{Secret: strings.Repeat("A", 32)}},
			"webhook.secret must be whsec_ and the base64 of 24 to 64 bytes"},
		"a clock before Unix": {clinic.Settings{AccountCode: "a",
			Clock: clinic.ClockSettings{Start: time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)}},
			"clock must start between 1970 and 2105"},
		"a clock too far": {clinic.Settings{AccountCode: "a",
			Clock: clinic.ClockSettings{Start: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}},
			"clock must start between 1970 and 2105"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := d.Create(context.Background(), tc.settings)
			var refused *clinic.Error
			if !errors.As(err, &refused) || refused.Kind != clinic.Invalid {
				t.Fatalf("error = %v", err)
			}
			if diff := cmp.Diff(tc.want, refused.Message); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigureKeepsTheCredentialsAndTheSeed(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Key: "k"})
	before, err := c.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	delay := time.Minute
	after, err := c.Configure(t.Context(), func(clinic.Settings) clinic.Settings {
		return clinic.Settings{AccountCode: "other", Key: "other", AdminToken: "other", CronDelay: &delay}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := *before
	want.CronDelay = &delay
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := c.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.Webhook.URL = "x"
		return s
	}); err == nil {
		t.Error("a webhook without a URL is taken")
	}
}

// Seeds repeat ids and tokens. Clinics with the same seed still differ, so every token belongs to one clinic.
func TestIdsFollowFromTheSeedAndTheAccountCode(t *testing.T) {
	t.Parallel()
	token := func(account string, seed uint64) string {
		return signOn(t, newClinic(t, clinic.Settings{AccountCode: account, Seed: seed})).Token.Text
	}
	if first, again := token("a", 1), token("a", 1); first != again {
		t.Error("one seed gives two tokens")
	}
	if token("a", 1) == token("a", 2) || token("a", 1) == token("b", 1) {
		t.Error("another seed or account code gives the same token")
	}
}

func TestAFieldThatUsersDoNotHaveIsRefused(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	token := signOn(t, c).Token.Text
	_, err := c.UpdateUser(t.Context(), token, clinic.Patch{Fields: []clinic.Field{{"shoe_size", "44"}, {"city", "Reno"}}})
	var refused *clinic.Error
	if !errors.As(err, &refused) || refused.Message != "shoe_size is not a field of a user" {
		t.Errorf("error = %v", err)
	}
	if after, _ := c.User(t.Context(), token, clinic.Self); after.City != "" {
		t.Error("the rest of a refused update was kept")
	}
}

func TestACheckIsOfTheCardWithTheCarrier(t *testing.T) {
	t.Parallel()
	card := func(carrier string) clinic.Card { return clinic.Card{Carrier: carrier, Subscriber: "1"} }
	for name, tc := range map[string]struct {
		insurance clinic.Insurance
		want      clinic.Order
		found     bool
	}{
		"none":                 {clinic.Insurance{}, 0, false},
		"primary":              {clinic.Insurance{Primary: card("x")}, clinic.Primary, true},
		"secondary":            {clinic.Insurance{Primary: card("y"), Secondary: card("x")}, clinic.Secondary, true},
		"both":                 {clinic.Insurance{Primary: card("x"), Secondary: card("x")}, clinic.Primary, true},
		"neither":              {clinic.Insurance{Primary: card("y"), Secondary: card("z")}, 0, false},
		"one without carrier":  {clinic.Insurance{Primary: card("y"), Secondary: card("")}, clinic.Secondary, true},
		"named before unnamed": {clinic.Insurance{Primary: card(""), Secondary: card("x")}, clinic.Secondary, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, found := tc.insurance.OrderForCarrier("x"); got != tc.want || found != tc.found {
				t.Errorf("%s, %t", got, found)
			}
		})
	}
}

func TestADeletedClinicIsGone(t *testing.T) {
	t.Parallel()
	var closed []string
	d := clinic.NewDirectory(store.NewMemory(), fixedClearinghouse{},
		clinic.Hooks{Closed: func(c *clinic.Clinic) { closed = append(closed, c.Account()) }})
	c, err := d.Create(t.Context(), clinic.Settings{AccountCode: "a"})
	if err != nil {
		t.Fatal(err)
	}
	token := signOn(t, c).Token.Text
	if err := d.Delete(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Clinic("a"); ok {
		t.Error("it is listed")
	}
	if _, ok := d.ByToken(t.Context(), token); ok {
		t.Error("its token is known")
	}
	if _, err := c.Settings(t.Context()); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("its handle: %v", err)
	}
	var refused *clinic.Error
	if err := d.Delete(t.Context(), "a"); !errors.As(err, &refused) || refused.Kind != clinic.NotFound ||
		strings.Join(closed, "") != "a" {
		t.Errorf("deleted again: %v, closed %q", err, closed)
	}
}

// Ids of one kind do not depend on the number of ids of another kind made in between. With a running loop, the order
// between kinds is not fixed.
func TestTokensDoNotDependOnEvents(t *testing.T) {
	t.Parallel()
	texts := func(between bool) string {
		c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
		startCheck(t, c, signOn(t, c).Token.Text)
		if between {
			finishCheck(t, c)
		}
		return signOn(t, c).Token.Text
	}
	if with, without := texts(true), texts(false); with != without {
		t.Errorf("the second token is %s after an event, %s without", with, without)
	}
}

// Work that ends later is found when the loop comes to the earlier work.
func TestOnlyEarlierWorkWakesTheLoop(t *testing.T) {
	t.Parallel()
	woken := 0
	d := clinic.NewDirectory(store.NewMemory(), fixedClearinghouse{Text: "Success"}, clinic.Hooks{
		WorkAdded: func(string) { woken++ },
	})
	c, err := d.Create(t.Context(), clinic.Settings{AccountCode: "test"})
	if err != nil {
		t.Fatal(err)
	}
	token := signOn(t, c).Token.Text
	if woken != 0 {
		t.Errorf("a sign-on without an event wakes the loop")
	}
	for range 3 {
		if _, err := c.StartCheck(t.Context(), token, clinic.Self, "car7556", ""); err != nil {
			t.Fatal(err)
		}
	}
	if woken != 1 {
		t.Errorf("of three checks %d wake the loop, want the first alone", woken)
	}
}

func TestASignOnThatChangesNothingStoresNoUser(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	before := signOn(t, c).User
	again := func(name, value string) *clinic.User {
		t.Helper()
		patch := clinic.Patch{Fields: []clinic.Field{{name, value}}}
		on, err := c.SignOn(t.Context(), clinic.SignOn{Code: "pat", Patch: patch})
		if err != nil {
			t.Fatal(err)
		}
		return on.User
	}
	for name, value := range map[string]string{
		"first_name": "Pat", "insurance.primary.carrier_code": "car7556",
		"username": before.Username, "disable_emails": "1",
	} {
		if again(name, value) != before {
			t.Errorf("a sign-on with the same %s stores the user", name)
		}
	}
	for name, value := range map[string]string{
		"first_name": "Kim", "insurance.primary.subscriber_num": "1", "insurance.patient.respparty": "child", "gender": "1",
	} {
		after := again(name, value)
		if after == before {
			t.Errorf("a sign-on with another %s stores nothing", name)
		}
		before = after
	}
}
