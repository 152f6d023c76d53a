package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// reply is the result of a handler. The zero value of each field leaves it out.
type reply struct {
	status  int          // 200 if it is 0
	header  http.Header  // beyond the headers of every reply
	data    any          // the JSON for `data`
	total   *int         // the number of rows in all, if data is a page of them
	version string       // of the newer generation
	media   string       // the type of body
	body    []byte       // sent as it is, in place of data
	valid   *atomic.Bool // whether body, sent before with this status, was valid; nil for a new one
	token   []byte       // the token in data, for a sign-on: it is new in each body, and valid is about the rest

	shows string // the id of the user with results in data: events that wait until they are read become due
	check string // the id of the check the request has started, for the journal
	claim string // the id of the claim the request has submitted, for the journal
	ours  bool   // a rule of the mock alone decided a result in data
}

// userReply is a reply with the results of a user's checks.
func userReply(u *clinic.User, data any) reply {
	return reply{data: data, shows: u.ID, ours: u.HasResponseGradedOurs()}
}

// encode makes the body from data, unless the reply has one.
func (r *reply) encode() error {
	r.status = cmp.Or(r.status, http.StatusOK)
	if r.body != nil {
		return nil
	}
	if data, ok := r.data.(appender); ok {
		r.media, r.body = contenttype.JSON, r.appendJSON(data)
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the link to a file has an &
	err := encoder.Encode(struct {
		Data    any    `json:"data"`
		Total   *int   `json:"total_count,omitempty"`
		Version string `json:"version,omitempty"`
	}{r.data, r.total, r.version})
	r.media, r.body = contenttype.JSON, text.Bytes()
	return err
}

// The room for a reply in bytes. A user without insurance fits the first one.
const (
	userRoom  = 896
	otherRoom = 112
)

// appendJSON makes the same body from data that writes its own JSON.
func (r *reply) appendJSON(data appender) []byte {
	room := otherRoom
	if _, ok := data.(*user); ok {
		room = userRoom
	}
	b := data.appendJSON(append(make([]byte, 0, room), `{"data":`...))
	if r.total != nil {
		b = appendNumber(b, "total_count", int64(*r.total))
	}
	b = appendOptional(b, "version", r.version)
	return append(b, '}', '\n')
}
