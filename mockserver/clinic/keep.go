package clinic

import (
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// A clinic keeps a number of things that nothing waits for, so that its memory is flat however long it is used. VSee
// publishes no such limits: they are ours. A thing that is gone is unknown. The oldest go first, a sixteenth of the
// limit together, so that the search for them is seldom.

// DefaultKeep is the number of ended checks that a clinic keeps, and of claims, visits, intakes, blocks and events.
const DefaultKeep = 10_000

const (
	maxKeep = 1_000_000
	// keepMore is how many times as many users, tokens and tallies it keeps.
	keepMore = 10
	// openVisit is how long a visit that nobody ends is kept after its planned end.
	openVisit = 30 * 24 * time.Hour
)

// surplus returns how many of n things are to go.
func surplus(n, limit int) int {
	if n <= limit {
		return 0
	}
	return n - limit + limit/16
}

// threshold is the number of rows from which a search for those to go is worth its time: a search before has found no
// more.
type threshold struct{ atomic.Int64 }

// surplus is the same for rows of which an unknown number must stay.
func (t *threshold) surplus(n, limit int) int {
	if n <= limit {
		t.Store(0)
	}
	if n <= int(t.Load()) {
		return 0
	}
	return surplus(n, limit)
}

// searched records the number of rows left by a search.
func (t *threshold) searched(left, limit int) { t.Store(int64(left + limit/16)) }

// thresholds are those of one clinic.
type thresholds struct{ users, visits, intakes, blocks threshold }

// prune removes what the clinic no longer keeps. The rows that others refer to come last.
func (c *Clinic) prune(tx Tx) {
	keep := tx.Settings().Keep
	if n := surplus(tx.Checks().Len()-tx.PendingCount(FinishWork), keep); n > 0 {
		tx.RemoveOldestChecks(n, func(k *EligibilityCheck) bool { return k.Status() == CheckDone || k.Due.IsZero() })
	}
	if n := surplus(tx.Claims().Len()-tx.PendingCount(ClaimWork), keep); n > 0 {
		pruneClaims(tx, n)
	}
	if n := surplus(tx.Events().Len()-tx.PendingCount(DeliverWork), keep); n > 0 {
		c.pruneEvents(tx, n)
	}
	if n := surplus(tx.TallyCount(), keepMore*keep); n > 0 {
		tx.RemoveOldestTallies(n)
	}
	if n := surplus(tx.Tokens().Len(), keepMore*keep); n > 0 {
		tx.RemoveOldestTokens(n, func(*Token) bool { return true })
	}
	if n := c.kept.visits.surplus(tx.Visits().Len(), keep); n > 0 {
		c.pruneVisits(tx, n)
		c.kept.visits.searched(tx.Visits().Len(), keep)
	}
	if n := c.kept.intakes.surplus(tx.Intakes().Len(), keep); n > 0 {
		pruneIntakes(tx, n)
		c.kept.intakes.searched(tx.Intakes().Len(), keep)
	}
	if n := c.kept.blocks.surplus(tx.Blocks().Len(), keep); n > 0 {
		now := c.clock.Now()
		tx.RemoveOldestBlocks(n, func(b *visits.Block) bool { return b.End.Before(now) })
		c.kept.blocks.searched(tx.Blocks().Len(), keep)
	}
	if n := c.kept.users.surplus(tx.Users().Len(), keepMore*keep); n > 0 {
		pruneUsers(tx, n)
		c.kept.users.searched(tx.Users().Len(), keepMore*keep)
	}
}

// pruneClaims removes claims that have come to their last stage, also from the lists of their members.
func pruneClaims(tx Tx, n int) {
	members := map[string]bool{}
	tx.RemoveOldestClaims(n, func(k *Claim) bool {
		if !k.Due.IsZero() {
			return false
		}
		members[k.MemberID] = true
		return true
	})
	for _, id := range slices.Sorted(maps.Keys(members)) {
		member, ok := tx.Users().Get(id)
		if !ok {
			continue
		}
		member.Claims = slices.DeleteFunc(slices.Clone(member.Claims), func(claim string) bool {
			return tx.Claims().Shared(claim) == nil
		})
		tx.PutUser(&member)
	}
}

// pruneEvents removes events without a pending delivery. One that waits for a reader or for another event may wait for
// ever, so it does not stay for that.
func (c *Clinic) pruneEvents(tx Tx, n int) {
	var waiting []outbox.Event
	tx.RemoveOldestEvents(n, func(e *outbox.Event) bool {
		if e.Work == 0 && e.WaitsFor != "" {
			waiting = append(waiting, *e)
		}
		return e.Work == 0
	})
	for _, event := range waiting {
		outbox.ForgetWaiting(outboxOf(tx), event, c.clock.Now())
	}
}

// pruneVisits removes visits that are over, with the files of their intakes.
func (c *Clinic) pruneVisits(tx Tx, n int) {
	before := c.clock.Now().Add(-openVisit)
	var files []string
	tx.RemoveOldestVisits(n, func(v *visits.Visit) bool {
		if len(v.Plan) > 0 || !v.Status.Ended() && v.End.After(before) {
			return false
		}
		intake, _ := tx.Intakes().Get(v.IntakeID)
		for _, id := range intake.Attachments {
			if file, ok := tx.File(id); ok && file.Target == (Target{v.ID, TargetVisit}) {
				files = append(files, id)
			}
		}
		return true
	})
	for _, id := range files {
		tx.RemoveFile(id)
	}
}

// pruneIntakes removes intakes without a visit.
func pruneIntakes(tx Tx, n int) {
	used := map[string]bool{}
	for visit := range tx.Visits().All() {
		used[visit.IntakeID] = true
	}
	var files []string
	tx.RemoveOldestIntakes(n, func(i *visits.Intake) bool {
		if used[i.ID] {
			return false
		}
		files = append(files, i.Attachments...)
		return true
	})
	for _, id := range files {
		if file, ok := tx.File(id); ok && file.Category == IntakeAttachment && file.Target.Type == TargetUser {
			tx.RemoveFile(id)
		}
	}
}

// pruneUsers removes the users with the earliest sign-ons. The admin stays, and so does a user with a check, claim,
// visit, intake, block or file.
func pruneUsers(tx Tx, n int) {
	used := usersOfRows(tx)
	var signOns []time.Time
	for user := range tx.Users().All() {
		if !used[user.ID] {
			signOns = append(signOns, user.lastSeen())
		}
	}
	if len(signOns) == 0 {
		return
	}
	slices.SortFunc(signOns, time.Time.Compare)
	last := signOns[min(n, len(signOns))-1]
	tx.RemoveOldestUsers(n, func(u *User) bool { return !used[u.ID] && !u.lastSeen().After(last) })
}

// lastSeen returns the time of a user's last sign-on; of their creation, if there was none.
func (u *User) lastSeen() time.Time {
	if u.LastLogin.After(u.Created) {
		return u.LastLogin
	}
	return u.Created
}

// usersOfRows returns the ids of the users who must stay.
func usersOfRows(v View) map[string]bool {
	used := map[string]bool{adminID: true}
	for check := range v.Checks().All() {
		used[check.MemberID] = true
	}
	for claim := range v.Claims().All() {
		used[claim.MemberID] = true
	}
	for visit := range v.Visits().All() {
		used[visit.MemberID], used[visit.ProviderID], used[visit.CreatorID] = true, true, true
	}
	for intake := range v.Intakes().All() {
		used[intake.MemberID], used[intake.ProviderID] = true, true
	}
	for block := range v.Blocks().All() {
		used[block.ProviderID] = true
	}
	for file := range v.Files() {
		used[file.UserID] = true
	}
	return used
}

// removeExpired removes the oldest tokens if they and their refresh tokens are of no more use: two at most, which is
// more than one new token needs.
func removeExpired(tx Tx, now time.Time) {
	for range 2 {
		for oldest := range tx.Tokens().All() {
			if oldest.usable(now) {
				return
			}
			break
		}
		tx.RemoveOldestTokens(1, func(*Token) bool { return true })
	}
}

// usable reports whether the token or its refresh token is accepted at a time.
func (t *Token) usable(now time.Time) bool {
	return !t.Ended && (now.Before(t.Expiry) || !t.Refresh.Used && now.Before(t.Refresh.Expiry))
}
