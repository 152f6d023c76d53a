package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
)

// gzipMagic is how gzip begins.
const gzipMagic = "\x1f\x8b"

// byteOrderMarks are the marks of encodings other than UTF-8, the longer ones first: one begins with another.
var byteOrderMarks = []struct{ mark, encoding string }{
	{"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"}, {"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
}

// unpack returns a body as UTF-8 without a byte order mark; it unpacks gzip, up to a limit in bytes. With an error it
// returns the body as it came, for the journal. The journal shows only the readable part.
func unpack(header http.Header, data []byte, limit int64) ([]byte, error) {
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(header["Content-Encoding"], ",")))
	switch {
	case len(data) == 0:
		return data, nil
	case encoding == "gzip" || encoding == "x-gzip":
		unpacked, err := gunzip(data, limit)
		if err != nil {
			return data, err
		}
		data = unpacked
	case encoding != "" && encoding != "identity":
		return data, &bodyError{"Content-Encoding" + known(encoding) + " must be gzip, or left out"}
	case bytes.HasPrefix(data, []byte(gzipMagic)):
		return data, &bodyError{"the body is gzip, but Content-Encoding is not: send Content-Encoding: gzip"}
	}
	for _, order := range byteOrderMarks {
		if bytes.HasPrefix(data, []byte(order.mark)) {
			return data, &bodyError{"the body is " + order.encoding + ": send UTF-8"}
		}
	}
	if bytes.IndexByte(data[:min(len(data), 2)], 0) >= 0 { // no body of ours begins with NUL, or with a letter and NUL
		return data, &bodyError{"the body is UTF-16 or UTF-32: send UTF-8"}
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// known returns the name of a known encoding, with a space before it, "" for any other text.
func known(encoding string) string {
	if slices.Contains([]string{"br", "compress", "deflate", "zstd"}, encoding) {
		return " " + encoding
	}
	return ""
}

// gunzip unpacks gzip. It refuses unpacked data beyond the limit, as it would a body of the same size.
func gunzip(data []byte, limit int64) ([]byte, error) {
	broken := &bodyError{"the body is not valid gzip: send all of it, or leave out Content-Encoding"}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, broken
	}
	unpacked, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(unpacked)) > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	if err != nil {
		return nil, broken
	}
	return unpacked, nil
}
