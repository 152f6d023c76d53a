package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// reply follows the bytes of one reply after the other, as far as it must to find their ends. No request is sent before
// the reply to the one before, so no byte of the next reply can arrive with this one.
type reply struct {
	head   []byte // the bytes up to the end of the header
	inBody bool
	left   int    // the bytes of the body to come, if it has no chunks
	tail   []byte // the last bytes of a body in chunks; nil for no chunks
}

// maxHeader is the largest header of a reply in bytes.
const maxHeader = 64 << 10

var (
	headerEnd     = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
	chunked       = []byte("\r\nTransfer-Encoding: chunked\r\n")
	lastChunk     = []byte("0\r\n\r\n")
)

// add adds the bytes of one read, and reports whether they end the reply. It fails for another status than 200.
func (r *reply) add(data []byte) (complete bool, err error) {
	if !r.inBody {
		r.head = append(r.head, data...)
		at := bytes.Index(r.head, headerEnd)
		if at < 0 {
			if len(r.head) > maxHeader {
				err = errors.New("its header is too large")
			}
			return false, err
		}
		if err := r.begin(r.head[:at+len(headerEnd)]); err != nil {
			return false, err
		}
		data = r.head[at+len(headerEnd):]
	}
	if r.tail != nil {
		r.tail = append(r.tail, data[max(0, len(data)-len(lastChunk)):]...)
		r.tail = r.tail[max(0, len(r.tail)-len(lastChunk)):]
		complete = bytes.Equal(r.tail, lastChunk)
	} else {
		r.left -= len(data)
		complete = r.left <= 0
	}
	if complete {
		r.head, r.inBody = r.head[:0], false
	}
	return complete, nil
}

// begin reads a header.
func (r *reply) begin(header []byte) error {
	if len(header) < len("HTTP/1.1 200") || string(header[9:12]) != "200" {
		line, _, _ := bytes.Cut(header, []byte("\r\n"))
		return fmt.Errorf("its status line is %q, and must have 200", line)
	}
	r.inBody, r.tail = true, nil
	if at := bytes.Index(header, contentLength); at >= 0 {
		digits, _, _ := bytes.Cut(header[at+len(contentLength):], []byte("\r"))
		var err error
		r.left, err = strconv.Atoi(string(digits))
		return err
	}
	if !bytes.Contains(header, chunked) {
		return errors.New("it has neither a length nor chunks")
	}
	r.tail = []byte{}
	return nil
}
