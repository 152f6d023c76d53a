package api

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
)

// guessed is the probable media type of a body, by its look.
type guessed struct{ words, media string }

// send is the Content-Type to send.
func (g guessed) send() string {
	if g.media == contenttype.Multipart {
		return g.media + " with the boundary of the body"
	}
	return g.media
}

// formName is how a form begins.
var formName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.%\[\]+-]*=`)

// guess returns the probable media type of a body by its first bytes, the zero value for an unknown beginning.
func guess(data []byte) guessed {
	const part = "content-disposition: form-data"
	data = bytes.TrimLeft(data[:min(len(data), 512)], " \t\r\n")
	switch {
	case bytes.HasPrefix(data, []byte("{")), bytes.HasPrefix(data, []byte("[")):
		return guessed{"JSON", contenttype.JSON}
	case bytes.HasPrefix(data, []byte("--")) && bytes.Contains(bytes.ToLower(data), []byte(part)):
		return guessed{contenttype.Multipart, contenttype.Multipart}
	case formName.Match(data):
		return guessed{"a form", contenttype.Form}
	}
	return guessed{}
}

// mislabelled returns an error for a body that looks like another media type than its Content-Type says; nil for any
// other body.
func mislabelled(media string, data []byte) error {
	looks := guess(data)
	if looks.media == "" || looks.media == media {
		return nil
	}
	const text = "the body looks like %s, but Content-Type is %s: send %s"
	return &bodyError{fmt.Sprintf(text, looks.words, media, looks.send())}
}

// advice names the Content-Type to send with a body, "" if the body does not show it.
func advice(data []byte) string {
	looks := guess(data)
	if looks.media == "" {
		return ""
	}
	return fmt.Sprintf("; the body looks like %s: send %s", looks.words, looks.send())
}
