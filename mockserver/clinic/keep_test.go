package clinic_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
)

const history = 5

// must returns the result of a call that cannot fail.
func must[T any](row T, err error) T {
	if err != nil {
		panic(err)
	}
	return row
}

// bounded is a clinic that keeps little, with its store.
type bounded struct {
	*clinic.Clinic
	store clinic.Store
}

func newBounded(t *testing.T, w clinic.Webhook) bounded {
	t.Helper()
	s := &storetest.Retrying{Store: store.NewMemory()}
	return bounded{newClinicOn(t, s, clinic.Settings{AccountCode: "test", History: new(history), Webhook: w,
		Clock: clinic.ClockSettings{Start: epoch, Frozen: true}}), s}
}

// signOn makes or updates a user with a card of this number.
func (b bounded) signOn(t *testing.T, code, number string) clinic.SignedOn {
	t.Helper()
	return must(b.SignOn(t.Context(), clinic.SignOn{Code: code, Patch: clinic.Patch{Fields: []clinic.Field{
		{"first_name", "Pat"}, {"last_name", "Sample"}, {"insurance.primary.carrier_code", "car7556"},
		{"insurance.primary.subscriber_num", number},
	}}}))
}

func (b bounded) setCronDelay(t *testing.T, delay time.Duration) {
	t.Helper()
	must(b.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.CronDelay = &delay
		return s
	}))
}

// check starts a check, and ends it.
func (b bounded) check(t *testing.T, token string) string {
	t.Helper()
	check := must(b.StartCheck(t.Context(), token, clinic.Self, "car7556", ""))
	if done := must(b.FinishChecks(t.Context(), anyTime, 1)); len(done) != 1 || done[0].ID != check.ID {
		t.Fatalf("%v have ended", done)
	}
	return check.ID
}

// visit makes an intake with an attachment and a walk-in.
func (b bounded) visit(t *testing.T, token string) clinic.Visit {
	t.Helper()
	file := must(b.AddFile(t.Context(), token, clinic.IntakeAttachment, clinic.Upload{Name: "a", Data: []byte("a")}))
	intake := must(b.CreateIntake(t.Context(), token, clinic.IntakePatch{Room: new(clinic.FirstRoom),
		Attachments: &[]string{file.ID}}))
	return must(b.AddWalkIn(t.Context(), token, clinic.NewWalkIn{Intake: intake.ID}))
}

func (b bounded) advance(by time.Duration) {
	b.Clock().Step(b.Clock().Hold().Add(by))
	b.Clock().Release()
}

// sizes returns the number of rows of a clinic.
func (b bounded) sizes(t *testing.T) map[string]int {
	t.Helper()
	var sizes map[string]int
	if err := b.store.View(t.Context(), b.ID(), func(v clinic.View) error {
		sizes = map[string]int{"users": v.Users().Len(), "tokens": v.Tokens().Len(), "checks": v.Checks().Len(),
			"claims": v.Claims().Len(), "events": v.Events().Len(), "visits": v.Visits().Len(),
			"intakes": v.Intakes().Len(), "blocks": v.Blocks().Len(), "files": v.FileCount(), "tallies": v.Sizes().Tallies}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return sizes
}

func (b bounded) expect(t *testing.T, want map[string]int) {
	t.Helper()
	sizes := b.sizes(t)
	for kind, n := range want {
		if sizes[kind] != n {
			t.Errorf("the clinic has %d %s, want %d", sizes[kind], kind, n)
		}
	}
}

func TestTheOldestEndedCheckGoesAndAPendingOneStays(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{URL: "http://127.0.0.1:1"})
	token := b.signOn(t, "pat", "1").Token.Text
	b.setCronDelay(t, 2*clinic.DefaultCronDelay)
	pending := must(b.StartCheck(t.Context(), token, clinic.Self, "car7556", "")).ID
	b.setCronDelay(t, clinic.DefaultCronDelay)
	var ended []string
	for range history + 2 {
		ended = append(ended, b.check(t, token))
	}
	b.expect(t, map[string]int{"checks": history + 1, "events": history + 2})
	for id, want := range map[string]bool{pending: true, ended[0]: false, ended[1]: false, ended[2]: true} {
		if _, err := b.EligibilityCheck(t.Context(), id); (err == nil) != want {
			t.Errorf("the check %s: %v", id, err)
		}
	}
	if done := must(b.FinishChecks(t.Context(), anyTime, 10)); len(done) != 1 || done[0].ID != pending {
		t.Errorf("%v have ended", done)
	}
}

func TestAnEventWithoutADeliveryToComeGoesAndAPendingOneStays(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{URL: "http://127.0.0.1:1"})
	token := b.signOn(t, "pat", "1").Token.Text
	for range history + 2 {
		b.check(t, token)
	}
	pending := must(b.Events(t.Context(), clinic.Page{}))
	if _, err := b.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.Webhook.URL = ""
		return s
	}); err != nil {
		t.Fatal(err)
	}
	for range history + 3 {
		b.check(t, token)
	}
	b.expect(t, map[string]int{"events": len(pending) + history})
	for _, event := range pending {
		if _, err := b.Event(t.Context(), event.ID); err != nil {
			t.Errorf("a pending event: %v", err)
		}
	}
	for _, a := range must(b.DueAttempts(t.Context())) {
		if err := b.SkipEvent(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
	}
	b.check(t, token)
	b.expect(t, map[string]int{"events": len(pending) - 1 + history})
}

