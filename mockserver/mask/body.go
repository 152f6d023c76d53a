package mask

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
)

// Request returns the body of a request to an operation with its credentials masked, and with a note in place of each
// file. operation is empty for a request without one. Bytes that do not decode by the content type are not shown.
func (m *Masker) Request(operation string, h http.Header, b Body) string {
	if len(b.Data)+b.More == 0 {
		return ""
	}
	p := m.requestPlace(operation)
	types := h["Content-Type"]
	if len(types) > 1 { // the body may be of any of them
		return unreadNote(len(b.Data) + b.More)
	}
	contentType := strings.Join(types, "")
	if limit, ok := boundary(contentType, b.Data); ok {
		if shown, ok := m.maskMultipart(b, limit, p); ok {
			return shown
		}
		return unreadNote(len(b.Data) + b.More)
	}
	media := contenttype.Media(contentType)
	text := string(b.Data)
	switch {
	case strings.HasSuffix(media, "json"):
		shown, left := m.maskJSON(b.Data, p, 0)
		return shown + endNote(left, b.More)
	case looksLikeJSON(text) && b.More == 0 && !m.formHoldsSecret(text, p): // JSON sent under another type
		if shown, left := m.maskJSON(b.Data, p, 0); left == 0 {
			return shown
		}
	case media == "application/x-www-form-urlencoded":
		if shown, ok := m.maskCutForm(b, p); ok {
			return shown
		}
	}
	return unreadNote(len(b.Data) + b.More)
}

// endNote returns the note behind a body, from the numbers of unreadable bytes and of dropped bytes.
func endNote(left, more int) string {
	if left == 0 {
		return notKeptNote(more)
	}
	return restNote(left, more)
}

// maskCutForm masks a form with a possibly missing end: then the last field is not shown.
func (m *Masker) maskCutForm(b Body, p place) (string, bool) {
	raw := string(b.Data)
	if b.More > 0 {
		raw = raw[:strings.LastIndexByte(raw, '&')+1]
	}
	shown, ok := m.maskForm(raw, p)
	return shown + endNote(len(b.Data)-len(raw), b.More), ok
}

// formHoldsSecret reports whether a text in another format would have a credential in it if it was read as a form.
func (m *Masker) formHoldsSecret(text string, p place) bool {
	for pair := range strings.SplitSeq(text, "&") {
		if pairHoldsSecret(pair, func(name string) bool { return isName(name) && m.isSecretField(p, name) }) {
			return true
		}
	}
	return false
}

func (m *Masker) isSecretField(p place, name string) bool {
	_, secret := m.field(p, name)
	return secret
}

// Reply returns the body of a reply of an operation likewise. Replies are the mock's own: only JSON among them has
// credentials.
func (m *Masker) Reply(operation string, h http.Header, b Body) string {
	media := contenttype.Media(h.Get("Content-Type"))
	switch {
	case len(b.Data)+b.More == 0:
		return ""
	case strings.HasPrefix(media, "image/"), media == "application/pdf", media == "application/octet-stream":
		return fileNote(media, len(b.Data)+b.More)
	case media == "text/html":
		return string(b.Data) + notKeptNote(b.More)
	}
	p := place{}
	if op := m.doc.Operation(operation); op != nil {
		p.shape = op.Reply
	}
	shown, left := m.maskJSON(b.Data, p, 0)
	return shown + endNote(left, b.More)
}

// boundary returns the boundary of a multipart body, whatever its media type says: the one in the content type, if
// the body has it; or, if the content type has none, the one on the body's first line. It returns false for another
// body, and the empty boundary if the body has several.
func boundary(contentType string, data []byte) (string, bool) {
	named := slices.Collect(contenttype.Boundaries(contentType))
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["boundary"] != "" {
		named = append(named, params["boundary"]) // as other servers read it
	}
	slices.Sort(named)
	named = slices.Compact(named)
	if len(named) == 0 {
		line, _, _ := strings.Cut(string(data), "\n")
		if first, ok := strings.CutPrefix(strings.TrimRight(line, " \t\r"), "--"); ok && first != "" {
			named = []string{first}
		}
	}
	named = slices.DeleteFunc(named, func(one string) bool { return !strings.Contains(string(data), "--"+one) })
	switch {
	case len(named) == 1:
		return named[0], true
	case len(named) > 1:
		return "", true
	}
	return "", strings.HasPrefix(contenttype.Media(contentType), "multipart/")
}
