package mockserver_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// ask makes a GET request with a header, and returns the status and the text of the reply.
func ask(t *testing.T, address, name, value string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(name, value)
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(body)
}

func TestTheMetricsCountRequestsWarningsWorkLatenessDeliveriesAndClinics(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken, o.Version = "s3cret", "1.2.3" })
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}})
	one.Control(t, http.MethodGet, "/users", nil, nil) // no request to VSee's API
	ask(t, one.BaseURL+"/me?surprise=1", "X-ApiToken", one.AdminToken)
	ask(t, one.BaseURL+"/me", "X-ApiToken", "unknown")
	ask(t, mock.URL+"/nothing", "X-ApiToken", "unknown")
	one.Control(t, http.MethodPost, "/events", map[string]any{"type": "eligibility.checked", "member_id": "132406"}, nil)
	one.Advance(t, 15*time.Second)

	address := mock.URL + "/_mock/metrics"
	if status, _ := ask(t, address, "Accept", "text/plain"); status != http.StatusUnauthorized {
		t.Errorf("without the token: %d", status)
	}
	status, text := ask(t, address, "Authorization", "Bearer s3cret")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	for _, want := range []string{
		`vsee_mock_requests_total{operation="getMe",status="200"} 1`,
		`vsee_mock_requests_total{operation="getMe",status="401"} 1`,
		`vsee_mock_requests_total{operation="",status="404"} 1`,
		`vsee_mock_request_duration_seconds_count{operation="getMe"} 2`,
		`vsee_mock_warnings_total{operation="getMe"} 1`,
		`vsee_mock_deliveries_total{outcome="delivered"} 1`,
		`vsee_mock_deliveries_total{outcome="status"} 1`,
		`vsee_mock_lateness_seconds_bucket{kind="delivery",le="0.001"} 2`,
		`vsee_mock_pending{kind="delivery"} 0`,
		`vsee_mock_pending{kind="claim"} 0`,
		"vsee_mock_clinics 2",
		`vsee_mock_build_info{version="1.2.3"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the metrics have no line %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// Each mock of a process has metrics of its own.
func TestTwoMocksDoNotCountTogether(t *testing.T) {
	t.Parallel()
	one, other := mocktest.Start(t), mocktest.Start(t)
	ask(t, one.URL+"/api_v3/insurances", "X-ApiToken", "vclinic_api_token")
	for address, want := range map[string]bool{one.URL: true, other.URL: false} {
		_, text := ask(t, address+"/_mock/metrics", "Accept", "text/plain")
		if got := strings.Contains(text, "\nvsee_mock_requests_total{"); got != want {
			t.Errorf("it has counted requests: %t, want %t", got, want)
		}
	}
}
