package contract

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// world is the clinic of one spec: on a mock a new one, elsewhere the configured one.
type world struct {
	*target
	ctx      context.Context //nolint:containedctx // it lives as long as the one spec
	clinic   controlapi.Clinic
	hookPath string
	spoiled  bool              // events of the clinic may have fields unknown to openapi.yaml
	passed   time.Duration     // on the clinic's clock, by pass
	patients map[string]string // the ids of the patients, by the ids of the checks started for them
}

// enter returns the world of a spec. On a mock its clinic has a frozen clock and tells the suite's receiver; setUp
// changes that before the clinic is made.
func (t *target) enter(ctx context.Context, setUp ...func(*controlapi.ClinicSettings)) *world {
	w := &world{target: t, ctx: ctx, patients: map[string]string{}}
	if !t.isMock() {
		w.clinic = controlapi.Clinic{AccountCode: t.AccountCode, APIKey: t.Key, APISecret: t.Secret, AdminToken: t.AdminToken}
		w.clinic.Webhook.Secret = t.WebhookSecret
		return w
	}
	w.hookPath = "/" + unique()
	settings := controlapi.ClinicSettings{
		AccountCode: unique(), UnknownFields: new("typos"), Clock: &controlapi.ClockSettings{Freeze: true},
		Webhook: &controlapi.WebhookSettings{URL: new(strings.TrimSuffix(cmp.Or(t.ReceiverURL, t.receiver.url), "/") + w.hookPath)},
	}
	for _, f := range setUp {
		f(&settings)
	}
	made, err := t.control.CreateClinic(ctx, settings)
	Expect(err).NotTo(HaveOccurred(), "a clinic of the mock")
	w.clinic = made
	t.redactor.Hide(made.AccountCode, made.APIKey, made.APISecret, made.AdminToken, made.Webhook.Secret)
	DeferCleanup(func(ctx SpecContext) {
		Expect(t.control.DeleteClinic(ctx, made.AccountCode)).To(Succeed(), "the clinic's end")
	})
	return w
}

// neighbour returns another clinic of the mock.
func (w *world) neighbour() controlapi.Clinic {
	GinkgoHelper()
	return w.enter(w.ctx).clinic
}

// unique returns a random text, different for each call.
func unique() string { return "contract-" + strings.ToLower(rand.Text()) }

// send sends a request and returns the reply. A reply that breaks openapi.yaml fails the spec.
func (w *world) send(method, path string, body payload, header map[string]string) response {
	GinkgoHelper()
	return w.sendTo(w.base(), method, path, body, header)
}

// sendTo is send with a root other than the base URL's.
func (w *world) sendTo(root, method, path string, body payload, header map[string]string) response {
	GinkgoHelper()
	r, err := w.client.do(w.ctx, request{method, root, path, header, body})
	Expect(err).NotTo(HaveOccurred(), "a reply that can be read")
	return r
}

// base returns the base URL as it is configured.
func (w *world) base() string { return strings.TrimSuffix(w.BaseURL, "/") }

func (w *world) byKey() map[string]string {
	return map[string]string{"X-AccountCode": w.clinic.AccountCode, "X-ApiKey": w.clinic.APIKey, "X-ApiSecret": w.clinic.APISecret}
}

func byToken(token string) map[string]string { return map[string]string{"X-ApiToken": token} }

// user is a user signed on by a spec.
type user struct{ id, token string }

// somebody is the sign-on form of a complete patient with a unique code.
func somebody() form {
	return form{
		{"first_name", "Contract"}, {"last_name", "Patient"}, {"type", "200"}, {"code", unique()},
		{"dob", "1986-01-01"}, {"gender", "1"}, {"street_addr", "2868 Tully Street"}, {"city", "Detroit"}, {"state", "MI"}, {"zip", "48226"},
	}
}

// signOn signs a user on; any status but 200 fails the spec.
func (w *world) signOn(f form) user {
	GinkgoHelper()
	Expect(w.isSynthetic(f)).To(BeTrue(), "the member is made up, as the configuration's pattern has it")
	r := w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey())
	Expect(r.Status).To(Equal(http.StatusOK), "the status of the sign-on")
	u := user{r.text("data", "id"), r.text("data", "token", "token")}
	w.redactor.Hide(u.token)
	return u
}

// isSynthetic reports whether a user is made up, and so may be sent to a shared target. A guest has no code.
func (w *world) isSynthetic(f form) bool {
	pattern := regexp.MustCompile(w.Synthetic) // it was compiled when the configuration was checked
	return w.isMock() || !slices.ContainsFunc(f, func(field [2]string) bool { return field[0] == "code" && !pattern.MatchString(field[1]) })
}

// update updates the user with the user's own token; any status but 200 fails the spec.
func (w *world) update(u user, body payload) response {
	GinkgoHelper()
	r := w.send(http.MethodPost, "/me.json", body, byToken(u.token))
	Expect(r.Status).To(Equal(http.StatusOK), "the status of the update")
	return r
}

// insured signs the sample patient on, with a primary card.
func (w *world) insured() user {
	GinkgoHelper()
	return w.insuredBy(w.sample)
}

