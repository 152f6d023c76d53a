package gauntlet

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// answer is a receiver's reaction to one request.
type answer struct {
	Status int // 0 when none came
	Reason webhook.Reason
	Detail string
}

func (a answer) String() string {
	if a.Status == 0 {
		return "no answer (" + a.Detail + ")"
	}
	return fmt.Sprint(a.Status)
}

// expectation reports whether a status is a correct answer. A missing answer and a 5xx never are correct.
type expectation func(status int) bool

func isAccepted(status int) bool { return status >= 200 && status <= 299 }

func isRefused(status int) bool { return status >= 400 && status <= 499 }

// acceptedOr returns an expectation that allows 2xx and one other status.
func acceptedOr(other int) expectation {
	return func(status int) bool { return isAccepted(status) || status == other }
}

// verdict is the outcome of a case.
type verdict struct {
	outcome  Outcome
	got      string
	fix      string // empty for the case's own
	reason   string // why it is not testable
	noAnswer answer // the first missing answer, when all are missing
	denied   bool   // all answers are 401 or 403
}

func untestable(format string, args ...any) verdict {
	return verdict{outcome: NotTestable, reason: fmt.Sprintf(format, args...)}
}

// judge compares answers with the expectation for each.
func judge(is expectation, answers ...answer) verdict {
	v := verdict{outcome: Passed, got: tally(answers)}
	wrong := slices.IndexFunc(answers, func(a answer) bool { return !is(a.Status) })
	if wrong < 0 {
		return v
	}
	v.outcome, v.fix = Failed, generalFix(answers[wrong], is(http.StatusUnauthorized))
	if !slices.ContainsFunc(answers, func(a answer) bool { return a.Status != 0 }) {
		v.noAnswer = answers[0]
	}
	v.denied = !slices.ContainsFunc(answers, func(a answer) bool {
		return a.Status != http.StatusUnauthorized && a.Status != http.StatusForbidden
	})
	return v
}

// generalFix returns the remedy for an answer that no request should get, "" for other answers.
func generalFix(a answer, toForged bool) string {
	switch {
	case a.Reason == webhook.Timeout:
		return "Answer before processing: a sender does not wait, and sends the event again. --timeout sets the limit."
	case a.Status == 0:
		return "Answer every request before the connection ends; see the receiver's log for the reason."
	case a.Reason == webhook.Redirect:
		return "Use the final URL: redirects are not followed."
	case a.Status == http.StatusNotFound && !toForged:
		return "Check the URL (--url): it needs the path of your webhook, such as /hook. " +
			"A 404 says that there is none at this path."
	case a.Status >= 500 && toForged:
		return "Answer 401 to an event without a valid signature: after a 5xx it is sent again."
	}
	return ""
}

// withOwnFix returns the verdict with the case's own fix, unless every answer denies the signature.
func (v verdict) withOwnFix() verdict {
	v.fix = ""
	if v.denied {
		v.fix = acceptSigned
	}
	return v
}

// unreachable reports whether the receiver is not there at all, if this was the verdict on the first case.
func (v verdict) unreachable(first Case) bool {
	never := []webhook.Reason{webhook.Refused, webhook.DNS, webhook.TLS}
	return slices.Contains(never, v.noAnswer.Reason) ||
		v.noAnswer.Reason != "" && v.noAnswer.Reason != webhook.Timeout && first.ID == deliveries[0].ID
}

// tally describes the answers: each of a few, or the number of each kind of many.
func tally(answers []answer) string {
	var kinds []string
	counts := map[string]int{}
	for _, a := range answers {
		text := a.String()
		if counts[text]++; counts[text] == 1 {
			kinds = append(kinds, text)
		}
	}
	if len(answers) > 3 {
		for i, kind := range kinds {
			kinds[i] = fmt.Sprintf("%d times %s", counts[kind], kind)
		}
		return strings.Join(kinds, ", ")
	}
	texts := make([]string, len(answers))
	for i, a := range answers {
		texts[i] = a.String()
	}
	return strings.Join(texts, ", then ")
}
