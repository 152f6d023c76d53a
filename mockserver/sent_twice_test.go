package mockserver_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A kept-alive connection may die under an event. The receiver may have both requests, so the delivery, the event and
// the log report two of them.
func TestADeliveryThatWasSentTwiceSaysSo(t *testing.T) {
	t.Parallel()
	var came atomic.Int32
	url := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if came.Add(1) == 2 {
			panic(http.ErrAbortHandler) // ends the connection without an answer
		}
	})
	log := &logbook{}
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "twice", Webhook: clinic.Webhook{URL: url}})
	var sends []int
	var hints []string
	for _, code := range []string{"first", "second", "third"} {
		id, token := patient(t, c, code, "123")
		start(t, c, id, token)
		for _, d := range c.Advance(t, clinic.DefaultCronDelay).Deliveries {
			if d.Attempt != 1 || d.Status != 200 || d.Reason != "" {
				t.Errorf("%s: %+v", code, d)
			}
			sends, hints = append(sends, d.Sends), append(hints, d.Hint)
		}
	}
	if diff := cmp.Diff([]int{1, 2, 1}, sends); diff != "" || came.Load() != 4 {
		t.Errorf("the receiver has %d requests; the deliveries say (-want +got):\n%s", came.Load(), diff)
	}
	const twice = "sent twice: the receiver closed the connection that was kept open, so the request went out once " +
		"more on a new one, " +
		"and the receiver may have both"
	if diff := cmp.Diff([]string{"", twice, ""}, hints); diff != "" {
		t.Errorf("the hints (-want +got):\n%s", diff)
	}
	if n := strings.Count(log.String(), `hint="`+twice+`"`); n != 1 {
		t.Errorf("the log says it %d times:\n%s", n, log)
	}
}

// An event not sent has zero requests.
func TestADeliveryThatIsNotSentSaysSo(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "never", Webhook: clinic.Webhook{
		URL: "http://127.0.0.1:1", Misbehaviour: clinic.Misbehaviour{Refused: 1}, Schedule: []time.Duration{time.Second},
	}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	got := c.Advance(t, time.Minute).Deliveries
	if len(got) != 2 || got[0].Sends != 0 || got[0].Reason != "scenario" || got[1].Sends != 0 ||
		got[1].Reason != "refused" {
		t.Errorf("%+v", got)
	}
}