func TestTheOldestSettledClaimGoesFromTheListOfItsMember(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	on := b.signOn(t, "pat", "1")
	token := on.Token.Text
	b.check(t, token)
	var ids []string
	for n := range history + 3 {
		r := claimRequest()
		r.Encounter = epoch.AddDate(0, 0, -n).Format(time.DateOnly)
		ids = append(ids, must(b.SubmitClaim(t.Context(), token, clinic.Self, r, "")).ID)
	}
	for range history + 2 { // all but the last
		work, _, _ := b.NextWork(t.Context(), clinic.ClaimWork)
		if _, ok, err := b.AdvanceClaim(t.Context(), work); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	b.expect(t, map[string]int{"claims": history + 1})
	listed, total, err := b.MemberClaims(t.Context(), token, clinic.Self, 0, 100)
	if err != nil || total != history+1 || listed[0].ID != ids[history+2] || listed[history].ID != ids[2] {
		t.Errorf("%d of %d claims are listed: %v", len(listed), total, err)
	}
	r := claimRequest()
	r.Frequency, r.Original = "7", ids[0]
	if _, err := b.SubmitClaim(t.Context(), token, clinic.Self, r, ""); err == nil {
		t.Error("a claim replaces one that is gone")
	}
}

func TestTheOldestVisitThatIsOverGoesWithItsFiles(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	token := b.signOn(t, "pat", "1").Token.Text
	open := b.visit(t, token)
	var over []clinic.Visit
	for range history + 2 {
		over = append(over, b.visit(t, token))
		if err := b.CloseVisit(t.Context(), token, over[len(over)-1].ID, clinic.Closing{}); err != nil {
			t.Fatal(err)
		}
	}
	b.visit(t, token)
	b.expect(t, map[string]int{"visits": history + 2, "files": history + 2})
	if _, err := b.VisitByID(t.Context(), open.ID); err != nil {
		t.Errorf("the open visit: %v", err)
	}
	if _, err := b.VisitByID(t.Context(), over[0].ID); err == nil {
		t.Error("the oldest visit that is over is there")
	}
	for _, visit := range must(b.AllVisits(t.Context(), clinic.Page{})) {
		if _, _, err := b.Intake(t.Context(), token, visit.IntakeID); err != nil {
			t.Errorf("the intake of a visit: %v", err)
		}
	}
	b.advance(31 * 24 * time.Hour)
	token = b.signOn(t, "pat", "1").Token.Text
	b.visit(t, token)
	if _, err := b.VisitByID(t.Context(), open.ID); err == nil {
		t.Error("a visit that nobody ended for a month is there")
	}
}

func TestTheOldestIntakeWithoutAVisitGoesWithItsFiles(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	token := b.signOn(t, "pat", "1").Token.Text
	visit := b.visit(t, token)
	var files []string
	for range history + 2 {
		file := must(b.AddFile(t.Context(), token, clinic.IntakeAttachment, clinic.Upload{Name: "a", Data: []byte("a")}))
		must(b.CreateIntake(t.Context(), token, clinic.IntakePatch{Attachments: &[]string{file.ID}}))
		files = append(files, file.ID)
	}
	b.expect(t, map[string]int{"intakes": history + 1, "files": history + 1})
	if _, _, err := b.Intake(t.Context(), token, visit.IntakeID); err != nil {
		t.Errorf("the intake of a visit: %v", err)
	}
	if _, err := b.File(t.Context(), token, files[0]); err == nil {
		t.Error("the file of the oldest intake is there")
	}
}

func TestABlockOfThePastGoesAndOneToComeStays(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	oldest := ""
	for _, from := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		for n := range history + 1 {
			start := epoch.Add(from + time.Duration(n)*time.Hour)
			block := must(b.AddBlock(t.Context(), clinic.NewBlock{Room: clinic.FirstRoom, Start: start,
				End: start.Add(time.Hour), Minutes: 30, Places: 1}))
			if n == 0 {
				oldest = block.ID // in the end of the past
			}
		}
	}
	b.expect(t, map[string]int{"blocks": history + history + 1})
	for _, block := range must(b.Blocks(t.Context(), clinic.Page{})) {
		if block.ID == oldest {
			t.Error("the oldest block of the past is there")
		}
	}
}

