package specs

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// checkedEvent is the type of the event after a check.
const checkedEvent = "eligibility.checked"

// retries are the waits between a refused attempt and the next one, from openapi.yaml.
func retries() []time.Duration {
	return []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

func webhookSpecs(l *list) {
	payloadSpecs(l)
	countSpecs(l)
	ownResultSpecs(l)
	deliverySpecs(l)
	createdEventSpecs(l)
}

// accepted returns the events accepted by the receiver.
func accepted(events []engine.Event) []engine.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e engine.Event) bool { return e.Status != http.StatusOK })
}

// payloadSpecs cover the content of an event.
func payloadSpecs(l *list) {
	l.require(rule{
		ID: "HOOK-001", Title: "The id of an event begins with the second of its creation",
		Operation: checkedEvent, Evidence: inferred, Level: requirement.May, Needs: []need{aReceiver},
	}, func(t *trial) {
		_, e := t.checked()
		idBegins(e)
	})
	l.add(inferred, "HOOK-005", checkedEvent,
		"An event comes after its result was saved, and has the same text", func(t *trial) {
			u := t.newInsured()
			check := t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			var r reply
			t.Poll(func() bool {
				came := slices.ContainsFunc(t.Events(u), func(e engine.Event) bool { return e.Data.CheckID == check })
				r = t.read(u)
				return came || r.Text(resultAt(primary)) != "" || !r.Trusted()
			})
			saved := t.result(u, primary)
			saved.Need(saved.Text(resultAt(primary)) != "", resultAt(primary), "the result is compared")
			e := t.NeedEvents(u, checkedEvent, 1)[0]
			if r.Late(resultAt(primary), "the result must be on the card when its event comes") {
				e.Value("/data/eligibility_response").Same(r.Value(resultAt(primary)), "the event must have the result on the card")
			}
		}, aReceiver)
	l.add(ours, "HOOK-008", checkedEvent, "An event has the second at which the check ended", func(t *trial) {
		_, e := t.checked()
		e.Value("/created", e.At("/created") == float64(t.Now().Unix())).Equal(true,
			"the second of creation must be that of the clinic's clock")
	}, aReceiver, aClock)
	l.add(inferred, "HOOK-011", checkedEvent, "An event has an external_member_id", func(t *trial) {
		_, e := t.checked()
		e.Present("/data/external_member_id", "the guide's event has an external_member_id")
	}, aReceiver)
	l.add(ours, "HOOK-012", checkedEvent,
		"The external_member_id of a patient is the same in each event", func(t *trial) {
			u, first := t.checked()
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			for _, e := range t.NeedEvents(u, checkedEvent, 2) {
				e.Equal("/data/external_member_id", first.At("/data/external_member_id"),
					"the external_member_id must stay the same")
				if e.At("/data/external_member_id") != nil {
					e.Matches("/data/external_member_id", digits, "a text of digits",
						"the external_member_id must be a text of digits")
				}
			}
		}, aReceiver)
}

// digits is the form of an external_member_id from a mock.
var digits = regexp.MustCompile(`^[0-9]+$`)

// createdEventSpecs cover the envelope of a user.created.
func createdEventSpecs(l *list) {
	const created = "user.created"
	asked := func(s *controlapi.ClinicSettings) { s.Webhook.Events = []string{created} }
	l.require(rule{ID: "MADE-005", Operation: created, Evidence: ours, Needs: []need{aReceiver, aClock},
		Title: "An event user.created comes again when the receiver refuses it"}, func(t *trial) {
		t.Refuse(1)
		u := t.signOn(patientForm())
		t.Pass(time.Second)
		t.NeedEvents(u, created, 1)
		t.Pass(retries()[0])
		t.NeedEvents(u, created, 2)
	}, asked)
	l.require(rule{
		ID: "MADE-004", Title: "An event user.created has the second at which the user was created, and an id of that second",
		Operation: created, Evidence: ours, Needs: []need{aReceiver, aClock},
	}, func(t *trial) {
		f, now := fullForm(), t.Now().Unix()
		u := t.signOn(f)
		t.Pass(time.Second)
		e := t.NeedEvents(u, created, 1)[0]
		for _, name := range []string{"code", "first_name", "last_name", "email"} {
			e.Equal("/data/"+name, f.Value(name), name+" must be that of the sign-on")
		}
		e.Equal("/data/type", 200, "the type must be that of the sign-on")
		e.Equal("/created", now, "the second of creation must be that of the clinic's clock")
		idBegins(e)
		identified(e)
	}, asked)
}

