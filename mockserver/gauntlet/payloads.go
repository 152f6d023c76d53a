package gauntlet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// payloads are the cases of unusual bodies, correctly signed.
var payloads = []Case{
	{
		ID: "raw-body", Title: "JSON in another spelling",
		Sent:     "an event with spaces and with / written as \\/, as PHP may write it, correctly signed",
		Expected: "answers 2xx",
		fix:      "Verify the signature over the raw bytes: parsing and writing them again changes them.",
		run:      rawBody,
	}, {
		ID: "unknown-type", Title: "events of unknown types",
		Sent: "an event visit.note.signed_and_sent, and one of a type unknown to VSee", Expected: "answers 2xx to both",
		fix: "Answer 2xx to unknown types, and ignore them: after an error they are sent again and again.",
		run: unknownType,
	}, {
		ID: "unknown-field", Title: "an unknown field",
		Sent: "an event with a field unknown to VSee", Expected: "answers 2xx",
		fix: "Ignore unknown fields: VSee can add some without a new version.",
		run: func(ctx context.Context, s *session) verdict {
			event := s.resultEvent(s.newResult(scenarios.Success))
			event.Misbehaviour.ExtraField = true
			return judge(isAccepted, s.post(ctx, event))
		},
	}, {
		ID: "every-text", Title: "every text of eligibility_response",
		Sent: "one event for each possible text of a result", Expected: "answers 2xx to each",
		fix: "Accept every text in VSee's spelling; only Success means eligible.",
		run: everyText,
	}, {
		ID: "numeric-external-member-id", Title: "a number for external_member_id",
		Sent: "an event with a number for external_member_id, as in one of VSee's samples", Expected: "answers 2xx",
		fix: "Accept external_member_id as a string and as a number: VSee's samples have both.",
		run: func(ctx context.Context, s *session) verdict {
			data := s.newResult(scenarios.Success)
			data.ExternalMemberID = externalID
			return judge(isAccepted, s.post(ctx, s.resultEvent(data)))
		},
	}, {
		ID: "large-body", Title: "a large body",
		Sent: "an event of 512 KiB, most of it in a field unknown to VSee", Expected: "answers 2xx, or 413",
		fix: "Accept the body, or answer 413 to a body over your limit; read on before closing, or the answer is lost.",
		run: largeBody,
	},
}

// rawBody sends JSON in a form that a receiver would not write itself.
func rawBody(ctx context.Context, s *session) verdict {
	event := s.resultEvent(s.newResult("Invalid/Missing subscriber/insured ID"))
	var spelt bytes.Buffer
	_ = json.Indent(&spelt, event.Body, "", "    ") // it is JSON
	event.Body = bytes.ReplaceAll(spelt.Bytes(), []byte("/"), []byte(`\/`))
	return judge(isAccepted, s.post(ctx, event))
}

func unknownType(ctx context.Context, s *session) verdict {
	data := map[string]string{"member_id": s.MemberID}
	return judge(isAccepted,
		s.post(ctx, s.newEvent("visit.note.signed_and_sent", data)),
		s.post(ctx, s.newEvent("eligibility.of_tomorrow", data)))
}

// fewAtOnce is the number of events under way at once in cases about something else.
const fewAtOnce = 8

func everyText(ctx context.Context, s *session) verdict {
	texts := []string{scenarios.Success}
	for _, r := range scenarios.Reasons() {
		texts = append(texts, r.Text)
	}
	requests := make([]webhook.Request, len(texts))
	for i, text := range texts {
		requests[i] = s.resultEvent(s.newResult(text))
	}
	answers := s.postAll(ctx, fewAtOnce, requests)
	v := judge(isAccepted, answers...)
	if v.outcome == Failed && v.noAnswer.Reason == "" {
		v.got += "; not accepted: " + strings.Join(refusedTexts(texts, answers), ", ")
	}
	return v
}

func refusedTexts(texts []string, answers []answer) []string {
	var missed []string
	for i, a := range answers {
		if !isAccepted(a.Status) {
			missed = append(missed, fmt.Sprintf("%q", texts[i]))
		}
	}
	return missed
}

// largeSize is how many bytes a large body is over.
const largeSize = 512 << 10

func largeBody(ctx context.Context, s *session) verdict {
	event := s.resultEvent(s.newResult(scenarios.Success))
	filling := slices.Concat([]byte(`,"filling":"`), bytes.Repeat([]byte("x"), largeSize), []byte(`"}`))
	event.Body = slices.Concat(bytes.TrimSuffix(event.Body, []byte("}")), filling)
	return judge(acceptedOr(http.StatusRequestEntityTooLarge), s.post(ctx, event)).withOwnFix()
}
