package control_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// row writes an item in a few words.
func row(i controlapi.StreamItem) string {
	text := i.Kind + " " + i.MemberID
	switch {
	case i.Exchange != nil:
		text += fmt.Sprint(" ", i.Exchange.Operation, " ", i.Exchange.Status)
	case i.Check != nil:
		text += " " + i.Check.Status
	case i.Claim != nil:
		text += " " + i.Claim.Status
	case i.Event != nil:
		text += " " + i.Event.Status
	case i.Delivery != nil:
		text += fmt.Sprint(" ", i.Delivery.Status)
	case i.Clock != nil:
		text += fmt.Sprint(" ", i.Clock.Frozen)
	}
	return text
}

// readStream returns the first n items of a stream of the clinic one.
func readStream(t *testing.T, mock *mocktest.Mock, from controlapi.StreamRequest, n int) []controlapi.StreamItem {
	t.Helper()
	var items []controlapi.StreamItem
	for item, err := range mock.Control.Stream(t.Context(), "one", from) {
		if err != nil {
			t.Fatal(err)
		}
		if items = append(items, item); len(items) == n {
			break
		}
	}
	return items
}

func rows(items []controlapi.StreamItem) []string {
	var all []string
	for _, item := range items {
		all = append(all, row(item))
	}
	return all
}

func TestTheStreamHasEachChangeInOrderAndGoesOnBehindTheLastSeenItem(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	receiver := mocktest.NewReceiver(t, nil)
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Start: at, Frozen: true},
		Webhook: clinic.Webhook{URL: receiver.URL + "/?token=hunter2"}})
	check(t, one)
	one.Advance(t, time.Minute)
	one.Control(t, http.MethodPost, "/reset", nil, nil)

	const member = " 132406"
	all := []string{
		"exchange" + member + " updateMe 200", "check" + member + " pending",
		"exchange" + member + " startEligibilityCheck 200", "check" + member + " done", "event" + member + " pending",
		"event" + member + " delivered", "delivery" + member + " 200", "clock  true", "reset ",
	}
	post(t, one, "/me", "{}")
	again := append([]string{"reset "}, all[0])
	got := readStream(t, mock, controlapi.StreamRequest{}, 2)
	if diff := cmp.Diff(again, rows(got)); diff != "" {
		t.Errorf("after a reset (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(again[1:], rows(readStream(t, mock, controlapi.StreamRequest{After: "9"}, 1))); diff != "" {
		t.Errorf("behind the reset (-want +got):\n%s", diff)
	}
	tail := 1
	for name, from := range map[string]controlapi.StreamRequest{
		"tail": {Tail: &tail}, "kinds": {After: "9", Kinds: []string{"exchange"}},
	} {
		if diff := cmp.Diff([]string{"10"}, ids(readStream(t, mock, from, 1))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got[0].ID != "9" || got[1].Exchange.Path != "/api_v3/me" || !got[1].At.Equal(at) || got[1].RealAt.IsZero() {
		t.Errorf("the items are %+v", got)
	}

	check(t, one)
	one.Advance(t, time.Minute)
	seen := readStream(t, mock, controlapi.StreamRequest{After: "10"}, len(all)-1)
	if diff := cmp.Diff(all[:len(all)-1], rows(seen)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	done := seen[slices.Index(all, "check"+member+" done")]
	if done.Check.Response == "" || !done.At.Equal(at.Add(10*time.Second)) {
		t.Errorf("the end of the check is %+v", done)
	}
	delivery := seen[slices.Index(all, "delivery"+member+" 200")].Delivery
	if strings.Contains(delivery.URL, "hunter2") || delivery.Body != "" || delivery.Headers != nil {
		t.Errorf("the delivery is %+v", delivery)
	}
}

func TestAnEventWithoutAReceiverIsInTheStreamBehindItsCheck(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Start: at, Frozen: true}})
	check(t, one)
	check(t, one)
	one.Advance(t, time.Minute)
	var last []string
	for _, item := range readStream(t, mock, controlapi.StreamRequest{Kinds: []string{"check", "event"}}, 6)[2:] {
		if item.Event != nil {
			last = append(last, item.Event.CheckID+" "+item.Event.Status)
			continue
		}
		last = append(last, item.Check.ID+" "+item.Check.Status)
	}
	want := []string{"2505465 done", "2505465 skipped", "2505466 done", "2505466 skipped"}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Errorf("the last items (-want +got):\n%s", diff)
	}
}