// insuredBy signs a patient on and stores their card.
func (w *world) insuredBy(who scenarios.Patient) user {
	GinkgoHelper()
	u := w.signOn(patientOf(who))
	w.update(u, asMultipart(cardOf(who)))
	return u
}

// carrier is the carrier code of the sample patient's card.
func (w *world) carrier() string { return string(w.sample.CarrierCode) }

// checkPath is the path to start a check of a user with a carrier.
func checkPath(id, carrier string) string {
	return "/users/" + id + "/" + url.PathEscape(carrier) + "/eligibility"
}

// start starts a check and returns its id; any status but 200 fails the spec.
func (w *world) start(u user, carrier string) string {
	GinkgoHelper()
	header := byToken(u.token)
	header["X-AccountCode"] = w.clinic.AccountCode
	r := w.send(http.MethodPost, checkPath(u.id, carrier), payload{}, header)
	return w.started(u, carrier, r)
}

// started returns the id of a check started for a user; any status but 200, and another carrier, fails the spec.
func (w *world) started(u user, carrier string, r response) string {
	GinkgoHelper()
	Expect(r.Status).To(Equal(ok), "the status of the start")
	Expect(r.text("data", "carrier_code")).To(Equal(carrier), "the carrier of the check")
	id := r.text("data", "eligibility_id")
	w.patients[id] = u.id
	return id
}

// told runs a patient's check to its end and returns the event sent to the webhook.
func (w *world) told() event {
	GinkgoHelper()
	u := w.insured()
	w.start(u, w.carrier())
	Expect(w.saved(u, primary)).To(BeEmpty(), "the result on the card before the cron job has run, of which there must be none")
	w.pass(cronDelay)
	w.eventually("how many events have come", func() any { return len(w.events(u)) }, Equal(1))
	return w.events(u)[0]
}

// saved returns the saved result on a user's card, "" for nothing.
func (w *world) saved(u user, card string) string {
	GinkgoHelper()
	r := w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(u.token))
	Expect(r.Status).To(Equal(http.StatusOK), "the status of the user")
	return r.text("data", "user_data", card, "eligibility_response")
}

// pass advances the clinic by a time: on a mock it moves the clock, elsewhere the specs that follow wait.
func (w *world) pass(by time.Duration) {
	GinkgoHelper()
	if w.isMock() {
		Expect(w.control.Advance(w.ctx, w.clinic.AccountCode, by)).Error().NotTo(HaveOccurred(), "the clinic's clock can be moved")
		w.passed += by
	}
}

// fail sets the deliberate faults of requests to the clinic.
func (w *world) fail(faults ...scenarios.Fault) {
	GinkgoHelper()
	Expect(w.control.SetFaults(w.ctx, w.clinic.AccountCode, faults)).Error().NotTo(HaveOccurred(), "the mock's faults can be set")
}

// now returns the time on the clinic's clock; the zero time on a target without a control API.
func (w *world) now() time.Time {
	GinkgoHelper()
	if !w.isMock() {
		return time.Time{}
	}
	clock, err := w.control.GetClock(w.ctx, w.clinic.AccountCode)
	Expect(err).NotTo(HaveOccurred(), "the clinic's clock can be read")
	return clock.Now
}

// eventually waits until the result of f matches. On a mock it does not wait: the clock has been moved already.
func (w *world) eventually(what string, f func() any, matcher OmegaMatcher) {
	GinkgoHelper()
	if w.isMock() {
		Expect(f()).To(matcher, what)
		return
	}
	Eventually(w.ctx, f).WithTimeout(w.Wait).WithPolling(w.Wait/60).Should(matcher, what)
}

// event is an event as it arrives at a receiver.
type event struct {
	delivery
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Account string `json:"account_code"`
	Data    struct {
		CheckID  string `json:"eligibility_id"`
		MemberID string `json:"member_id"`
		Response string `json:"eligibility_response"`

		ClaimID     string `json:"claim_id"`
		ClaimStatus string `json:"status"`
	} `json:"data"`
}

// events returns the events about a user that the clinic's webhook received. An event that breaks openapi.yaml
// fails the spec, even if it names no user.
func (w *world) events(u user) []event {
	GinkgoHelper()
	var about []event
	for _, d := range w.receiver.received(w.hookPath) {
		e := event{delivery: d}
		err := json.Unmarshal(d.Body, &e)
		nobodys := e.Data.MemberID == "" && e.Type == "eligibility.checked"
		patient, known := w.patients[e.Data.CheckID]
		if e.Data.MemberID != u.id && !nobodys && !known && !w.isMock() {
			continue // events about other patients arrive there, too
		}
		_, broken := w.client.event(d, w.clinic.Webhook.Envelope, w.spoiled)
		Expect(broken).NotTo(HaveOccurred(), "an event by openapi.yaml")
		Expect(err).NotTo(HaveOccurred(), "an event can be read")
		if known {
			Expect(w.client.about(e, patient)).To(Succeed(), "the patient whom an event is about")
		}
		if e.Data.MemberID == u.id {
			about = append(about, e)
		}
	}
	return about
}

// accepted returns the events that the receiver accepted.
func accepted(events []event) []event {
	var taken []event
	for _, e := range events {
		if e.Status == http.StatusOK {
			taken = append(taken, e)
		}
	}
	return taken
}
