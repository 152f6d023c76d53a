package webhook

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// net/http reads every plain answer likewise: to its end, with nothing behind it, on a connection that stays open.
func FuzzPlainAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 404 \r\ncontent-type: text/plain\r\ndate:x\r\nCONTENT-LENGTH:2 \r\n\r\nno",
		"HTTP/1.1 302 Found\r\nLocation: /\r\nLocation: /2\r\nContent-Length: 1\r\n\r\n\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
		"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, all []byte) {
		got, plain := plainAnswer(all)
		if !plain {
			return
		}
		in := bufio.NewReader(bytes.NewReader(all))
		r, err := http.ReadResponse(in, nil) //nolint:bodyclose // it has no connection
		if err != nil {
			t.Fatalf("net/http refuses it: %v", err)
		}
		want, complete := readAnswer(r)
		if !complete || r.Close || in.Buffered() > 0 || isProvisional(r.StatusCode) {
			t.Errorf("net/http reads it to the end: %t; closes: %t; %d bytes are left", complete, r.Close, in.Buffered())
		}
		if got.status != want.status || !bytes.Equal(got.body, want.body) {
			t.Errorf("%d %q, want %d %q", got.status, got.body, want.status, want.body)
		}
		if diff := cmp.Diff(want.lines.Header(), got.lines.Header()); diff != "" {
			t.Errorf("the header (-net/http +plain):\n%s", diff)
		}
	})
}

// The usual answer must be read as such.
func TestTheAnswerOfAGoServerIsPlain(t *testing.T) {
	t.Parallel()
	got, plain := plainAnswer([]byte("HTTP/1.1 200 OK\r\nDate: Mon, 30 Nov 2026 15:00:00 GMT\r\nContent-Length: 2\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n\r\nok"))
	if !plain || got.status != 200 || string(got.body) != "ok" || len(got.lines.Header()) != 3 {
		t.Errorf("%t, %+v", plain, got)
	}
}
