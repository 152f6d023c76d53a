package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// connection sends its one request again and again.
type connection struct {
	net.Conn
	request   []byte
	buffer    []byte
	latencies []time.Duration // of the present job
}

// grace is the time a server has for its last reply.
const grace = 10 * time.Second

// run sends requests until the time is over.
func (c *connection) run(until time.Time) error {
	c.latencies = c.latencies[:0]
	if err := c.SetDeadline(until.Add(grace)); err != nil {
		return err
	}
	for sent := time.Now(); sent.Before(until); {
		if _, err := c.Write(c.request); err != nil {
			return fmt.Errorf("sending a request: %w", err)
		}
		if err := c.skipReply(); err != nil {
			return fmt.Errorf("reading a reply: %w", err)
		}
		now := time.Now()
		c.latencies = append(c.latencies, now.Sub(sent))
		sent = now
	}
	return nil
}

var (
	headerEnd     = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
	chunked       = []byte("\r\nTransfer-Encoding: chunked\r\n")
	lastChunk     = []byte("0\r\n\r\n")
)

// skipReply reads one reply. The next one has not been asked for, so no byte of it can arrive.
func (c *connection) skipReply() error {
	n := 0
	for {
		more, err := c.Read(c.buffer[n:])
		if err != nil {
			return err
		}
		n += more
		if at := bytes.Index(c.buffer[:n], headerEnd); at >= 0 {
			return c.skipBody(c.buffer[:at+len(headerEnd)], n)
		}
		if n == len(c.buffer) {
			return errors.New("the header is too large")
		}
	}
}

// skipBody reads the rest of a reply, after the n bytes in the buffer, which begin with the header.
func (c *connection) skipBody(header []byte, n int) error {
	if len(header) < len("HTTP/1.1 200") || string(header[9:12]) != "200" {
		line, _, _ := bytes.Cut(header, []byte("\r\n"))
		return fmt.Errorf("the status line is %q, and must have 200", line)
	}
	if at := bytes.Index(header, contentLength); at >= 0 {
		digits, _, _ := bytes.Cut(header[at+len(contentLength):], []byte("\r"))
		length, err := strconv.Atoi(string(digits))
		if err != nil {
			return err
		}
		for left := len(header) + length - n; left > 0; {
			more, err := c.Read(c.buffer[:min(left, len(c.buffer))])
			if err != nil {
				return err
			}
			left -= more
		}
		return nil
	}
	if !bytes.Contains(header, chunked) {
		return errors.New("it has neither a length nor chunks")
	}
	for !bytes.HasSuffix(c.buffer[:n], lastChunk) {
		if n == len(c.buffer) { // keep the end, for the suffix
			n = copy(c.buffer, c.buffer[n-len(lastChunk):])
		}
		more, err := c.Read(c.buffer[n:])
		if err != nil {
			return err
		}
		n += more
	}
	return nil
}
