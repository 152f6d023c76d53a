package play

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

const (
	// maxWait is how long the client waits for a reply, in real time.
	maxWait = 10 * time.Second
	// maxReply is the size of the largest reply, in bytes.
	maxReply = 64 << 20
)

// HTTP sends the requests of a play to a clinic: the half of a Client without the clock. All fields are required.
type HTTP struct {
	BaseURL                 string // of VSee's API, without a slash at its end
	Account                 string // the account code
	Key, Secret, AdminToken string // the clinic's credentials
	Client                  *http.Client
	RealTime                func() time.Time // for Reply.Took
}

// Credentials returns the headers that authenticate a request.
func (h HTTP) Credentials(r Request) map[string]string {
	switch r.Auth {
	case ByKey:
		return map[string]string{"X-AccountCode": h.Account, "X-ApiKey": h.Key, "X-ApiSecret": h.Secret}
	case ByAdmin:
		return map[string]string{"X-ApiToken": h.AdminToken}
	default:
		return map[string]string{"X-ApiToken": r.Token}
	}
}

// Send implements Client.
func (h HTTP) Send(ctx context.Context, r Request) (Reply, error) {
	contentType, body := encode(r)
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, h.BaseURL+r.Path, body)
	if err != nil {
		return Reply{}, err
	}
	for name, value := range h.Credentials(r) {
		request.Header.Set(name, value)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	started := h.RealTime()
	reply, err := h.Client.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer reply.Body.Close()
	text, err := bounded.ReadAll(reply.Body, maxReply)
	return Reply{Status: reply.StatusCode, Header: reply.Header, Body: text, Took: h.RealTime().Sub(started)}, err
}

// encode returns the body of a request. A form is encoded as by curl's --form in the guide.
func encode(r Request) (contentType string, body io.Reader) {
	switch {
	case r.Form != nil:
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, name := range Fields(r.Form) {
			_ = w.WriteField(name, r.Form.Get(name)) // writing to a buffer cannot fail
		}
		_ = w.Close()
		return w.FormDataContentType(), &b
	case r.JSON != nil:
		text, _ := json.Marshal(r.JSON) // texts and numbers, so encoding cannot fail
		return "application/json", bytes.NewReader(text)
	}
	return "", http.NoBody
}

// Fields returns the names of the fields of a form, sorted.
func Fields(form url.Values) []string { return slices.Sorted(maps.Keys(form)) }
