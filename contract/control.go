package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// control is the control API of a mock, as far as the suite uses it.
type control struct {
	http  *http.Client
	url   string
	token string
}

// madeClinic is a clinic made by a mock for a spec.
type madeClinic struct {
	AccountCode string `json:"account_code"`
	Key         string `json:"api_key"`
	Secret      string `json:"api_secret"`
	AdminToken  string `json:"admin_token"`
	Webhook     struct {
		Secret   string `json:"secret"`
		Envelope string `json:"envelope"` // its name in openapi.yaml; "" if it is unknown
	} `json:"webhook"`
}

// clinicSettings is the body of the request to make a clinic.
type clinicSettings struct {
	AccountCode string              `json:"account_code"`       // unique: several processes may ask at once
	Scenario    string              `json:"scenario,omitempty"` // the id of the scenario to play there
	CronDelay   *scenarios.Duration `json:"cron_delay,omitempty"`
	Seed        *uint64             `json:"seed,omitempty"`
	Insurers    []insurerSettings   `json:"insurers,omitempty"` // empty for the mock's own
	Webhook     webhookSettings     `json:"webhook"`
	Clock       clockSettings       `json:"clock"`

	UnknownFields string `json:"unknown_fields"` // set always: the mock may have been started with another value
}

type insurerSettings struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type webhookSettings struct {
	URL            string `json:"url"` // none when empty
	PreviousSecret string `json:"previous_secret,omitempty"`
	Timestamp      string `json:"timestamp,omitempty"` // the clock of the signed time: real time when empty

	Events []string `json:"events,omitempty"` // all but user.created when empty
}

type clockSettings struct {
	Set    time.Time `json:"set,omitzero"` // now when zero
	Freeze bool      `json:"freeze"`
}

// create makes a clinic.
func (c *control) create(ctx context.Context, settings clinicSettings) (madeClinic, error) {
	var made madeClinic
	settings.UnknownFields = "typos"
	err := c.call(ctx, http.MethodPost, "/clinics", settings, &made)
	return made, err
}

// remove deletes a clinic.
func (c *control) remove(ctx context.Context, account string) error {
	return c.call(ctx, http.MethodDelete, "/clinics/"+account, nil, nil)
}

// advance moves a clinic's clock. It returns after everything due on the way is done.
func (c *control) advance(ctx context.Context, account string, by time.Duration) error {
	return c.call(ctx, http.MethodPost, "/clinics/"+account+"/clock", map[string]string{"advance": by.String()}, nil)
}

// fail sets the deliberate faults of requests to a clinic. They replace its earlier faults.
func (c *control) fail(ctx context.Context, account string, faults []scenarios.Fault) error {
	return c.call(ctx, http.MethodPut, "/clinics/"+account+"/faults", faults, nil)
}

// now returns the time on a clinic's clock.
func (c *control) now(ctx context.Context, account string) (time.Time, error) {
	var clock struct {
		Now time.Time `json:"now"`
	}
	err := c.call(ctx, http.MethodGet, "/clinics/"+account+"/clock", nil, &clock)
	return clock.Now, err
}

// maxControlReply is the limit for a reply in bytes: a mock's are much smaller, but a wrong URL may return anything.
const maxControlReply = 64 << 20

// call sends a request to the control API and decodes the reply into result, unless that is nil. Its errors
// contain nothing from the reply, which may be private, and no account code.
func (c *control) call(ctx context.Context, method, path string, body, result any) error {
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("writing a request to the mock: %w", err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, sent)
	if err != nil {
		return errors.New("making a request to the mock")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	proxy := proxyOf(request)
	reply, err := c.http.Do(request)
	if err != nil && proxy != "" {
		return fmt.Errorf("asking the mock by the proxy that %s names: put the mock's host into NO_PROXY: %w", proxy, redact.Error(err))
	}
	if err != nil {
		return fmt.Errorf("asking the mock: %w", redact.Error(err))
	}
	defer reply.Body.Close()
	if proxy != "" && reply.Header.Get(headerVersion) == "" {
		return fmt.Errorf("a proxy answered %d instead of the mock: %s is set, so put the mock's host into NO_PROXY", reply.StatusCode, proxy)
	}
	text, err := bounded.ReadAll(reply.Body, maxControlReply)
	if errors.Is(err, bounded.ErrTooLarge) {
		return fmt.Errorf("reading the mock's reply to %s %s: %w; --control-url may lead to something other than a mock", method, shown(path), err)
	}
	if err != nil {
		return fmt.Errorf("reading the mock's reply: %w", redact.Error(err))
	}
	if reply.StatusCode > 299 {
		return fmt.Errorf("the mock refuses %s %s with %d", method, shown(path), reply.StatusCode)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(text, result); err != nil {
		return fmt.Errorf("reading the mock's reply to %s %s: %w", method, shown(path), redact.Error(err))
	}
	return nil
}

// headerVersion is a header of each reply of a mock's control API. A reply made by a proxy lacks it.
const headerVersion = "X-Mock-Version"

// proxyOf returns the environment variable with the proxy for a request; "" for none.
func proxyOf(request *http.Request) string {
	if proxy, err := http.ProxyFromEnvironment(request); proxy == nil && err == nil {
		return ""
	}
	names := []string{"HTTP_PROXY", "http_proxy"}
	if request.URL.Scheme == "https" {
		names = []string{"HTTPS_PROXY", "https_proxy"}
	}
	if os.Getenv(names[0]) != "" {
		return names[0]
	}
	return names[1]
}

// shown is a path of the control API without the account code in it.
func shown(path string) string {
	parts := strings.Split(path, "/") // "", "clinics", account, …
	if len(parts) > 2 {
		parts[2] = "{account}"
	}
	return strings.Join(parts, "/")
}
