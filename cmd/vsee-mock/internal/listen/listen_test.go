package listen

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// play runs a command line that begins with listen.
func play(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &struct {
		Listen Command `cmd:""`
	}{}, args...)
}

// listener is a running `vsee-mock listen`.
type listener struct {
	base string
	out  bytes.Buffer // after the first line; read it only after the end
	errs bytes.Buffer
	stop func() int
}

// startListen starts a command line beginning with listen, on a free port.
func startListen(t *testing.T, args ...string) *listener {
	t.Helper()
	read, written := io.Pipe()
	e := &listener{}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	words := io.Writer(&e.errs)
	asJSON := strings.Contains(strings.Join(args, " "), "--json")
	if asJSON {
		words = written // the banner is there
	}
	events := io.Writer(written)
	if asJSON {
		events = &e.out
	}
	go func() {
		code <- command.Run(&struct {
			Listen Command `cmd:""`
		}{}, command.App{Ctx: ctx, Stdout: events, Stderr: words, Version: "dev"}, append([]string{"listen", "--listen",
			"127.0.0.1:0"}, args...))
		_ = written.Close()
	}()
	lines := bufio.NewReader(read)
	first, err := lines.ReadString('\n')
	if err != nil || !strings.Contains(first, "listens for events on") {
		cancel()
		_, _ = io.Copy(io.Discard, lines)
		t.Fatalf("it ended with exit %d: %s%s", <-code, first, &e.errs)
	}
	e.base = regexp.MustCompile(`http://[^, ]+`).FindString(first)
	rest := &e.out
	if asJSON {
		rest = &e.errs
	}
	var copying sync.WaitGroup
	copying.Go(func() { _, _ = io.Copy(rest, lines) })
	e.stop = sync.OnceValue(func() int {
		cancel()
		copying.Wait()
		return <-code
	})
	t.Cleanup(func() { e.stop() })
	return e
}

// end stops it and returns its output.
func (e *listener) end(t *testing.T) string {
	t.Helper()
	if code := e.stop(); code != command.ExitOK {
		t.Errorf("it ended with exit %d: %s", code, &e.errs)
	}
	return e.out.String()
}

const oneEvent = `{"id":"62583ab3-8cfc-4a47-b6c9-272850e631f8","type":"eligibility.checked","created":1649949363,` +
	`"account_code":"vclinic","data":{"member_id":"132407"}}`

var signedAt = time.Unix(1649949363, 0)

// post sends a body signed with s; headers come in pairs.
func (e *listener) post(t *testing.T, s webhook.Signing, body string, headers ...string) (int, string) {
	t.Helper()
	header := http.Header{}
	if err := s.Sign(header, "62583ab3-8cfc-4a47-b6c9-272850e631f8", signedAt, []byte(body)); err != nil {
		t.Fatal(err)
	}
	for name := range header {
		headers = append(headers, name, header.Get(name))
	}
	return cmdtest.Request(t, http.MethodPost, e.base+"/any/path", body, headers...)
}

// records returns the objects printed with --json.
func (e *listener) records(t *testing.T) []record {
	t.Helper()
	var all []record
	for line := range strings.Lines(e.end(t)) {
		var a record
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%s: %s", err, line)
		}
		all = append(all, a)
	}
	return all
}

var (
	signing  = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{cmdtest.Secret}}
	unsigned = webhook.Signing{Scheme: webhook.Unsigned}
	forged   = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
)

