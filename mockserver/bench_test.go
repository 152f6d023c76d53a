package mockserver_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// BenchmarkStart makes a mock. The first one in a process loads and validates openapi.yaml and loads the catalogue;
// the next ones reuse both.
func BenchmarkStart(b *testing.B) {
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			set, err := scenarios.Catalogue()
			if err != nil {
				b.Fatal(err)
			}
			if _, err := mockserver.New(mockserver.Options{Document: vseemock.OpenAPI(), Scenarios: set}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, err := mockserver.New(mockserver.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOperation answers one request of each operation, without a network: the cost of the mock itself. For
// comparison, a handler that reads the body and writes a fixed reply answers the request named "bare".
func BenchmarkOperation(b *testing.B) {
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := &mocktest.Clinic{Settings: mockserver.DefaultClinic(), BaseURL: "http://mock/api_v3"}
	key := func(r *http.Request) { byKey(c)(r) }
	admin := byToken(c.AdminToken)
	insurance := fields{{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"}}
	handle := func(h http.Handler, method, path string, body body, auth func(*http.Request)) int {
		r := httptest.NewRequestWithContext(context.Background(), method, c.BaseURL+path, bytes.NewReader(body.data))
		r.Header.Set("Content-Type", body.contentType)
		auth(r)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(guideSSO))
	})
	if got := handle(server, "POST", "/me", multipartBody(insurance), admin); got != 200 {
		b.Fatalf("storing the card: %d", got)
	}
	for _, op := range []struct {
		name         string
		handler      http.Handler
		method, path string
		body         body
		auth         func(*http.Request)
		status       int
	}{
		{"bare", bare, "POST", "/users/sso", multipartBody(edward), key, 200},
		{"listInsurers", server, "GET", "/insurances", noBody, admin, 200},
		{"signOn/multipart", server, "POST", "/users/sso", multipartBody(edward), key, 200},
		{"signOn/urlencoded", server, "POST", "/users/sso", formBody(edward), key, 200},
		{"signOn/refused", server, "POST", "/users/sso", formBody(edward.and("timezone", "?")), key, 400},
		{"updateMe/multipart", server, "POST", "/me", multipartBody(insurance), admin, 200},
		{"getMe", server, "GET", "/me", noBody, admin, 200},
		{"getUser", server, "GET", "/users/-", noBody, admin, 200},
		{"listCards", server, "GET", cardsPath, noBody, admin, 200},
		{"importCards", server, "POST", cardsPath + "/import", jsonBody(`{"insurances": [{"card_type": "primary", ` +
			`"insurer_code": "car7556", "subscriber_number": "234234"}]}`), admin, 200},
		{"startEligibilityCheck", server, "POST", "/users/-/car7556/eligibility", noBody, admin, 200},
	} {
		b.Run(op.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := handle(op.handler, op.method, op.path, op.body, op.auth); got != op.status {
					b.Fatalf("status %d, want %d", got, op.status)
				}
			}
		})
	}
}

// BenchmarkAdvance ends a check and delivers its event to a receiver on loopback.
func BenchmarkAdvance(b *testing.B) {
	receiver := mocktest.NewReceiver(b, nil)
	mock := mocktest.Start(b)
	c := mock.NewClinic(b, clinic.Settings{AccountCode: "bench", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(b, c, "pat", "123")
	for b.Loop() {
		b.StopTimer()
		start(b, c, id, token)
		b.StartTimer()
		c.Advance(b, 10*time.Second)
	}
}
