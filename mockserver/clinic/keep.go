package clinic

import (
	"maps"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// A clinic keeps a number of things that nothing waits for, so that its memory is flat however long it is used. VSee
// publishes no such limits: they are ours. A thing that is gone is unknown. The oldest go first, a sixteenth of the
// limit together, so that the search for them is seldom.

// DefaultHistory is the number of ended checks that a clinic keeps, and of claims, visits, intakes, blocks and events.
const DefaultHistory = 10_000

const (
	maxHistory   = 1_000_000
	tokenTimes   = 2  // how many times as many tokens it keeps
	historyTimes = 10 // how many times as many users and tallies
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

// isSearchDue reports whether rows to go are worth a search through all rows, after an update that may have added one.
// Beyond the limit they are, once for a sixteenth of it.
func isSearchDue(before, after, limit int) bool {
	return after > before && after > limit && (after-limit-1)%max(1, limit/16) == 0
}

// prune removes the rows beyond the clinic's bounds. Rows with references to them come last.
func (c *Clinic) prune(tx Tx, before Sizes) {
	keep, now := *tx.Settings().History, tx.Sizes()
	if n := surplus(now.Checks, keep); n > 0 {
		tx.RemoveOldestChecks(n, func(k *EligibilityCheck) bool { return k.Status() == CheckDone || k.Due == 0 })
	}
	if n := surplus(now.Claims, keep); n > 0 {
		pruneClaims(tx, n)
	}
	if n := surplus(now.Events, keep); n > 0 {
		c.pruneEvents(tx, n)
	}
	if n := surplus(now.Tallies, historyTimes*keep); n > 0 {
		tx.RemoveOldestTallies(n)
	}
	if n := surplus(now.Tokens, tokenTimes*keep); n > 0 {
		tx.RemoveOldestTokens(n, func(*Token) bool { return true })
	}
	left := now.Visits
	if isSearchDue(before.Visits, left, keep) {
		c.pruneVisits(tx, keep)
		left = tx.Visits().Len()
	}
	if n := surplus(now.Intakes-left, keep); n > 0 {
		pruneIntakes(tx, n)
	}
	if isSearchDue(before.Blocks, now.Blocks, keep) {
		c.pruneBlocks(tx, keep)
	}
	if isSearchDue(before.Users, now.Users, historyTimes*keep) {
		pruneUsers(tx, historyTimes*keep)
	}
}

// countRows returns the number of rows accepted by goes.
func countRows[T any](rows Rows[T], goes func(*T) bool) int {
	n := 0
	for row := range rows.All() {
		if goes(row) {
			n++
		}
	}
	return n
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
func (c *Clinic) pruneVisits(tx Tx, keep int) {
	before := c.clock.Now().Add(-openVisit)
	isOver := func(v *visits.Visit) bool {
		return len(v.Plan) == 0 && (v.Status.Ended() || v.End.Before(before))
	}
	var files []string
	tx.RemoveOldestVisits(surplus(countRows(tx.Visits(), isOver), keep), func(v *visits.Visit) bool {
		if !isOver(v) {
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

// pruneBlocks removes blocks of the past.
func (c *Clinic) pruneBlocks(tx Tx, keep int) {
	now := c.clock.Now()
	isPast := func(b *visits.Block) bool { return b.End.Before(now) }
	tx.RemoveOldestBlocks(surplus(countRows(tx.Blocks(), isPast), keep), isPast)
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
func pruneUsers(tx Tx, keep int) {
	used := usersOfRows(tx)
	var signOns []time.Time
	for user := range tx.Users().All() {
		if !used[user.ID] {
			signOns = append(signOns, lastSeen(tx, user))
		}
	}
	n := surplus(len(signOns), keep)
	if n == 0 {
		return
	}
	slices.SortFunc(signOns, time.Time.Compare)
	last := signOns[n-1]
	tx.RemoveOldestUsers(n, func(u *User) bool { return !used[u.ID] && !lastSeen(tx, u).After(last) })
}

// lastSeen returns the time of a user's last sign-on; of their creation, if there was none.
func lastSeen(v View, u *User) time.Time {
	if at := v.LastLogin(u.ID).Time(); at.After(u.Created) {
		return at
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
		if oldest := tx.Tokens().Oldest(); oldest == nil || oldest.usable(now) {
			return
		}
		tx.RemoveOldestTokens(1, func(*Token) bool { return true })
	}
}

// usable reports whether the token or its refresh token is accepted at a time.
func (t *Token) usable(now time.Time) bool {
	at := MomentOf(now)
	return !t.Ended && (at < t.Expiry || !t.Refresh.Used && at < t.Refresh.Expiry)
}