func TestListenTellsTheVerifiedFromTheForged(t *testing.T) {
	t.Parallel()
	e := startListen(t, "--secret", cmdtest.Secret)
	for _, step := range []struct {
		signing webhook.Signing
		body    string
		want    int
	}{
		{signing, oneEvent, 200},
		{signing, oneEvent, 200}, // replayed
		{forged, oneEvent, 401},
		{unsigned, "\x1b[2Jno JSON", 401},
	} {
		if status, text := e.post(t, step.signing, step.body); status != step.want {
			t.Errorf("%d %s", status, text)
		}
	}
	if status, text := cmdtest.Request(t, http.MethodGet, e.base, ""); status != 405 ||
		text != "an event comes by POST\n" {
		t.Errorf("GET: %d %s", status, text)
	}
	out := cmdtest.Stable(e.end(t))
	golden.Is(t, "testdata/listen.golden", regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d`).ReplaceAllString(out, "HH:MM:SS"))
	if strings.Contains(out, cmdtest.Secret) {
		t.Error("the secret is printed")
	}
}

func TestListenVerifiesBySchemes(t *testing.T) {
	t.Parallel()
	for _, scheme := range []webhook.Scheme{webhook.Stripe, webhook.GitHub} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			e := startListen(t, "--signature", string(scheme), "--secret", "topsecret", "--json")
			for secret, want := range map[string]int{"topsecret": 200, "another": 401} {
				if status, text := e.post(t, webhook.Signing{Scheme: scheme, Secrets: []string{secret}}, oneEvent); status != want {
					t.Errorf("%s: %d %s", secret, status, text)
				}
			}
			for _, a := range e.records(t) {
				if a.Verified != (a.Status == 200) || a.Verified == (a.Reason != "") {
					t.Errorf("%+v", a)
				}
			}
		})
	}
	for flag, want := range map[string]string{"standard": "no --secret", "none": "nothing is signed"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			e := startListen(t, "--signature", flag)
			if status, text := e.post(t, forged, oneEvent); status != 200 {
				t.Errorf("%d %s", status, text)
			}
			if out := e.end(t); !strings.Contains(out, "not verified: "+want+"\n") ||
				!strings.Contains(out, "1 delivery, 0 verified, 0 refused") {
				t.Error(out)
			}
		})
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The signature covers the decompressed form of a compressed body. A body larger than the limit after decompression is
// refused, like a larger body itself.
func TestListenReadsWithinBounds(t *testing.T) {
	t.Parallel()
	e := startListen(t, "--secret", cmdtest.Secret, "--json")
	header := http.Header{}
	if err := signing.Sign(header, "1", signedAt, []byte(oneEvent)); err != nil {
		t.Fatal(err)
	}
	signed := []string{"Content-Encoding", "gzip"}
	for name := range header {
		signed = append(signed, name, header.Get(name))
	}
	for _, test := range []struct {
		name, body string
		headers    []string
		want       int
	}{
		{"gzip", zipped(t, oneEvent), signed, 200},
		{"large", strings.Repeat("x", receiver.MaxBody+1), nil, 413},
		{"bomb", zipped(t, strings.Repeat("x", receiver.MaxBody+1)), []string{"Content-Encoding", "gzip"}, 413},
		{"no gzip", "text", []string{"Content-Encoding", "gzip"}, 400},
		{"half a gzip", zipped(t, oneEvent)[:40], []string{"Content-Encoding", "GZIP"}, 400},
		{"br", "text", []string{"Content-Encoding", "br"}, 415},
		{"as large as may be", strings.Repeat("x", receiver.MaxBody), []string{"Content-Encoding", "identity"}, 401},
	} {
		if status, text := cmdtest.Request(t, http.MethodPost, e.base, test.body, test.headers...); status != test.want {
			t.Errorf("%s: %d %s", test.name, status, text)
		}
	}
	records := e.records(t)
	if diff := cmp.Diff(oneEvent, string(records[0].Body)); diff != "" || !records[0].Verified {
		t.Errorf("%t, %s", records[0].Verified, diff)
	}
	if got := e.errs.String(); !strings.HasSuffix(got, "2 deliveries, 1 verified, 6 refused\n") {
		t.Error(got)
	}
}

func TestListenNoticesABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	e := startListen(t, "--json")
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(e.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	records := e.records(t)
	if len(records) != 1 || records[0].Reason != "the body is incomplete: send all of it" || records[0].Status != 400 {
		t.Errorf("%+v", records)
	}
}

func TestListenAnswersAsItIsTold(t *testing.T) {
	t.Parallel()
	for args, want := range map[string][]int{
		"":                       {200, 200, 401},
		"--status 500":           {500, 500, 500},
		"--status 503 --times 2": {503, 503, 401},
		"--status 204 --times 1": {204, 200, 401},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			e := startListen(t, append(strings.Fields(args), "--secret", cmdtest.Secret)...)
			var got []int
			for _, s := range []webhook.Signing{signing, signing, forged} {
				status, _ := e.post(t, s, oneEvent)
				got = append(got, status)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListenCountsDeliveriesInItsBanner(t *testing.T) {
	t.Parallel()
	for times, want := range map[string]string{
		"1": "503 to the first delivery, then 200", "2": "503 to the first 2 deliveries, then 200",
	} {
		e := startListen(t, "--status", "503", "--times", times)
		if out := e.end(t); !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
}

func TestListenPrintsALineOfJSONForEach(t *testing.T) {
	t.Parallel()
	e := startListen(t, "--secret", cmdtest.Secret, "--json")
	e.post(t, signing, oneEvent, "User-Agent", "us", "Accept-Encoding", "identity")
	e.post(t, forged, "<a>\nno JSON", "User-Agent", "us", "Accept-Encoding", "identity")
	out := regexp.MustCompile(`"received_at":"[^"]+Z"`).ReplaceAllString(e.end(t), `"received_at":"TIME"`)
	golden.Is(t, "testdata/listen-json.golden", out)
}

