package mocktest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestAnIneligiblePatientIsTold(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, nil)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "mine", Webhook: clinic.Webhook{URL: receiver.URL}})

	checkEligibility(t, c.BaseURL, c.AccountCode, c.Key, c.Secret) // your own client

	receipt := c.Advance(t, 10*time.Second) // returns when all work due on the way is done
	if got := receipt.Checks[0].Response; got != "Subscriber/Insured not found" {
		t.Errorf("the insurer says %q", got)
	}
	if events := receiver.Received(); len(events) != 1 {
		t.Errorf("the webhook got %d events", len(events))
	}
}

// checkEligibility plays the client of a partner.
func checkEligibility(t testing.TB, base, account, key, secret string) {
	t.Helper()
	header := http.Header{"X-Accountcode": {account}, "X-Apikey": {key}, "X-Apisecret": {secret}}
	token := post(t, base+"/users/sso", header, url.Values{
		"first_name": {"Pat"}, "last_name": {"Sample"}, "code": {"pat"}, "dob": {"1980-01-01"}, "gender": {"1"},
		"insurance.primary_carrier_code": {"car7556"}, "insurance.primary_subscriber_num": {"11000075"},
	})
	post(t, base+"/users/-/car7556/eligibility", http.Header{"X-Apitoken": {token}}, nil)
}

// post sends a form and returns the token in the reply, if there is one.
func post(t testing.TB, address string, header http.Header, form url.Values) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var text strings.Builder
	if err := reply.Write(&text); err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", text.String(), err)
	}
	_, token, _ := strings.Cut(text.String(), `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	return token
}