func TestTheUserWithTheEarliestSignOnGoesUnlessSomethingIsTheirs(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	const limit = 10 * history
	first := b.signOn(t, "first", "1")
	busy := b.signOn(t, "busy", "2")
	must(b.StartCheck(t.Context(), busy.Token.Text, clinic.Self, "car7556", ""))
	loyal := b.signOn(t, "loyal", "3")
	for n := range limit {
		b.advance(time.Second)
		if n == limit/2 {
			loyal = b.signOn(t, "loyal", "3")
		}
		b.signOn(t, fmt.Sprint("n", n), "4")
	}
	if n := b.sizes(t)["users"]; n > limit || n < limit*7/8 {
		t.Errorf("%d users are there", n)
	}
	for code, tc := range map[string]struct {
		on    clinic.SignedOn
		there bool
	}{"first": {first, false}, "busy": {busy, true}, "loyal": {loyal, true}} {
		if _, err := b.UserByID(t.Context(), tc.on.User.ID); (err == nil) != tc.there {
			t.Errorf("%s: %v", code, err)
		}
		if again := b.signOn(t, code, "1"); (again.User.ID == tc.on.User.ID) != tc.there {
			t.Errorf("%s signs on as %s, and was %s", code, again.User.ID, tc.on.User.ID)
		}
	}
}

func TestTheTokensOfAUserWhoIsGoneAreNotKnown(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	first := b.signOn(t, "first", "1")
	if err := b.store.Update(t.Context(), b.ID(), func(tx clinic.Tx) error {
		tx.RemoveOldestUsers(1, func(u *clinic.User) bool { return u.ID == first.User.ID })
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	_, _, byToken := b.Authenticate(t.Context(), first.Token.Text)
	_, byRefresh := b.Refresh(t.Context(), first.Token.Refresh.Text)
	for _, err := range []error{byToken, byRefresh} {
		if refused := (*clinic.Error)(nil); !errors.As(err, &refused) || refused.Kind != clinic.Unauthenticated {
			t.Errorf("a token of a user who is gone: %v", err)
		}
	}
}

func TestTheOldestTokenGoesAndSoDoExpiredOnes(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	const limit = 2 * history
	first := b.signOn(t, "pat", "1").Token
	var last clinic.Token
	for range limit {
		last = b.signOn(t, "pat", "1").Token
	}
	if n := b.sizes(t)["tokens"]; n > limit || n < limit*7/8 {
		t.Errorf("%d tokens are there", n)
	}
	for token, there := range map[string]bool{first.Text: false, last.Text: true} {
		if _, _, err := b.Authenticate(t.Context(), token); (err == nil) != there {
			t.Errorf("a token: %v, want one: %t", err, there)
		}
	}
	b.advance(clinic.RefreshLife + time.Second)
	for range limit {
		b.signOn(t, "pat", "1")
	}
	b.expect(t, map[string]int{"tokens": limit})
	if _, err := b.Refresh(t.Context(), last.Refresh.Text); err == nil {
		t.Error("an expired refresh token is accepted")
	}
}

func TestTheOldestCountOfASubscribersChecksGoes(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	var token string
	for n := range 10*history + 20 {
		token = b.signOn(t, "pat", fmt.Sprint(n)).Token.Text
		b.check(t, token)
	}
	if n := b.sizes(t)["tallies"]; n > 10*history || n < 10*history*7/8 {
		t.Errorf("%d counts are there", n)
	}
	check := must(b.StartCheck(t.Context(), token, clinic.Self, "car7556", ""))
	if check.Nth != 2 {
		t.Errorf("the second check of a subscriber has the number %d", check.Nth)
	}
}

func TestALowerBoundTakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	b := newBounded(t, clinic.Webhook{})
	token := b.signOn(t, "pat", "1").Token.Text
	for range history {
		b.check(t, token)
	}
	if _, err := b.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.History = new(1)
		return s
	}); err != nil {
		t.Fatal(err)
	}
	b.expect(t, map[string]int{"checks": 1, "events": 1})
}