// Another server, in the place of an integrator's own, gets the events.
func TestListenPassesEventsOn(t *testing.T) {
	t.Parallel()
	type got struct {
		Method, Body, Signature, Connection, Query string
	}
	arrived := make(chan got, 10)
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		arrived <- got{r.Method, string(body), r.Header.Get("Webhook-Signature"), r.Header.Get("X-Hop") +
			r.Header.Get("Connection"), r.URL.RawQuery}
		w.Header().Set("Location", "/elsewhere")
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTemporaryRedirect)
		_, _ = io.WriteString(w, `{"mine": true}`)
	}))
	t.Cleanup(own.Close)
	e := startListen(t, "--secret", cmdtest.Secret, "--forward-to", own.URL+"/hook?key=s3cret", "--json")
	packed := zipped(t, oneEvent)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.base, strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Encoding": "gzip", "Webhook-Signature": "v1,forged", "X-Hop": "1", "Connection": "X-Hop",
	} {
		r.Header.Set(name, value)
	}
	client := mocktest.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	reply, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != 307 || string(text) != `{"mine": true}` ||
		reply.Header.Get("Retry-After") != "7" {
		t.Errorf("%v, %d %s %v", err, reply.StatusCode, text, reply.Header)
	}
	if diff := cmp.Diff(got{"POST", packed, "v1,forged", "", "key=s3cret"}, <-arrived); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	own.Close()
	if status, text := e.post(t, signing, oneEvent); status != 502 || !strings.Contains(text, "connection refused") {
		t.Errorf("without the own server: %d %s", status, text)
	}
	records := e.records(t)
	if f := records[0].Forwarded; f == nil || f.Status != 307 || string(f.Body) != `{"mine":true}` ||
		records[0].Verified || records[0].Status != 307 {
		t.Errorf("%+v", records[0])
	}
	if f := records[1].Forwarded; f == nil || f.Status != 0 || f.Reason == "" || !records[1].Verified ||
		records[1].Status != 502 {
		t.Errorf("%+v", records[1])
	}
	if words := e.errs.String(); !strings.Contains(words, "the answer of "+own.URL+"/hook?…\n") ||
		strings.Contains(words, "s3cret") {
		t.Error(words)
	}
}

func TestBodiesAreLaidOutIfTheyAreOfASizeToRead(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for body, want := range map[string]string{
		"":                              "without a body",
		`{"a":1}`:                       `{"a": 1}`,
		`{"a":1} {}`:                    `{"a":1} {}`,
		deep:                            deep,
		"\xff\x1b":                      `\xff\u001b`,
		strings.Repeat("x", maxShown+5): strings.Repeat("x", maxShown) + "… and 5 bytes more",
	} {
		if diff := cmp.Diff(want, layOutBody([]byte(body), "")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
