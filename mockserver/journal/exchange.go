package journal

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// maxBody is the maximum number of stored bytes of a body.
const maxBody = 16 << 10

// exchange is an exchange in the journal: as it was given, with its bodies cut to size. The row is shared with the
// reader of PublishTo, who does not keep the messages in memory.
type exchange struct {
	*Row
	request, reply message
}

type message struct {
	header http.Header
	body   mask.Body
}

func newExchange(raw RawExchange) exchange {
	if raw.URL == nil {
		raw.URL = &url.URL{}
	}
	return exchange{&Row{raw.Facts, raw.URL}, newMessage(raw.Request), newMessage(raw.Reply)}
}

// newMessage copies a body longer than maxBody: without the copy, its dropped part would stay in memory.
func newMessage(raw RawMessage) message {
	m := message{header: raw.Header, body: mask.Body{Data: raw.Body}}
	if len(raw.Body) > maxBody {
		m.body = truncate(raw.Body, raw.Files)
	}
	return m
}

// truncate returns the beginning of a body, without the files in it: the fields behind them are worth more.
func truncate(body []byte, files []File) mask.Body {
	kept := mask.Body{Data: make([]byte, 0, maxBody)}
	for {
		room := maxBody - len(kept.Data)
		file, at := firstFile(body, room, files)
		if at < 0 {
			n := min(room, len(body))
			kept.Data, kept.More = append(kept.Data, body[:n]...), len(body)-n
			return kept
		}
		kept.Data = append(kept.Data, body[:at]...)
		kept.Gaps = append(kept.Gaps, mask.Gap{At: len(kept.Data), Type: file.Type, Size: len(file.Data)})
		body = body[at+len(file.Data):]
	}
}

// maxHead is the number of bytes by which firstFile searches for a file.
const maxHead = 512

// firstFile returns the first file in a body, the longest of several at one offset, and its offset; -1 if none begins
// within so many bytes.
func firstFile(body []byte, within int, files []File) (File, int) {
	var found File
	place := -1
	for _, file := range files {
		if len(file.Data) == 0 {
			continue
		}
		head := file.Data[:min(maxHead, len(file.Data))]
		at := bytes.Index(body[:min(within+len(head), len(body))], head)
		if at < 0 || !bytes.HasPrefix(body[at:], file.Data) {
			continue
		}
		if place < 0 || at < place || at == place && len(file.Data) > len(found.Data) {
			found, place = file, at
		}
	}
	return found, place
}

// size returns roughly the memory an exchange takes, in bytes.
func (e exchange) size() int {
	n := len(e.URL.Path) + len(e.URL.RawPath) + len(e.URL.RawQuery) + len(e.Fault) + len(e.Violation)
	for _, warning := range e.Warnings {
		n += len(warning)
	}
	return n + e.request.size() + e.reply.size()
}

func (m message) size() int { return headerSize(m.header) + cap(m.body.Data) }

// masked returns the exchange as it is shown.
func (e exchange) masked(m *mask.Masker) Exchange {
	return Exchange{
		Facts: e.Facts, Path: m.Path(e.URL.RequestURI()),
		Request: Message{m.Header(e.request.header), m.Request(e.Operation, e.request.header, e.request.body)},
		Reply:   Message{m.Header(e.reply.header), m.Reply(e.Operation, e.reply.header, e.reply.body)},
	}
}
