package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// guide plays the requests of VSee's integration guide in a clinic: a patient, a card, and a check that waits. The rest
// is up to the clinic's clock.
type guide struct {
	clinic controlapi.Clinic
	client *http.Client
}

// playGuide plays the guide, and shows it on the timeline.
func (u *UI) playGuide(c *call) (answer, error) {
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	g := guide{one, &http.Client{Transport: inProcess{u.Mock}}}
	return c.redirect(""), g.play(c.Context())
}

// play makes the requests. The subscriber number makes the insurer answer with reject code 75.
func (g guide) play(ctx context.Context) error {
	admin := http.Header{"X-Accountcode": {g.clinic.AccountCode}, "X-Apikey": {g.clinic.APIKey},
		"X-Apisecret": {g.clinic.APISecret}}
	var patient struct {
		Data struct {
			ID    string
			Token struct{ Token string }
		}
	}
	err := g.post(ctx, "/users/sso", admin, url.Values{
		"first_name": {"Edward"}, "last_name": {"VSee"}, "type": {"200"}, "dob": {"1986-01-01"}, "gender": {"1"},
		"code": {"edward+001." + g.clinic.AccountCode + "@vseelab.com"},
	}, &patient)
	if err != nil {
		return err
	}
	carrier := carrierOf(g.clinic)
	own := http.Header{"X-Apitoken": {patient.Data.Token.Token}}
	err = g.post(ctx, "/me.json", own, url.Values{
		"insurance.primary_carrier_code": {carrier}, "insurance.primary_subscriber_num": {"11000075"},
	}, nil)
	if err != nil {
		return err
	}
	path := "/users/" + url.PathEscape(patient.Data.ID) + "/" + url.PathEscape(carrier) + "/eligibility"
	return g.post(ctx, path, own, nil, nil)
}

// carrierOf returns the insurer of the guide if the clinic supports it, else its first one.
func carrierOf(one controlapi.Clinic) string {
	const carrier = "car7556"
	if slices.ContainsFunc(one.Insurers, func(i controlapi.Insurer) bool { return i.ID == carrier }) {
		return carrier
	}
	return one.Insurers[0].ID // a clinic has one at least
}

// post sends a form to VSee's API, and decodes the reply into result unless that is nil.
func (g guide) post(ctx context.Context, path string, header http.Header, form url.Values, result any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.clinic.BaseURL+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("playing the guide: %w", err)
	}
	request.Header = header.Clone()
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	reply, err := g.client.Do(request)
	if err != nil {
		return fmt.Errorf("playing the guide: %w", err)
	}
	defer reply.Body.Close()
	text, err := bounded.ReadAll(reply.Body, maxForm)
	if err == nil && reply.StatusCode != http.StatusOK {
		return fmt.Errorf("playing the guide: POST %s was answered %d: the timeline has the request", path,
			reply.StatusCode)
	}
	if err == nil && result != nil {
		err = json.Unmarshal(text, result)
	}
	return err
}
