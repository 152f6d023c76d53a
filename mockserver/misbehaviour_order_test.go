package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// order returns the checks of a receiver's events, each with the status of its answer.
func (s misbehavingMock) order(t *testing.T) []string {
	t.Helper()
	var order []string
	for _, r := range s.receiver.Received() {
		var payload struct {
			Data struct {
				ID string `json:"eligibility_id"`
			}
		}
		if err := json.Unmarshal(r.Body, &payload); err != nil {
			t.Fatal(err)
		}
		order = append(order, fmt.Sprintf("%s:%d", payload.Data.ID, r.Status))
	}
	return order
}

func TestAnEventIsHeldBackUntilTheNextOne(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "hold: next", true, nil)
	held := start(t, s.Clinic, s.id, s.token)
	if receipt := s.Advance(t, 24*time.Hour); len(receipt.Deliveries) != 0 {
		t.Fatalf("%d deliveries before the next event", len(receipt.Deliveries))
	}
	if event := listOf(t, s.Clinic, "/events")[0]; event["status"] != "pending" || event["waits_for"] != "the next event" {
		t.Errorf("the event is %v, and waits for %v", event["status"], event["waits_for"])
	}
	var state struct{ Pending map[string]int }
	if s.Control(t, http.MethodGet, "", nil, &state); state.Pending["deliveries"] != 1 {
		t.Errorf("pending are %v", state.Pending)
	}
	other, otherToken := patient(t, s.Clinic, "other", "456")
	next := start(t, s.Clinic, other, otherToken)
	s.Advance(t, time.Minute)
	if diff := cmp.Diff([]string{next + ":200", held + ":200"}, s.order(t)); diff != "" {
		t.Errorf("checks at the receiver (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"delivered []", "delivered [hold: next]"}, s.log(t)); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// Behind the next event means behind its delivery, retries included. If all events of a clinic are held back, they
// swap places in pairs.
func TestHeldEventsComeBehindTheNextOne(t *testing.T) {
	t.Parallel()
	t.Run("when that is refused at first", func(t *testing.T) {
		t.Parallel()
		s := newMisbehavingMock(t, "hold: next", true, func(n int) int { return map[bool]int{true: 500, false: 200}[n == 1] })
		held := start(t, s.Clinic, s.id, s.token)
		s.Advance(t, time.Minute)
		other, otherToken := patient(t, s.Clinic, "other", "456")
		next := start(t, s.Clinic, other, otherToken)
		s.Advance(t, time.Hour)
		if diff := cmp.Diff([]string{next + ":500", next + ":200", held + ":200"}, s.order(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("all of a clinic", func(t *testing.T) {
		t.Parallel()
		s := newMisbehavingMock(t, "hold: next", false, nil)
		var ids []string
		for range 4 {
			ids = append(ids, start(t, s.Clinic, s.id, s.token)+":200")
			s.Advance(t, time.Minute)
		}
		if diff := cmp.Diff([]string{ids[1], ids[0], ids[3], ids[2]}, s.order(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAnEventComesBeforeTheReplyThatStartsItsCheck(t *testing.T) {
	t.Parallel()
	for mode, byScenario := range map[string]bool{"scenario": true, "clinic": false} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := newMisbehavingMock(t, "before_reply: true", byScenario, nil)
			check := start(t, s.Clinic, s.id, s.token)
			got := s.receiver.Received()
			if len(got) != 1 || !strings.Contains(string(got[0].Body), `"eligibility_id":"`+check+`"`) {
				t.Fatalf("when the POST is answered the receiver has %d events", len(got))
			}
			if saved := response(t, s.Clinic, s.id, "primary"); saved != "Success" {
				t.Errorf("saved is %q", saved)
			}
			if diff := cmp.Diff([]string{"delivered [before_reply: true]"}, s.log(t)); diff != "" {
				t.Errorf("the log (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnEventComesOnlyAfterTheResultWasRead(t *testing.T) {
	t.Parallel()
	for path, read := range map[string]func(*testing.T, misbehavingMock){
		"GET /users/:id by the admin": func(t *testing.T, s misbehavingMock) { response(t, s.Clinic, s.id, "primary") },
		"GET /me": func(t *testing.T,
			s misbehavingMock) {
			get(t, s.BaseURL+"/me", byToken(s.token)).at(t, "data")
		},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := newMisbehavingMock(t, "after_read: true", true, nil)
			start(t, s.Clinic, s.id, s.token)
			read(t, s) // before there is a result: the event waits for a later reading
			s.Advance(t, time.Hour)
			other, otherToken := patient(t, s.Clinic, "other", "456")
			get(t, s.BaseURL+"/users/"+other, byToken(otherToken)).at(t, "data")
			s.Control(t, http.MethodPost, "/settle", nil, nil)
			if n := len(s.receiver.Received()); n != 0 {
				t.Fatalf("%d events before the result was read", n)
			}
			read(t, s)
			s.Control(t, http.MethodPost, "/settle", nil, nil)
			if n := len(s.receiver.Received()); n != 1 {
				t.Fatalf("%d events after the result was read", n)
			}
			if diff := cmp.Diff([]string{"delivered [after_read: true]"}, s.log(t)); diff != "" {
				t.Errorf("the log (-want +got):\n%s", diff)
			}
		})
	}
}

// A reader can act upon the result before the mock has noted the reading: it must be noted all the same.
func TestTheClockIsNotMovedWhileTheResultIsBeingRead(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "after_read: true", false, nil)
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	meanwhile := make(chan reply, 1)
	slow := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		s.mock.Server.ServeHTTP(flushed{w, func() {
			meanwhile <- post(t, s.mock.URL+"/_mock/clinics/spoilt/settle", jsonBody(`{"timeout": "50ms"}`))
		}}, r)
	})
	get(t, slow+"/api_v3/users/"+s.id, byToken(s.token)).at(t, "data", "user_data")
	if settled := <-meanwhile; settled.status != http.StatusGatewayTimeout {
		t.Errorf("settling while the result is being read: %d %s", settled.status, settled.body)
	}
	s.Control(t, http.MethodPost, "/settle", nil, nil)
	if n := len(s.receiver.Received()); n != 1 {
		t.Errorf("%d events after the result was read", n)
	}
}

// Delays and copies of an event do not apply to its retries.
func TestRetriesAreNotHeldBackAgain(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "hold: 5m", true, func(n int) int { return map[bool]int{true: 500, false: 200}[n == 1] })
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	if diff := cmp.Diff([]string{"status [hold: 5m0s]", "delivered []"}, s.log(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// flushed calls then after a reply has gone out.
type flushed struct {
	http.ResponseWriter
	then func()
}

func (f flushed) Flush() {
	_ = http.NewResponseController(f.ResponseWriter).Flush()
	f.then()
}

// watched is a ResponseWriter with a look at the state at the time of the reply.
type watched struct {
	*httptest.ResponseRecorder
	wrote func()
}

func (w watched) Write(text []byte) (int, error) {
	w.wrote()
	return w.ResponseRecorder.Write(text)
}

// An event held until the result is read comes after the reply, not before it, and needs no call of settle.
func TestTheResultIsReadWhenTheReplyIsOut(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	receiver := mocktest.NewReceiver(t, func(int) int { arrived <- struct{}{}; return 200 })
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "read", Webhook: clinic.Webhook{
		URL: receiver.URL, Misbehaviour: clinic.Misbehaviour{AfterRead: true},
	}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, time.Minute)
	one, _ := mock.Server.Clinics().Clinic("read")
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api_v3/me", nil)
	request.Header.Set("X-ApiToken", token)
	answer := httptest.NewRecorder()
	mock.Server.ServeHTTP(watched{answer, func() {
		if pending, err := one.PendingCounts(t.Context()); err != nil || pending[clinic.DeliverWork] != 1 ||
			len(receiver.Received()) != 0 {
			t.Errorf("while the reply is written %v are pending, %v", pending, err)
		}
	}}, request)
	<-arrived
	if again := httptest.NewRecorder(); !answer.Flushed {
		t.Error("the reply is not flushed, but an event waits for it")
	} else if mock.Server.ServeHTTP(again, request); again.Flushed {
		t.Error("the next reply is flushed, but no event waits for it")
	}
}
