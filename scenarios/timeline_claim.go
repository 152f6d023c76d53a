package scenarios

import (
	"fmt"
	"time"
)

// claim adds the moments of a claim, from its submission to its end. It returns the time of the end.
func (t *timeline) claim(n int, step ClaimStep, now instant) instant {
	what := fmt.Sprintf("submits claim %d, to the insurer of the %s card", n, step.Card)
	if step.Again {
		what = fmt.Sprintf("submits the same claim once more, as claim %d", n)
	}
	t.add(now, Client, Mock, what)
	switch step.Refused {
	case NotEligible:
		t.add(now, Mock, Client, fmt.Sprintf("refuses claim %d: the check was not Success", n))
		return now
	case Duplicate:
		t.add(now, Mock, Client, fmt.Sprintf("refuses claim %d: it is a duplicate", n))
		return now
	}
	t.add(now, Mock, Client, fmt.Sprintf("replies with the id of claim %d", n))
	stages := step.Claim.Stages()
	for _, stage := range stages {
		now = now.after(t.stage(stage))
		who, text := Insurer, stage.Status
		if stage.Category != "" {
			text += fmt.Sprintf(" (%s:%s)", stage.Category, stage.Code)
		}
		t.add(now, who, Mock, fmt.Sprintf("answers claim %d: %s", n, text))
		if has := t.story.Clinic.Webhook; has == nil || *has {
			t.tellOfClaim(now, fmt.Sprintf("the event of claim %d, %s", n, stage.Status))
		}
		now.order++
	}
	if step.Claim.Outcome == Silent {
		t.add(now, Insurer, "", fmt.Sprintf("never says more of claim %d", n))
	}
	now.order += nextCall
	return now
}

// tellOfClaim adds the moments of a claim's event.
func (t *timeline) tellOfClaim(now instant, event string) {
	w := t.story.ClaimWebhook
	if w.Drop {
		t.add(now, Mock, "", "drops "+event+": it is never sent")
		return
	}
	t.add(now, Mock, Receiver, "sends "+event+words(w, 1))
	if w.FailsVerification(1) && len(t.in.Retries) > 0 {
		t.add(now.after(t.in.Retries[0]), Mock, Receiver, "sends it again likewise, and at each further time of the schedule, if that was refused")
	}
}

func (t *timeline) stage(s Stage) time.Duration {
	if s.After == nil {
		return t.in.CronDelay
	}
	return *s.After
}
