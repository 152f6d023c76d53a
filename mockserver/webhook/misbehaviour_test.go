package webhook_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// got is the receiver's view of one request.
type got struct {
	Encoding string
	Body     string
	Pieces   int   // in how many the body came, at least
	Broken   bool  // the body did not come to its end
	Verified bool  // by the secret in force
	Old      bool  // by the one before
	Off      int64 // seconds between the signed time and the time of the attempt
	Signed   bool  // there is a signature
}

const attemptAt = 1649949363

// receiver returns a server with both secrets; it notes every request it gets.
func receiver(t *testing.T, seen chan<- got) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var g got
		var raw bytes.Buffer
		for {
			part := make([]byte, 1<<20)
			n, err := r.Body.Read(part)
			raw.Write(part[:n])
			if n > 0 {
				g.Pieces++
			}
			if err != nil {
				g.Broken = !errors.Is(err, io.EOF)
				break
			}
		}
		body := raw.Bytes()
		if g.Encoding = r.Header.Get("Content-Encoding"); g.Encoding == "gzip" {
			if unpacked, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
				body, _ = io.ReadAll(unpacked)
			}
		}
		g.Body, g.Signed = string(body), r.Header.Get("webhook-signature") != ""
		g.Verified = standard.Verify(r.Header, body) == nil
		old := webhook.Signing{Scheme: webhook.Standard, Secrets: []string{older}}
		g.Old = old.Verify(r.Header, body) == nil
		if signed, ok := standard.SignedAt(r.Header); ok {
			g.Off = signed.Unix() - attemptAt
		}
		seen <- g
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	return server
}

// A receiver sees each misbehaviour as described, and nothing else is wrong.
func TestAMisbehaviourIsSeenAtTheReceiversEnd(t *testing.T) {
	t.Parallel()
	const body = `{"id":"1","data":{"a":"b"}}`
	good := got{Body: body, Pieces: 1, Verified: true, Signed: true}
	wrong := func(m misbehaviour.Misbehaviour) webhook.Request { return webhook.Request{Misbehaviour: m} }
	with := func(change func(*got)) got { g := good; change(&g); return g }
	for name, tc := range map[string]struct {
		request webhook.Request
		secrets []string
		want    got
	}{
		"none":        {webhook.Request{}, []string{secret}, good},
		"two secrets": {webhook.Request{}, []string{secret, older}, with(func(g *got) { g.Old = true })},
		"bad signature": {wrong(misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureBad}), []string{secret},
			with(func(g *got) { g.Verified = false })},
		"the old secret's signature": {wrong(misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureOld}),
			[]string{secret, older},
			with(func(g *got) { g.Verified, g.Old = false, true })},
		"an old secret's signature, of an unknown one": {
			wrong(misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureOld}), []string{secret},
			with(func(g *got) { g.Verified = false })},
		"no signature": {webhook.Request{Unsigned: true}, []string{secret},
			with(func(g *got) { g.Verified, g.Signed = false, false })},
		"stale": {wrong(misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampStale}), []string{secret},
			with(func(g *got) { g.Off = -600 })},
		"future": {wrong(misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampFuture}), []string{secret},
			with(func(g *got) { g.Off = 600 })},
		"altered": {wrong(misbehaviour.Misbehaviour{Altered: true}), []string{secret}, with(func(g *got) {
			g.Verified, g.Body = false, `{"id":"1","data":{"a":"b"},"altered":"after it was signed, on purpose"}`
		})},
		"an extra field": {wrong(misbehaviour.Misbehaviour{ExtraField: true}), []string{secret}, with(func(g *got) {
			g.Body = `{"id":"1","data":{"a":"b"},"unknown_field":"sent by vsee-mock on purpose"}`
		})},
		"gzip": {wrong(misbehaviour.Misbehaviour{Gzip: true}), []string{secret}, with(func(g *got) { g.Encoding = "gzip" })},
		"slow": {wrong(misbehaviour.Misbehaviour{Slow: scalar.Duration(40 * time.Millisecond)}), []string{secret},
			with(func(g *got) { g.Pieces = 2 })},
		"cut": {webhook.Request{Cut: true}, []string{secret},
			with(func(g *got) { g.Verified, g.Broken, g.Body = false, true, "" })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := make(chan got, 1)
			sender := webhook.NewSender(webhook.Options{})
			defer sender.Close()
			request := tc.request
			request.URL, request.Signing = receiver(t, seen).URL, webhook.Signing{Scheme: webhook.Standard, Secrets: tc.secrets}
			request.ID, request.At, request.Body = "1", time.Unix(attemptAt, 0), []byte(body)
			result, err := sender.Attempt(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			g := <-seen
			if request.Misbehaviour.Slow > 0 {
				g.Pieces = min(g.Pieces, 2) // more of them arrive together on a busy machine
			} else {
				g.Pieces = 1
			}
			if request.Cut {
				g.Body = ""
			}
			tc.want.Pieces = max(tc.want.Pieces, 1)
			if diff := cmp.Diff(tc.want, g); diff != "" {
				t.Errorf("(-want +received):\n%s", diff)
			}
			if !request.Cut && (result.Reason != "" || string(result.Sent) != g.Body) {
				t.Errorf("the result is %s, of %s", result.Reason, result.Sent)
			}
			if request.Cut && result.Reason != webhook.Connection {
				t.Errorf("a connection that was cut has failed by %q", result.Reason)
			}
		})
	}
}