func ids(items []controlapi.StreamItem) []string {
	var all []string
	for _, item := range items {
		all = append(all, item.ID)
	}
	return all
}

func TestTheStreamMasksCredentialsAsTheJournalDoes(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		one.BaseURL+"/me?password=hunter2", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", one.AdminToken)
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	text := rawStream(t, mock.URL+"/_mock/clinics/one/stream", "", "exchange")
	if strings.Contains(text, "hunter2") || strings.Contains(text, one.AdminToken) || !strings.Contains(text, "***") {
		t.Errorf("the stream has\n%s", text)
	}
}

// rawStream reads a stream up to the first item of a kind, and returns its lines.
func rawStream(t *testing.T, address, lastEventID, kind string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if got := reply.Header.Get("Content-Type"); reply.StatusCode != http.StatusOK || got != "text/event-stream" {
		text, _ := io.ReadAll(reply.Body)
		t.Fatalf("%d %s: %s", reply.StatusCode, got, text)
	}
	var text strings.Builder
	lines := bufio.NewScanner(reply.Body)
	for found := false; lines.Scan() && (!found || lines.Text() != ""); {
		found = found || lines.Text() == "event: "+kind
		text.WriteString(lines.Text() + "\n")
	}
	return text.String()
}

func TestABrowserComesBackByItsLastEventID(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	check(t, one)
	address := mock.URL + "/_mock/clinics/one/stream"
	got := rawStream(t, address+"?after=1", "2", "exchange")
	if !strings.HasPrefix(got, "retry: 1000\n\nid: 3\nevent: ") ||
		!strings.Contains(got, `data: {"id":"3","kind":"exchange",`) {
		t.Errorf("behind 2 comes\n%s", got)
	}
	if got := rawStream(t, address, "77", "check"); !strings.Contains(got, "id: 0\nevent: reset\n") ||
		!strings.Contains(got, "id: 1\n") {
		t.Errorf("with a place of an earlier mock it has\n%s", got)
	}
	for query, message := range map[string]string{
		"?after=x":         "after must be the id of an item of the stream",
		"?tail=-1":         "tail must be a whole number that is not negative",
		"?tail=1&after=1":  "after and tail exclude each other",
		"?kinds=event,chk": "kinds must be one of exchange, check, claim, visit, event, delivery",
		"?kinds=chek": "kinds must be one of exchange, check, claim, visit, event, delivery; " +
			"did you mean check?",
		"?kind=check": `unknown parameter "kind"; did you mean "kinds"?`,
	} {
		c.refused("GET", "/clinics/one/stream"+query, "", 400, message)
	}
	c.refused("GET", "/clinics/two/stream", "", 404,
		"there is no clinic with this account code: GET /_mock/clinics lists them")
}

func TestTheStreamEndsWithItsClinicAndWithTheMock(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	clinics := []clinic.Settings{{AccountCode: "one"}, {AccountCode: "two"}}
	server, err := mockserver.New(mockserver.Options{Clinics: clinics})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	control := &controlapi.Client{URL: "http://" + listener.Addr().String() + controlapi.Prefix}
	for _, end := range []struct {
		account, want string
		by            func()
	}{
		{"one", "the clinic was deleted", func() { _ = control.DeleteClinic(t.Context(), "one") }},
		{"two", "the mock is stopping", stop},
	} {
		begun, got := make(chan struct{}), make(chan controlapi.StreamItem, 1)
		go func() {
			var last controlapi.StreamItem
			for item, err := range control.Stream(t.Context(), end.account, controlapi.StreamRequest{}) {
				if err != nil {
					t.Error(err)
				}
				if item.Kind == controlapi.KindClock {
					close(begun)
				}
				last = item
			}
			got <- last
		}()
		if _, err := control.MoveClock(t.Context(), end.account, controlapi.ClockMove{Freeze: true}); err != nil {
			t.Fatal(err)
		}
		<-begun
		end.by()
		if last := <-got; last.Kind != controlapi.KindEnd || last.Reason != end.want {
			t.Errorf("%s: the last item is %+v", end.account, last)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
