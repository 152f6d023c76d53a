package controlapi

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// StreamType is the media type of a stream.
const StreamType = "text/event-stream"

// The kinds of StreamItem. The last four are notices.
const (
	KindExchange = "exchange"
	KindCheck    = "check"
	KindClaim    = "claim"
	KindVisit    = "visit"
	KindEvent    = "event"
	KindDelivery = "delivery"

	KindClock   = "clock"   // a call moved, froze or ran the clock
	KindReset   = "reset"   // the clinic was emptied, or the mock was started anew
	KindDropped = "dropped" // the reader was too slow, or began too late: items are missing
	KindEnd     = "end"     // no more items come
)

// Kinds returns the kinds that Await and StreamRequest can name.
func Kinds() []string {
	return []string{KindExchange, KindCheck, KindClaim, KindVisit, KindEvent, KindDelivery}
}

// StreamItem is one change in a clinic: a check, a claim, a visit or an event as it is after the change, an attempt to
// deliver an event, a request with its reply, or a notice. The field named like the kind is set.
type StreamItem struct {
	// ID is the place in the stream: digits, in order, also across a reset. Empty for an end.
	ID string `json:"id,omitempty"`
	// Kind is one of the constants.
	Kind string `json:"kind"`
	// At is when it happened.
	At time.Time `json:"at,omitzero"`
	// RealAt is when it happened, in real time.
	RealAt time.Time `json:"real_at,omitzero"`
	// MemberID is the id of the patient; empty for none.
	MemberID string `json:"member_id,omitempty"`
	// Exchange is a request and its reply, without headers and bodies.
	Exchange *ExchangeFacts `json:"exchange,omitempty"`
	// Check is a check that was started or has ended.
	Check *Check `json:"check,omitempty"`
	// Claim is a claim with a new status.
	Claim *Claim `json:"claim,omitempty"`
	// Visit is a visit that was made or changed.
	Visit *Visit `json:"visit,omitempty"`
	// Event is an event that was made, or whose delivery has a new state.
	Event *Event `json:"event,omitempty"`
	// Delivery is an attempt to deliver an event, without headers and bodies.
	Delivery *Delivery `json:"delivery,omitempty"`
	// Clock is the clock after a call moved, froze or ran it.
	Clock *Clock `json:"clock,omitempty"`
	// Dropped is how many items are missing.
	Dropped int `json:"dropped,omitempty"`
	// Reason is why the stream ends, in a sentence.
	Reason string `json:"reason,omitempty"`
}

// StreamRequest selects a part of a stream. The zero value is all items that the mock keeps, and then each new one.
type StreamRequest struct {
	// After is the StreamItem.ID behind which the stream begins; empty for the beginning.
	After string
	// Tail begins with so many of the newest items, instead of After; nil for none, and 0 for new items alone.
	Tail *int
	// Kinds are the kinds to send, of those that Kinds returns; empty for all. Notices always come.
	Kinds []string
}

func (s StreamRequest) query() string {
	query := url.Values{}
	if s.After != "" {
		query.Set("after", s.After)
	}
	if s.Tail != nil {
		query.Set("tail", strconv.Itoa(*s.Tail))
	}
	if len(s.Kinds) > 0 {
		query.Set("kinds", strings.Join(s.Kinds, ","))
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// Await is a condition to wait for.
type Await struct {
	// Kind is one of those that Kinds returns.
	Kind string `json:"kind"`
	// Where has the value of each field that must match, by its name in the JSON of the kind; a dot leads into an object,
	// such as data.eligibility_response of an event. Numbers and texts with the same digits are equal. Empty for any item.
	Where map[string]any `json:"where,omitempty"`
	// After is the StreamItem.ID behind which an item must come; empty for the beginning, so that an item from before this
	// call matches too.
	After string `json:"after,omitempty"`
	// Timeout is the longest wait, in real time; the mock's own, 10s, when nil. 0s looks at the present items alone.
	Timeout *Span `json:"timeout,omitempty"`
}

// Unmatched is the reply to Await when nothing matched in time.
type Unmatched struct {
	Problem
	// Seen are the items of the kind, newest first, 20 at most.
	Seen []SeenItem `json:"seen"`
}

// SeenItem is an item that did not match.
type SeenItem struct {
	StreamItem
	// Differs are the names in Await.Where with another value in the item.
	Differs []string `json:"differs_in"`
}

// UnmatchedError is the error of Client.Await when nothing matched in time. It has the items that came instead.
type UnmatchedError struct {
	Unmatched
	Err error // of the call
}

// Unwrap returns the error of the call.
func (e *UnmatchedError) Unwrap() error { return e.Err }

// Error returns the mock's sentence.
func (e *UnmatchedError) Error() string { return e.Err.Error() }

// Await returns the first item that matches, from before the call or within the time-out. It moves no clock.
func (c *Client) Await(ctx context.Context, account string, want Await) (StreamItem, error) {
	var reply struct {
		StreamItem
		Seen []SeenItem `json:"seen"`
	}
	err := c.Call(ctx, "POST /clinics/{account}/await", want, &reply, account)
	if err != nil && reply.Seen != nil {
		err = &UnmatchedError{Unmatched{Problem{err.Error()}, reply.Seen}, err}
	}
	return reply.StreamItem, err
}

// ListChanges returns a page of the items of a clinic's stream, newest first; the last 4,096 are kept.
func (c *Client) ListChanges(ctx context.Context, account string, page PageRequest) (Page[StreamItem], error) {
	return call[Page[StreamItem]](ctx, c, "GET /clinics/{account}/changes"+page.query(), nil, account)
}

// maxLine is the longest line of a stream, in bytes. An event's data is as long as the body of a request.
const maxLine = 8 << 20

// Stream returns the items of a clinic as they come, notices included. It ends after KindEnd, with the end of ctx, or
// with the first error. Client.Timeout does not limit it. To go on later, give the ID of the last item as After.
func (c *Client) Stream(ctx context.Context, account string, from StreamRequest) iter.Seq2[StreamItem, error] {
	return func(yield func(StreamItem, error) bool) {
		err := c.readStream(ctx, account, from, func(i StreamItem) bool { return yield(i, nil) })
		if err != nil && ctx.Err() == nil {
			if c.Failure != nil {
				err = c.Failure(err)
			}
			yield(StreamItem{}, err)
		}
	}
}

func (c *Client) readStream(ctx context.Context, account string, from StreamRequest, use func(StreamItem) bool) error {
	const operation = "GET /clinics/{account}/stream"
	request, err := c.request(ctx, operation+from.query(), nil, []string{account})
	if err != nil {
		return err
	}
	reply, failed := c.send(request, operation, 0)
	if reply == nil {
		return failed
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK || reply.Header.Get("Content-Type") != StreamType {
		text, _ := bounded.ReadAll(reply.Body, MaxReply) // an incomplete one is no refusal
		failed.setMessage(text, nil)
		return failed
	}
	lines := bufio.NewScanner(reply.Body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data:")
		if !ok {
			continue // the id and the kind are in the data too
		}
		var item StreamItem
		if err := json.Unmarshal([]byte(data), &item); err != nil {
			failed.Err = ErrNotControlAPI
			return failed
		}
		if !use(item) || item.Kind == KindEnd {
			return nil
		}
	}
	failed.Err = cmp.Or(lines.Err(), io.ErrUnexpectedEOF)
	return failed
}
