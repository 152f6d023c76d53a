package mockserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// call makes a POST from inside a receiver, and returns the status and the message.
func call(t *testing.T, url, body string, header ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Error(err)
	}
	return reply.StatusCode, string(text)
}

// A receiver may call for work that the clinic can do only after the receiver's answer. It gets an error at once,
// answers, and has its event at the first attempt.
func TestAReceiverThatMovesTheClockItselfIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		`{"advance": "1h"}`:               "/clock",
		`{"set": "2099-01-01T00:00:00Z"}`: "/clock",
		`{"run": true}`:                   "/clock",
		`{"timeout": "20s"}`:              "/settle",
		"":                                "/reset",
		"{}":                              "/events/{id}/resend",
		`{"type": "eligibility.checked", "member_id": "{member}"}`: "/events",
	} {
		t.Run(path+" "+name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			var once sync.Once
			var status int
			var said, member string
			url := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				once.Do(func() {
					var event struct{ ID string }
					_ = json.Unmarshal(body, &event)
					path := strings.Replace(path, "{id}", event.ID, 1)
					status, said = call(t, mock.URL+"/_mock/clinics/inside"+path, strings.Replace(name, "{member}", member, 1))
				})
			})
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "inside", Webhook: clinic.Webhook{URL: url}})
			id, token := patient(t, c, "pat", "123")
			member = id
			start(t, c, id, token)
			receipt := c.Advance(t, clinic.DefaultCronDelay)
			const want = "the clinic waits for the answer of a webhook receiver, and did so when this call came: a receiver " +
				"cannot move the clock"
			if status != http.StatusConflict || !strings.Contains(said, want) {
				t.Errorf("the receiver is told %d %s", status, said)
			}
			if len(receipt.Deliveries) == 0 {
				t.Fatalf("%d deliveries", len(receipt.Deliveries))
			}
			d := receipt.Deliveries[0]
			if d.Status != 200 || d.Attempt != 1 || d.Sends != 1 || !strings.Contains(d.Hint, "a receiver must answer first") {
				t.Errorf("the delivery: %+v", d)
			}
			var after struct{ Now time.Time }
			c.Control(t, http.MethodGet, "/clock", nil, &after)
			if !after.Now.Equal(receipt.To) {
				t.Errorf("the clock was moved to %s, and shows %s", receipt.To, after.Now)
			}
		})
	}
}

// The same holds for a receiver that starts a check with its event before the reply: then the reply comes first.
func TestAReceiverThatWaitsForAnEventBeforeTheReplyIsAnswered(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	var once sync.Once
	var status int
	var path, token string
	url := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		once.Do(func() { status, _ = call(t, mock.URL+path, "", "X-ApiToken", token) })
	})
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "inside", Webhook: clinic.Webhook{
		URL: url, Misbehaviour: clinic.Misbehaviour{BeforeReply: true},
	}})
	id, mine := patient(t, c, "pat", "123")
	path, token = "/api_v3/users/"+id+"/car7556/eligibility", mine
	var sent struct{ Deliveries []controlapi.Delivery }
	c.Control(t, http.MethodPost, "/events", map[string]string{"type": "eligibility.checked", "member_id": id}, &sent)
	if len(sent.Deliveries) != 1 || sent.Deliveries[0].Status != 200 || status != 200 {
		t.Errorf("the check was answered %d, the deliveries are %+v", status, sent.Deliveries)
	}
}

// Concurrent moves of one clock wait for each other, as long as its receivers answer.
func TestMovesOfOneClockAtTheSameTimeAllHappen(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	begun, more := make(chan struct{}), make(chan struct{})
	var first sync.Once
	url := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		first.Do(func() { close(begun); <-more })
	})
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "together", Webhook: clinic.Webhook{URL: url}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	var work sync.WaitGroup
	statuses := make([]int, 8)
	work.Go(func() {
		statuses[0], _ = call(t, mock.URL+"/_mock/clinics/together/clock", `{"advance": "10s"}`)
	})
	<-begun
	for i := range statuses[1:] {
		work.Go(func() {
			statuses[i+1], _ = call(t, mock.URL+"/_mock/clinics/together/clock", `{"advance": "10s"}`)
		})
	}
	close(more)
	work.Wait()
	for i, status := range statuses {
		if status != 200 {
			t.Errorf("move %d is answered %d", i, status)
		}
	}
	if got := bytes.Count(marshal(t, listOf(t, c, "/events")), []byte(`"delivered"`)); got != 1 {
		t.Errorf("%d events are delivered", got)
	}
}
