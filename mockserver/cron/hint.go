package cron

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// joinHints joins the hints for an attempt.
func joinHints(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(hint string) bool { return hint == "" }), "; ")
}

// sentTwiceHint explains a second copy of an attempt; "" without one.
func sentTwiceHint(d *journal.Delivery) string {
	if d.Sends < 2 {
		return ""
	}
	return "sent twice: the receiver closed the connection that was kept open, so the request went out once more on a " +
		"new " +
		"one, and the receiver may have both"
}

// waitedHint explains that a call waited for the clinic while this attempt waited for the receiver; "" for no such
// call. The context is the item's.
func waitedHint(ctx context.Context) string {
	if !due.WasWaitedFor(ctx) {
		return ""
	}
	return "while the clinic waited for this answer, a call waited for the clinic, such as one that moves its clock: " +
		"if the " +
		"receiver itself made it, each waited for the other; a receiver must answer first"
}

// tolerance is the allowed difference between the signed time and the receiver's own, as Standard Webhooks and Stripe
// suggest. The libraries of both refuse an event beyond it.
const tolerance = 5 * time.Minute

// signedTimeHint returns the probable reason for a receiver's 4xx: the signed time is too far from real time. It
// returns "" if the time is not the reason.
func signedTimeHint(w *clinic.Webhook, m clinic.Misbehaviour, d *journal.Delivery) string {
	if d.Status < 400 || d.Status > 499 {
		return ""
	}
	signed, ok := SigningFor(w).SignedAt(d.Header.Header())
	if !ok {
		return ""
	}
	off := signed.Sub(d.Began)
	if off.Abs() <= tolerance {
		return ""
	}
	direction := "ahead of"
	if off < 0 {
		direction = "behind"
	}
	remedy := `set webhook.timestamp to "real"`
	if w.Timestamp == outbox.TimestampReal {
		remedy = "misbehaviour timestamp: " + string(m.Timestamp) + " asks for that"
	}
	return fmt.Sprintf("the signed time is %s %s real time, and most verifiers allow five minutes: %s",
		roundedDuration(off.Abs()), direction, remedy)
}

// signatureWords are in the answers of receivers that refuse a signature.
var signatureWords = [...]string{"signature", "secret", "hmac"}

// refusalHint returns the probable reason for a receiver's 4xx, other than the signed time; "" when there is none.
func refusalHint(w *clinic.Webhook, d *journal.Delivery) string {
	if d.Status < 400 || d.Status > 499 {
		return ""
	}
	answer, complaint := strings.ToLower(string(d.Answer)), ""
	if d.Status == http.StatusUnauthorized || d.Status == http.StatusForbidden {
		complaint = "the receiver refuses the sender"
	}
	if slices.ContainsFunc(signatureWords[:], func(word string) bool { return strings.Contains(answer, word) }) {
		complaint = "the receiver says that the signature is wrong"
	}
	scheme := SigningFor(w).Scheme
	wanted := webhook.OtherScheme(scheme, answer)
	switch {
	case len(d.Misbehaviour) > 0:
		return "the mock misbehaved on purpose (" + strings.Join(d.Misbehaviour, ", ") + "), so the refusal may be right"
	case wanted != "":
		return fmt.Sprintf("the receiver wants the signature scheme %s, and the clinic has %s: set webhook.signature to %s, "+
			"or have the receiver verify %s", wanted, scheme, wanted, scheme)
	case complaint != "" && scheme == webhook.Unsigned:
		return complaint + ": probably it wants a signature, and the clinic sends none: set webhook.signature"
	case complaint != "" && strings.Contains(answer, "header"):
		return fmt.Sprintf("%s: probably a header that it wants is missing; compare its scheme with the clinic's "+
			"webhook.signature %s, and its names of headers with webhook.headers", complaint, scheme)
	case complaint != "":
		return complaint + ": most probably its secret differs from the clinic's webhook.secret; if not, it verifies other " +
			"bytes than those that it received"
	case d.Status == http.StatusNotFound || d.Status == http.StatusMethodNotAllowed:
		return "the receiver takes no POST under this path: compare the path of webhook.url with the receiver's"
	}
	return ""
}

// roundedDuration formats a duration in a unit people would use.
func roundedDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%d days", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d.Round(time.Minute)/time.Minute)
}
