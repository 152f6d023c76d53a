//go:build ignore

package contract

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func webhookSpecs(t *target) {
	t.in("Webhook", func() {
		t.require(required{
			id: "HOOK-001", title: "has an id that begins with the second of creation",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: inferred, needs: []need{aReceiver},
		}, func(w *world) {
			e := w.told()
			head, _, _ := strings.Cut(e.ID, "-")
			Expect(head).To(Equal(strconv.FormatInt(e.Created, 16)), "the second in the id")
		})
		t.require(required{
			id: "HOOK-002", title: "comes as JSON",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver},
		}, func(w *world) {
			Expect(w.told().Header.Get("Content-Type")).To(Equal("application/json"), "the content type")
		})
		t.require(required{
			id: "HOOK-003", title: "is signed by Standard Webhooks",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver},
		}, func(w *world) {
			e := w.told()
			Expect(verify(e.Header, w.clinic.Webhook.Secret, e.Body)).To(Succeed(), "the signature")
			Expect(e.Header.Get("webhook-id")).To(Equal(e.ID), "the header webhook-id")
			Expect(e.Header.Get("webhook-timestamp")).NotTo(BeEmpty(), "the header webhook-timestamp")
			Expect(verify(e.Header, "whsec_"+strings.Repeat("A", 32), e.Body)).NotTo(Succeed(), "with another secret")
			Expect(verify(e.Header, w.clinic.Webhook.Secret, append(e.Body, ' '))).NotTo(Succeed(), "with another body")
		})
		t.require(required{
			id: "HOOK-004", title: "comes again, under the same id and a new timestamp, when the receiver refuses it",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver, aClock},
		}, func(w *world) {
			u := w.insured()
			w.receiver.refuse(w.hookPath, 2)
			w.start(u, w.carrier())
			w.pass(cronDelay)
			Expect(w.events(u)).To(HaveLen(1), "the events after the first attempt")
			w.pass(retries()[0])
			Expect(w.events(u)).To(HaveLen(2), "the events after the second attempt")
			Expect(accepted(w.events(u))).To(BeEmpty(), "the events that were taken before the receiver takes any")
			w.pass(retries()[1])
			events := w.events(u)
			Expect(events).To(HaveLen(3), "the events after the third attempt")
			Expect(accepted(events)).To(HaveLen(1), "the events that were taken")
			stamps := map[string]bool{}
			for _, e := range events {
				Expect(e.ID).To(Equal(events[0].ID), "the id at each attempt")
				Expect(e.Body).To(Equal(events[0].Body), "the body at each attempt")
				Expect(verify(e.Header, w.clinic.Webhook.Secret, e.Body)).To(Succeed(), "the signature at each attempt")
				stamps[e.Header.Get("webhook-timestamp")] = true
			}
			Expect(stamps).To(HaveLen(3), "the timestamps of the attempts")
			w.pass(retries()[8])
			Expect(w.events(u)).To(HaveLen(3), "the attempts a day after it was taken")
		}, func(s *controlapi.ClinicSettings) { s.Webhook.Timestamp = new("clinic") }) // in real time they may be made in one second
		t.require(required{
			id: "HOOK-005", title: "comes after the result has been saved",
			level: should, operation: "eligibility.checked", effect: mutating, evidence: inferred, needs: []need{aReceiver},
		}, func(w *world) {
			u := w.insured()
			w.start(u, w.carrier())
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result on the card before the cron job has run, of which there must be none")
			w.pass(cronDelay)
			w.eventually("how many events have come", func() any { return len(w.events(u)) }, Equal(1))
			Expect(w.saved(u, "primary")).To(Equal(w.events(u)[0].Data.Response), "the result on the card when the event has come, which must be that of the event")
		})
		t.require(required{
			id: "HOOK-006", title: "is told of each check by itself",
			level: must, operation: "eligibility.checked", effect: mutating, evidence: seed, needs: []need{aReceiver},
		}, func(w *world) {
			u := w.insured()
			ids := []any{w.start(u, w.carrier()), w.start(u, w.carrier())}
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result on the card before the cron job has run, of which there must be none")
			w.pass(cronDelay)
			w.eventually("how many events have come", func() any { return len(w.events(u)) }, Equal(2))
			var told []any
			for _, e := range w.events(u) {
				told = append(told, e.Data.CheckID)
				Expect(e.Status).To(Equal(http.StatusOK), "what the receiver answered")
			}
			Expect(told).To(ConsistOf(ids...), "the checks that the events are about")
		})
		t.require(required{
			id: "HOOK-007", title: "comes in the envelope that the clinic is set to",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver, aMock},
		}, func(w *world) {
			var envelope map[string]any
			Expect(json.Unmarshal(w.told().Body, &envelope)).To(Succeed(), "the event can be read")
			Expect(slices.Sorted(maps.Keys(envelope))).To(Equal([]string{"account_code", "created", "data", "id", "type"}), "the names in the envelope")
			Expect(envelope["account_code"]).To(Equal(w.clinic.AccountCode), "the account code in the envelope")
		})
		t.require(required{
			id: "HOOK-008", title: "was created at the second at which the check ended",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver, aClock},
		}, func(w *world) {
			Expect(w.told().Created).To(Equal(w.now().Unix()), "the second of creation")
		})
		t.require(required{
			id: "HOOK-009", title: "has the ids of patient and check as texts of digits",
			level: must, operation: "eligibility.checked", effect: mutating, evidence: seed, needs: []need{aReceiver},
		}, func(w *world) {
			e := w.told()
			isID(e.Data.MemberID, "the patient's id")
			isID(e.Data.CheckID, "the check's id")
		})
		t.require(required{
			id: "HOOK-010", title: "is signed as of real time, after the clinic's clock was moved",
			level: may, operation: "eligibility.checked", effect: mutating, evidence: ours, needs: []need{aReceiver, aClock},
		}, func(w *world) {
			w.pass(time.Hour)
			e := w.told()
			Expect(verify(e.Header, w.clinic.Webhook.Secret, e.Body)).To(Succeed(), "the signature")
			signed, err := signedAt(e.Header)
			Expect(err).NotTo(HaveOccurred(), "the second as of which it is signed can be read")
			Expect(signed).To(BeTemporally("~", e.Began, tolerance), "the second as of which it is signed")
		})
	})
}
