package ui

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// webhooks is the data of the view of a clinic's endpoint and events.
type webhooks struct {
	Events   []listed
	Older    string // the address of the events before
	Types    []string
	Failures []failureMode
	Words    string // the present misbehaviour; empty for none
}

// listed is an event in the list.
type listed struct {
	controlapi.Event
	Failure string // of the last attempt; empty when it did not fail, or is no longer in the journal
}

// maxAttempts is the number of attempts that the list of events looks through.
const maxAttempts = 1000

// listed returns events with the failures of their last attempts.
func (c *call) listed(events []controlapi.Event) ([]listed, error) {
	attempts, err := c.client.ListDeliveries(c.Context(), c.account, controlapi.PageRequest{Limit: maxAttempts})
	if err != nil {
		return nil, err
	}
	last := map[string]string{}
	for _, d := range slices.Backward(attempts.Data) { // the newest is the last one
		last[d.EventID] = ""
		if d.Reason != "" {
			last[d.EventID] = d.Outcome()
		}
	}
	var all []listed
	for _, e := range events {
		all = append(all, listed{e, last[e.ID]})
	}
	return all, nil
}

// failureMode is an entry in the menu of misbehaviours, as the clinic's settings write it.
type failureMode struct {
	Label, JSON string
	On          bool // it is the present one
}

// failureModes are the misbehaviours in the menu. A scenario has more of them, for single events.
func failureModes() []failureMode {
	return []failureMode{
		{Label: "None: events are as they should be", JSON: `{}`},
		{Label: "Signed with an unknown secret", JSON: `{"signature": "bad"}`},
		{Label: "Signed with the previous secret", JSON: `{"signature": "old"}`},
		{Label: "Signed ten minutes ago", JSON: `{"timestamp": "stale"}`},
		{Label: "Signed ten minutes ahead", JSON: `{"timestamp": "future"}`},
		{Label: "Changed after signing", JSON: `{"altered": true}`},
		{Label: "Sent twice with one id", JSON: `{"duplicate": 2}`},
		{Label: "With an unknown field", JSON: `{"extra_field": true}`},
		{Label: "With a numeric external_member_id", JSON: `{"numeric_member_id": true}`},
		{Label: "Sent slowly, for 3 seconds", JSON: `{"slow": "3s"}`},
		{Label: "Compressed", JSON: `{"gzip": true}`},
		{Label: "Not sent at all", JSON: `{"drop": true}`},
	}
}

// webhooks shows a clinic's endpoint and its events.
func (u *UI) webhooks(c *call) (answer, error) {
	page, err := c.client.ListEvents(c.Context(), c.account, controlapi.PageRequest{After: c.FormValue("after")})
	if err != nil {
		return answer{}, err
	}
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	events, err := c.listed(page.Data)
	if err != nil {
		return answer{}, err
	}
	w := webhooks{
		Events: events, Types: embedded.Spec().Types(), Failures: failureModes(),
		Words: strings.Join(one.Webhook.Misbehaviour.Words(), ", "),
	}
	for i, mode := range w.Failures {
		var chosen scenarios.Webhook
		err := json.Unmarshal([]byte(mode.JSON), &chosen)
		w.Failures[i].On = err == nil && chosen == one.Webhook.Misbehaviour
	}
	if page.Next != "" {
		w.Older = c.address("/webhooks?after=" + page.Next)
	}
	return answer{view: "webhooks", data: w}, nil
}

// setWebhook changes the endpoint of a clinic's events.
func (u *UI) setWebhook(c *call) (answer, error) {
	var settings controlapi.WebhookSettings
	if url := c.PostFormValue("url"); c.PostForm.Has("url") {
		settings.URL = &url
	}
	if secret := c.PostFormValue("secret"); secret != "" {
		settings.Secret = &secret
	}
	if text := c.PostFormValue("misbehaviour"); text != "" {
		var chosen scenarios.Webhook
		if err := json.Unmarshal([]byte(text), &chosen); err != nil {
			return answer{}, inputError("The misbehaviour must be one of the menu.")
		}
		settings.Misbehaviour = &chosen
	}
	_, err := c.client.ChangeClinic(c.Context(), c.account, controlapi.ClinicSettings{Webhook: &settings})
	done := "?done=" + map[bool]string{true: "saved", false: "set"}[settings.Misbehaviour == nil]
	if next := c.PostFormValue("next"); next != "" {
		return answer{to: ownAddress(next) + done}, err
	}
	return c.redirect("/webhooks" + done), err
}

// resendEvent sends an event again, and shows it.
func (u *UI) resendEvent(c *call) (answer, error) {
	_, err := c.client.ResendEvent(c.Context(), c.account, c.PathValue("id"))
	return c.redirect("/events/" + c.PathValue("id")), err
}

// event is the data of the view of one event.
type event struct {
	controlapi.EventReport
	Newest     []controlapi.Delivery // the attempts, newest first
	Proofs     []proof               // of the last attempt
	Unprovable bool                  // the last attempt has another signature on purpose
}

// event shows an event with each attempt to deliver it.
func (u *UI) event(c *call) (answer, error) {
	report, err := c.client.GetEvent(c.Context(), c.account, c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	e := event{EventReport: report}
	if n := len(report.Deliveries); n > 0 {
		e.Newest = slices.Clone(report.Deliveries)
		slices.Reverse(e.Newest)
		e.Proofs = proofs(one.Webhook, e.Newest[0], mask)
		e.Unprovable = slices.ContainsFunc(e.Newest[0].Misbehaviour, func(word string) bool {
			return strings.HasPrefix(word, "signature:") || strings.HasPrefix(word, "altered:")
		})
	}
	return answer{view: "event", data: e}, nil
}

// revealProof answers with one of the programs that verify the last attempt, the secret filled in.
func (c *call) revealProof(one controlapi.Clinic) (answer, error) {
	report, err := c.client.GetEvent(c.Context(), c.account, c.PostFormValue("id"))
	if err != nil {
		return answer{}, err
	}
	if n := len(report.Deliveries); n > 0 {
		for _, p := range proofs(one.Webhook, report.Deliveries[n-1], one.Webhook.Secret) {
			if p.Language == c.PostFormValue("language") {
				return answer{text: p.Text}, nil
			}
		}
	}
	return failure(http.StatusNotFound, "The event has no attempt that can be verified."), nil
}