// aboutStarted is the rule of an event's check.
const aboutStarted = "the event must be about a started check"

// countSpecs cover the number of events, and their checks.
func countSpecs(l *list) {
	l.add(seed, "HOOK-006", checkedEvent, "Each check has an event of its own", func(t *trial) {
		checks := map[user]reply{}
		for range 2 {
			u := t.newInsured()
			checks[u] = t.checkStarted(u, t.carrier())
		}
		t.Pass(cronDelay)
		for u, check := range checks {
			t.ended(u)
			e := t.NeedEvents(u, checkedEvent, 1)[0]
			e.Value("/data/eligibility_id").From("/data/member_id").Same(check.Value("/data/eligibility_id"),
				aboutStarted)
			e.Equal("/data/member_id", u.ID, "the event must be about the patient of the check")
			e.Value("", e.Status).Equal(http.StatusOK, "the receiver must have accepted the event")
		}
	}, aReceiver)
	l.add(inferred, "HOOK-013", checkedEvent,
		"A second check of a patient has an event of its own, and no event comes twice", func(t *trial) {
			u := t.newInsured()
			check := t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			t.ended(u)
			first := t.NeedEvents(u, checkedEvent, 1)[0]
			second := t.startCheck(u, t.carrier())
			ids := []any{check, second}
			t.Pass(cronDelay)
			var events []engine.Event
			of := map[string]int{}
			t.Poll(func() bool {
				t.read(u)
				clear(of)
				events = t.Events(u)
				for _, e := range events {
					of[e.Data.CheckID]++
				}
				return len(of) > 1
			})
			for _, e := range events {
				if !e.Value("/data/eligibility_id").From("/data/member_id").OneOf(ids, aboutStarted) {
					return
				}
			}
			if len(of) < len(events) && first.Trusted() {
				t.ExtraEvent(checkedEvent, "the event must come once")
				return
			}
			t.NeedEvents(u, checkedEvent, 2)
		}, aReceiver)
}

// ownResultSpecs cover the result in the events of two checks.
func ownResultSpecs(l *list) {
	l.add(inferred, "HOOK-015", checkedEvent,
		"The result on the card is that of the last event, also after a former result", func(t *trial) {
			who := t.sample()
			who.Without = []string{"subscriber_num"}
			u := t.insuredAs(who)
			for n := range 2 {
				t.startCheck(u, t.carrier())
				t.Pass(cronDelay)
				t.ended(u)
				events := t.NeedEvents(u, checkedEvent, n+1)
				if len(events) > n+1 {
					return // it is unknown which of them is the last
				}
				t.read(u).Value(resultAt(primary)).Same(events[n].Value("/data/eligibility_response"),
					"the card must have the result of the event")
				t.update(u, engine.Multipart(cardOf(t.sample())))
			}
		}, aReceiver)
	l.add(ours, "HOOK-014", checkedEvent, "The event of each check has the result of that check", func(t *trial) {
		// No response at first, then eligible.
		u := t.insuredAs(scenarios.Patient{CarrierCode: "car7556", SubscriberNum: "70000093"})
		for n, want := range []string{"No response received by clearinghouse", scenarios.Success} {
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			t.NeedEvents(u, checkedEvent, n+1)[n].Equal("/data/eligibility_response", want,
				"the event must have the result of its own check")
		}
	}, aReceiver, aClock)
}

// ended waits for the result of a patient's check. Without one the requirement is blocked: a missing event is
// then no finding of its own.
func (t *trial) ended(u user) {
	r := t.result(u, primary)
	r.Need(r.Text(resultAt(primary)) != "", resultAt(primary), "the check must end")
}

