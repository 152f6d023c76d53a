package mask

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// part is one part of a multipart body, by its offsets in the body.
type part struct {
	header, body, end int // where its header, its body and the line break behind the body begin
	name              string
	file              bool // it has a file name
	showHeader        bool // its header can be shown
}

// maskMultipart masks the credentials in a multipart body. It returns false for a body that cannot be taken apart.
func (m *Masker) maskMultipart(b Body, boundary string, p place) (string, bool) {
	parts, first, last := splitParts(b.Data, boundary)
	if boundary == "" || first == len(b.Data) || !matchesStandardLibrary(b.Data, boundary, parts) {
		return "", false
	}
	var out strings.Builder
	if len(bytes.TrimSpace(b.Data[:first])) > 0 {
		out.WriteString(unreadNote(first) + "\r\n")
	}
	shown := first
	for _, one := range parts {
		out.Write(b.Data[shown:one.header])
		below, secret := m.field(p, one.name)
		secret = secret || one.name == "" || !isName(one.name)
		if one.showHeader && !document.HoldsToken(one.name) && (!secret || !p.strict || below.shape != nil) {
			out.Write(b.Data[one.header:one.body])
		} else {
			out.WriteString(unreadNote(one.body-one.header) + "\r\n\r\n")
		}
		if secret {
			out.WriteString(Masked)
		} else {
			out.WriteString(m.shownContent(b, one))
		}
		shown = one.end
	}
	if last < 0 { // the last part has no end
		if shown > first {
			out.WriteString("\r\n")
		}
		return out.String() + restNote(len(b.Data)-shown, b.More), true
	}
	out.Write(b.Data[shown:last])
	if left := len(b.Data) - last; len(bytes.TrimSpace(b.Data[last:])) > 0 || b.More > 0 {
		out.WriteString(restNote(left, b.More))
	}
	return out.String(), true
}

// shownContent returns the shown form of a part without a credential.
func (m *Masker) shownContent(b Body, one part) string {
	data := b.Data[one.body:one.end]
	for _, gap := range b.Gaps {
		if gap.At >= one.body && gap.At <= one.end {
			return fileNote(gap.Type, gap.Size)
		}
	}
	if one.file && len(data) > 0 {
		return fileNote(http.DetectContentType(data), len(data))
	}
	masked, _ := m.maskText(string(data), 1)
	return masked
}

// fileNote returns the note in place of a file.
func fileNote(media string, size int) string { return fmt.Sprintf("(%s, %d bytes)", media, size) }

// splitParts takes a multipart body apart. It returns where the first boundary begins and where the line of the last
// one ends, -1 for a missing last one. A part without an end is left out.
func splitParts(data []byte, boundary string) (parts []part, first, last int) {
	first, last = len(data), -1
	begun := -1 // where the begun part has its header
	for at := 0; at < len(data); {
		end := len(data)
		if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		tail, ok := bytes.CutPrefix(data[at:end], []byte("--"+boundary))
		tail = bytes.TrimRight(tail, " \t\r\n")
		if !ok || len(tail) > 0 && string(tail) != "--" {
			at = end
			continue
		}
		if begun >= 0 {
			parts = append(parts, partOf(data, begun, at))
		} else {
			first = at
		}
		if len(tail) > 0 {
			return parts, first, end
		}
		begun, at = end, end
	}
	return parts, first, last
}

// partOf returns the part between two lines with a boundary.
func partOf(data []byte, header, next int) part {
	end := len(bytes.TrimSuffix(bytes.TrimSuffix(data[:next], []byte("\n")), []byte("\r")))
	one := part{header: header, body: max(header, end), end: max(header, end)}
	for at := header; at < end; {
		n := bytes.IndexByte(data[at:next], '\n')
		if n < 0 {
			break
		}
		line := data[at : at+n]
		at += n + 1
		if len(bytes.TrimRight(line, "\r")) == 0 {
			one.body = min(at, one.end)
			break
		}
	}
	one.readHeader(data[header:one.body])
	return one
}

// readHeader reads the name of a part from its header, and whether the header has only the fields of a form's part.
func (one *part) readHeader(raw []byte) {
	header, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
	dispositions := header["Content-Disposition"]
	if err != nil || len(dispositions) != 1 {
		return
	}
	params := contenttype.Disposition(dispositions[0])
	one.name = params["name"]
	_, one.file = params["filename"]
	one.showHeader = params != nil
	for name := range header {
		one.showHeader = one.showHeader && slices.Contains([]string{"Content-Disposition", "Content-Type", "Content-Length"},
			name)
	}
	for name := range params {
		one.showHeader = one.showHeader && (name == "name" || name == "filename")
	}
	if nested := contenttype.Media(header.Get("Content-Type")); strings.HasPrefix(nested, "multipart/") ||
		header.Get("Content-Transfer-Encoding") != "" {
		one.name = "" // it has unread fields, or its bytes stand for others
	}
}

// matchesStandardLibrary reports whether the standard library takes a body apart in the same way: a server must not
// read an unmasked field.
func matchesStandardLibrary(data []byte, boundary string, parts []part) bool {
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	for _, one := range parts {
		theirs, err := reader.NextRawPart()
		if err != nil {
			return false
		}
		content, err := io.ReadAll(theirs)
		if err != nil || !bytes.Equal(content, data[one.body:one.end]) {
			return false
		}
		if name := contenttype.Disposition(theirs.Header.Get("Content-Disposition"))["name"]; one.name != "" &&
			name != one.name {
			return false
		}
	}
	theirs, err := reader.NextRawPart()
	if err != nil {
		return true // the end, or an incomplete part
	}
	_, err = io.ReadAll(theirs)
	return errors.Is(err, io.ErrUnexpectedEOF)
}
