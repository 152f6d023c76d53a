package webhook_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// nasty is a receiver with an unusual answer to each request. It ends when no other request comes.
type nasty struct {
	answer string
	before int // it answers before it reads the body, which has so many bytes then
	then   func(c *net.TCPConn)
	late   bool // the attempt ends by the time limit
	racy   bool // the next request may meet the end of the connection, and net/http garbage as well
}

func closeBoth(c *net.TCPConn)  { _ = c.Close() }
func closeWrite(c *net.TCPConn) { _ = c.CloseWrite() }
func reset(c *net.TCPConn)      { _ = c.SetLinger(0); _ = c.Close() }

func nastyReceivers() map[string]nasty {
	var zip bytes.Buffer
	w := gzip.NewWriter(&zip)
	_, _ = io.WriteString(w, "a packed answer")
	_ = w.Close()
	const tooLarge = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
	long := strings.Repeat("x", 70_000)
	body := func(header, body string) nasty {
		return nasty{answer: "HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n" + body}
	}
	all := map[string]nasty{
		"no answer, FIN":         {then: closeWrite},
		"no answer, RST":         {then: reset},
		"no answer":              {late: true},
		"a half-closed answer":   {answer: fine, then: closeWrite, racy: true},
		"a closed answer":        {answer: fine, then: closeBoth, racy: true},
		"a reset answer":         {answer: fine, then: reset, racy: true},
		"before the body":        {answer: tooLarge, before: 16 << 10, racy: true},
		"before a long body":     {answer: tooLarge, before: 10 << 20, racy: true},
		"half a status line":     {answer: "HTTP/1.1 2", then: closeBoth},
		"half a header":          {answer: "HTTP/1.1 200 OK\r\nContent-Le", then: closeBoth},
		"half a header, hanging": {answer: "HTTP/1.1 200 OK\r\nContent-Le", late: true},
		"half a body, hanging":   {answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", late: true},
		"half a body":            {answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", then: closeBoth},
		"a body to the end":      {answer: "HTTP/1.1 200 OK\r\n\r\nabc", then: closeBoth},
		"a long body to the end": {answer: "HTTP/1.1 200 OK\r\n\r\n" + long, then: closeBoth},
		"a body without end":     {answer: "HTTP/1.1 200 OK\r\n\r\nabc", late: true},
		"half a chunk":           {answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab", then: closeBoth},
		"HTTP/1.0":               {answer: "HTTP/1.0 200 OK\r\n\r\nabc", then: closeBoth},
		"garbage behind it":      {answer: fine + "garbage", racy: true},
		"two answers":            {answer: fine + "HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n", racy: true},
	}
	for name, answer := range map[string]string{
		"HTTP/1.0, kept":      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
		"100":                 "HTTP/1.1 100 Continue\r\n\r\n" + fine,
		"some of 103":         strings.Repeat("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", 9) + fine,
		"too much of 103":     strings.Repeat("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", 3_000) + fine,
		"101":                 "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nbytes",
		"042":                 "HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n",
		"099":                 "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
		"999":                 "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
		"two digits":          "HTTP/1.1 20 OK\r\n\r\n",
		"letters":             "HTTP/1.1 abc\r\n\r\n",
		"a negative status":   "HTTP/1.1 -20 OK\r\n\r\n",
		"no words":            "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
		"HTTP/2.0":            "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"small letters":       "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"another protocol":    "220 mail.example ESMTP\r\n",
		"empty lines first":   "\r\n\r\n" + fine,
		"lines ended by LF":   strings.ReplaceAll(fine, "\r", ""),
		"204":                 "HTTP/1.1 204 No Content\r\n\r\n",
		"304 with a length":   "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
		"503":                 "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
		"302":                 "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
		"a long status line":  "HTTP/1.1 200 " + long + "\r\nContent-Length: 0\r\n\r\n",
		"a long line":         "HTTP/1.1 200 OK\r\nX: " + long + "\r\nContent-Length: 0\r\n\r\n",
		"a header below 64 K": "HTTP/1.1 200 OK\r\nX: " + long[:60_000] + "\r\nContent-Length: 0\r\n\r\n",
		"many lines":          "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 12_000) + "Content-Length: 0\r\n\r\n",
	} {
		all[name] = nasty{answer: answer}
	}
	for name, n := range map[string]nasty{
		"no colon":                 body("Odd\r\nContent-Length: 0", ""),
		"a space before the colon": body("Odd : x\r\nContent-Length: 0", ""),
		"a folded line":            body("Odd: x\r\n y\r\nContent-Length: 0", ""),
		"a folded first line":      body(" Odd: x\r\nContent-Length: 0", ""),
		"no name":                  body(": x\r\nContent-Length: 0", ""),
		"odd bytes":                body("Odd: \x00\x7f\xff\r\nContent-Length: 0", ""),
		"an odd name":              body("O\x00d: x\r\nContent-Length: 0", ""),
		"a name of UTF-8":          body("Ödd: x\r\nContent-Length: 0", ""),
		"a lone CR":                body("Odd: x\ry\r\nContent-Length: 0", ""),
		"one length twice":         body("Content-Length: 2\r\nContent-Length: 2", "ab"),
		"two lengths":              body("Content-Length: 2\r\nContent-Length: 1", "ab"),
		"a negative length":        body("Content-Length: -2", "ab"),
		"a signed length":          body("Content-Length: +2", "ab"),
		"a hex length":             body("Content-Length: 0x2", "ab"),
		"an empty length":          body("Content-Length:", ""),
		"a huge length":            body("Content-Length: 99999999999999999999", "ab"),
		"spaces around the length": body("CONTENT-length:   2\t ", "ab"),
		"a length, and chunks":     body("Content-Length: 2\r\nTransfer-Encoding: chunked", "2\r\nab\r\n0\r\n\r\n"),
		"chunks":                   body("Transfer-Encoding: Chunked", "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n"),
		"a chunk of no size":       body("Transfer-Encoding: chunked", "x\r\nab\r\n0\r\n\r\n"),
		"chunked twice":            body("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
		"another coding":           body("Transfer-Encoding: gzip\r\nContent-Length: 0", ""),
		"a coding list":            body("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
		"packed":                   body(fmt.Sprint("Content-Encoding: gzip\r\nContent-Length: ", zip.Len()), zip.String()),
		"packed it says":           body("Content-Encoding: gzip\r\nContent-Length: 2", "ab"),
		"a close and no close":     body("Connection: close\r\nContent-Length: 2", "ab"),
		"a list with a close":      body("Connection: x, Close\r\nContent-Length: 2", "ab"),
		"exactly 64 KiB":           body("Content-Length: 65536", long[:64<<10]),
		"more than 64 KiB":         body("Content-Length: 70000", long),
	} {
		all[name] = n
	}
	return all
}

// An attempt over plain HTTP has the outcome of one by net/http, and sends the same header.
func TestEachReceiverGivesTheSameOutcomeOverPlainHTTPAsByNetHTTP(t *testing.T) {
	t.Parallel()
	for name, n := range nastyReceivers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain, plainHeader := n.attempts(t, webhook.Options{})
			want, wantHeader := n.attempts(t, webhook.Options{Dial: new(net.Dialer).DialContext})
			if diff := cmp.Diff(wantHeader, plainHeader); diff != "" {
				t.Errorf("the header of the request (-net/http +plain):\n%s", diff)
			}
			if n.racy {
				want[1] = want[0]
				want[1].Sends = min(plain[1].Sends, 2)
			}
			if diff := cmp.Diff(want, plain); diff != "" {
				t.Errorf("the attempts, one after the other (-net/http +plain):\n%s", diff)
			}
		})
	}
}

// limit is the time limit of an attempt that reaches it.
const limit = 400 * time.Millisecond

// outcome is a Result for people.
type outcome struct {
	Sends, Status  int
	Answered       http.Header
	Answer, Detail string
	Reason         webhook.Reason
	RetryAfter     *time.Duration
}

// attempts makes two attempts at the receiver, or one that lasts. It returns their results, and the header of the first
// request.
func (n nasty) attempts(t *testing.T, options webhook.Options) (results []outcome, header http.Header) {
	t.Helper()
	headers, ended := make(chan http.Header, 1), make(chan bool)
	r := newRaw(t, func(_ *raw, _ int, c *net.TCPConn) {
		for from := bufio.NewReader(c); ; {
			request, err := http.ReadRequest(from)
			if err != nil {
				return
			}
			select {
			case headers <- request.Header:
			default:
			}
			if n.before == 0 {
				_, _ = io.Copy(io.Discard, request.Body)
			}
			_, _ = io.WriteString(c, n.answer)
			if n.then != nil {
				n.then(c)
			}
			if n.before > 0 {
				<-ended
				return
			}
		}
	})
	options.UserAgent = "test"
	if n.late {
		options.Timeout = limit
	}
	sender := webhook.NewSender(options)
	t.Cleanup(sender.Close)
	request := webhook.Request{URL: r.url, Signing: standard, ID: "1", At: time.Unix(1, 0), Body: []byte("{}")}
	if n.before > 0 {
		request.Body = bytes.Repeat([]byte(" "), n.before)
	}
	times := 2
	if n.late {
		times = 1
	}
	for range times {
		began := time.Now()
		got, err := sender.Attempt(t.Context(), request)
		if err != nil {
			t.Error(err)
		}
		if took := time.Since(began); n.late && took < limit || !n.late && took >= webhook.DefaultTimeout {
			t.Errorf("the attempt took %s", took)
		}
		results = append(results, outcome{
			got.Sends, got.Status, got.Answered.Header(), string(got.Answer), got.Detail, got.Reason, got.RetryAfter,
		})
		if n.before > 0 {
			ended <- true
		}
	}
	return results, <-headers
}
