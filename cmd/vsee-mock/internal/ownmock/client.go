package ownmock

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// APIBase is the base path of VSee's API.
const APIBase = "/vc/dev/api_v3"

// maxReply is how long the client waits for a reply, in real time.
const maxReply = 10 * time.Second

var _ play.Client = (*Mock)(nil)

// Clinic implements play.Client.
func (m *Mock) Clinic() play.Clinic {
	return play.Clinic{
		CronDelay: scenarios.Range{From: *m.Settings.CronDelay, To: m.Settings.MaxCronDelay},
		Chance:    chance.Source{Account: m.Settings.AccountCode, Seed: m.Settings.Seed},
		Retries:   m.Settings.Webhook.Schedule, Webhook: m.Settings.Webhook.URL != "",
		Patient: scenarios.Patient{Email: "edward+001.vclinic@vseelab.com"},
	}
}

// Now implements play.Client.
func (m *Mock) Now(context.Context) (time.Time, error) { return m.clock.Now(), nil }

// Advance implements play.Client. It logs the receipt. The clock stops at the latest time of a clock: an answer may be
// due beyond it.
func (m *Mock) Advance(ctx context.Context, by time.Duration) error {
	by = min(by, clock.Latest.Sub(m.clock.Now()))
	r, err := m.control.Advance(ctx, m.Settings.AccountCode, by)
	if err == nil {
		m.log.add(Entry{Receipt: &r, By: by})
	}
	return err
}

// Events returns the events of the clinic, the newest first.
func (m *Mock) Events(ctx context.Context) ([]controlapi.Event, error) {
	page, err := m.control.ListEvents(ctx, m.Settings.AccountCode, controlapi.PageRequest{Limit: 10_000}) // the most
	return page.Data, err
}

// Credentials returns the headers that authenticate a request.
func (m *Mock) Credentials(r play.Request) map[string]string {
	switch r.Auth {
	case play.ByKey:
		return map[string]string{
			"X-AccountCode": m.Settings.AccountCode,
			"X-ApiKey":      m.Settings.Key,
			"X-ApiSecret":   m.Settings.Secret,
		}
	case play.ByAdmin:
		return map[string]string{"X-ApiToken": m.Settings.AdminToken}
	default:
		return map[string]string{"X-ApiToken": r.Token}
	}
}

// Send implements play.Client.
func (m *Mock) Send(ctx context.Context, r play.Request) (play.Reply, error) {
	contentType, body := encode(r)
	ctx, cancel := context.WithTimeout(ctx, maxReply)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, m.URL+APIBase+r.Path, body)
	if err != nil {
		return play.Reply{}, err
	}
	for name, value := range m.Credentials(r) {
		request.Header.Set(name, value)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	started := clock.Wall()
	reply, err := m.client.Do(request)
	if err != nil {
		return play.Reply{}, err
	}
	defer reply.Body.Close()
	text, err := bounded.ReadAll(reply.Body, controlapi.MaxReply)
	return play.Reply{Status: reply.StatusCode, Header: reply.Header, Body: text, Took: clock.Since(started)}, err
}

// encode returns the body of a request. A form is encoded as by curl's --form in the guide.
func encode(r play.Request) (contentType string, body io.Reader) {
	switch {
	case r.Form != nil:
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, name := range Fields(r.Form) {
			_ = w.WriteField(name, r.Form.Get(name)) // writing to a buffer cannot fail
		}
		_ = w.Close()
		return w.FormDataContentType(), &b
	case r.JSON != nil:
		text, _ := json.Marshal(r.JSON) // texts and numbers, so encoding cannot fail
		return "application/json", bytes.NewReader(text)
	}
	return "", http.NoBody
}

// Fields returns the names of the fields of a form, sorted.
func Fields(form url.Values) []string { return slices.Sorted(maps.Keys(form)) }