func TestAReceiverCanAskToBeLeftAlone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		header string
		want   time.Duration // -1: nothing
	}{
		"seconds":                     {429, "90", 90 * time.Second},
		"a time that is past":         {503, "Wed, 21 Oct 2015 07:28:00 GMT", 0},
		"a time far ahead":            {503, "Fri, 21 Oct 2095 07:28:00 GMT", 24 * time.Hour},
		"more than a day":             {429, "9999999", 24 * time.Hour},
		"more than 64 bits":           {429, "99999999999999999999", 24 * time.Hour},
		"more than 31 bits":           {429, "2147483648", 24 * time.Hour},
		"no time":                     {429, "soon", -1},
		"a negative time":             {429, "-5", -1},
		"nothing":                     {429, "", -1},
		"with a status of no meaning": {500, "90", -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tc.header != "" {
					w.Header().Set("Retry-After", tc.header)
				}
				w.WriteHeader(tc.status)
			}))
			defer server.Close()
			sender := webhook.NewSender(webhook.Options{})
			defer sender.Close()
			result, err := sender.Attempt(t.Context(), webhook.Request{URL: server.URL, ID: "1", Body: []byte("{}")})
			if err != nil {
				t.Fatal(err)
			}
			wait := time.Duration(-1)
			if result.RetryAfter != nil {
				wait = *result.RetryAfter
			}
			if wait != tc.want {
				t.Errorf("it asks for %s, want %s", wait, tc.want)
			}
		})
	}
}

func TestOnlyHostsThatMayBeCalledAreCalled(t *testing.T) {
	t.Parallel()
	hosts := webhook.Hosts{"127.0.0.1", "Hooks.example.com", "*.partner.example", "::1"}
	for address, want := range map[string]bool{
		"http://127.0.0.1:9000/hook":         true,
		"http://[::1]:9000/hook":             true,
		"https://hooks.EXAMPLE.com":          true,
		"https://a.b.partner.example":        true,
		"https://partner.example":            false,
		"https://evilpartner.example":        false,
		"https://hooks.example.com.evil.org": false,
		"http://127.0.0.1@evil.org/":         false,
		"http://127.0.0.2":                   false,
		"http://[":                           false,
	} {
		if got := hosts.AllowURL(address); got != want {
			t.Errorf("%s may be called: %t", address, got)
		}
	}
	if !webhook.Hosts(nil).AllowURL("http://anywhere.example") {
		t.Error("without a list, not all may be called")
	}
	sender := webhook.NewSender(webhook.Options{Hosts: hosts})
	defer sender.Close()
	result, err := sender.Attempt(t.Context(), webhook.Request{URL: "http://elsewhere.example", Body: []byte("{}")})
	if err != nil || result.Reason != webhook.Blocked || result.Header != nil {
		t.Errorf("%+v, %v", result, err)
	}
}

// Some answers, such as 101, hand the connection over to the receiver. The sender does not wait for the end of such a
// connection.
func TestAnAnswerThatSwitchesProtocolsIsAFailure(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { connection.Close() })
		_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
	}))
	t.Cleanup(server.Close)
	sender := webhook.NewSender(webhook.Options{Timeout: time.Hour})
	defer sender.Close()
	result, err := sender.Attempt(t.Context(), webhook.Request{URL: server.URL, ID: "1", Body: []byte("{}")})
	if err != nil || result.Reason != webhook.Status || result.Status != 101 {
		t.Errorf("%s %d, %v", result.Reason, result.Status, err)
	}
}

// The time limit is for the receiver: a deliberately slow body has its own time.
func TestASlowBodyDoesNotUseUpTheReceiversTime(t *testing.T) {
	t.Parallel()
	seen := make(chan got, 1)
	sender := webhook.NewSender(webhook.Options{Timeout: 1500 * time.Millisecond})
	defer sender.Close()
	result, err := sender.Attempt(t.Context(), webhook.Request{
		URL: receiver(t, seen).URL, Signing: standard, ID: "1", Body: []byte(`{"a":1}`),
		Misbehaviour: misbehaviour.Misbehaviour{Slow: scalar.Duration(1600 * time.Millisecond)},
	})
	if err != nil || result.Reason != "" {
		t.Errorf("%s, %v", result.Reason, err)
	}
}

func TestHostsAreNamesAndAddresses(t *testing.T) {
	t.Parallel()
	for host, good := range map[string]bool{
		"127.0.0.1": true, "::1": true, "[::1]": true, "localhost": true, "*.example.com": true,
		"127.0.0.1:9000": false, "local host": false, "http://a": false, "": false, "*": false, "a*.example.com": false,
	} {
		if err := (webhook.Hosts{host}).Check(); (err == nil) != good {
			t.Errorf("%q: %v", host, err)
		}
	}
}