// signed asserts the signature of an event.
func (t *trial) signed(e engine.Event, rule string) {
	valid := engine.Verify(e.Header, t.Clinic.Webhook.Secret, e.Body) == nil
	e.Value("webhook-signature").Holds(valid, "a valid signature", "another signature", rule)
}

// identified asserts the headers of an event beside its signature.
func identified(e engine.Event) {
	e.Value("webhook-id", e.Header.Get("webhook-id") == e.ID).Equal(true, "the header webhook-id must be the event's id")
	e.Value("webhook-timestamp", e.Header.Get("webhook-timestamp")).Present("the header webhook-timestamp must be there")
}

// idBegins asserts the id of an event, that begins with the second of its creation.
func idBegins(e engine.Event) {
	created, isNumber := e.At("/created").(float64)
	e.Need(isNumber, "/created", "the second of creation is compared")
	if e.Header.Get("webhook-id") == e.ID { // then a difference is one of the second
		e.Equal("/id", e.ID, "the id must be the one in the header webhook-id")
	}
	head, _, _ := strings.Cut(e.Text("/id"), "-")
	e.Value("/id", head).From("/created").Equal(strconv.FormatInt(int64(created), 16),
		"the id must begin with the second of creation, in hex")
}

// deliverySpecs cover the signature and the retries, where VSee is silent.
func deliverySpecs(l *list) {
	onMock := func(id, title string, needs []need, body func(t *trial), setUp ...func(*controlapi.ClinicSettings)) {
		l.require(rule{ID: id, Operation: checkedEvent, Evidence: ours, Needs: slices.Concat([]need{aReceiver}, needs),
			Title: title}, body, setUp...)
	}
	onMock("HOOK-003", "An event is signed by Standard Webhooks", nil, func(t *trial) {
		_, e := t.checked()
		t.signed(e, "the signature must be that of the id, the timestamp and the body")
		identified(e)
		for _, forged := range []error{
			engine.Verify(e.Header, "whsec_"+strings.Repeat("A", 32), e.Body),
			engine.Verify(e.Header, t.Clinic.Webhook.Secret, append(slices.Clone(e.Body), ' ')),
		} {
			e.Value("webhook-signature", forged != nil).Equal(true,
				"the signature must hold for the clinic's secret and the body alone")
		}
	})
	onMock("HOOK-004",
		"An event comes again, with the same id and a new timestamp, when the receiver refuses it",
		[]need{aClock}, func(t *trial) {
			u := t.newInsured()
			t.Refuse(2)
			t.startCheck(u, t.carrier())
			for n, wait := range []time.Duration{cronDelay, retries()[0], retries()[1]} {
				t.Pass(wait)
				t.NeedEvents(u, checkedEvent, n+1)
			}
			events := t.Events(u)
			last := events[len(events)-1]
			last.Value("", len(accepted(events))).Equal(1, "the receiver must have accepted the last attempt alone")
			stamps := map[string]bool{}
			for _, e := range events {
				e.Value("/id", e.ID == last.ID).Equal(true, "the id must be the same at each attempt")
				e.Value("", bytes.Equal(e.Body, last.Body)).Equal(true, "the body must be the same at each attempt")
				t.signed(e, "each attempt must be signed")
				stamps[e.Header.Get("webhook-timestamp")] = true
			}
			last.Value("webhook-timestamp", len(stamps)).Equal(len(events), "each attempt must have a timestamp of its own")
			t.Pass(retries()[8])
			t.NoEvents(u, checkedEvent, len(events), "no attempt may be made after the receiver has accepted the event")
		}, func(s *controlapi.ClinicSettings) {
			s.Webhook.Timestamp = new("clinic") // in real time they may be made in one second
		})
	onMock("HOOK-010",
		"An event is signed as of real time, after the clinic's clock was moved", []need{aClock}, func(t *trial) {
			t.Pass(time.Hour)
			_, e := t.checked()
			t.signed(e, "the signature must be valid after the clock was moved")
			at, err := engine.SignedAt(e.Header)
			e.Value("webhook-timestamp", err == nil && at.Sub(e.Began).Abs() <= engine.Tolerance).Equal(true,
				"the timestamp must be in real time")
		})
}
