package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

const (
	// heartbeat is the longest silence of a stream: proxies close a connection that is silent for longer.
	heartbeat = 15 * time.Second
	// maxWrite is how long a reader may take to accept a part of the stream.
	maxWrite = 30 * time.Second
	// batch is the number of items that are written at once.
	batch = 256
)

// itemOf returns an item as the API shows it, with credentials masked.
func (c *Control) itemOf(i feed.Item) controlapi.StreamItem {
	item := controlapi.StreamItem{ID: strconv.FormatUint(i.Number, 10), At: i.At, RealAt: i.Real}
	switch value := i.Value.(type) {
	case *journal.Row:
		item.Kind, item.MemberID = controlapi.KindExchange, value.MemberID
		item.Exchange = new(factsOf(value.Facts, c.Mask.Path(value.URL.RequestURI())))
	case *clinic.EligibilityCheck:
		item.Kind, item.MemberID, item.Check = controlapi.KindCheck, value.MemberID, new(checkOf(*value))
	case *clinic.Claim:
		item.Kind, item.MemberID, item.Claim = controlapi.KindClaim, value.MemberID, new(claimOf(*value))
	case *visits.Visit:
		item.Kind, item.MemberID, item.Visit = controlapi.KindVisit, value.MemberID, new(visitOf(*value))
	case *outbox.Event:
		item.Kind, item.Event = controlapi.KindEvent, new(eventOf(*value))
		item.MemberID = item.Event.MemberID
	case journal.Delivery:
		item.Kind, item.MemberID = controlapi.KindDelivery, value.MemberID
		item.Delivery = new(deliveryOf(value.Masked(c.Mask)))
	case feed.Clock:
		item.Kind, item.Clock = controlapi.KindClock, &controlapi.Clock{Now: i.At, Frozen: value.Frozen}
	case feed.Reset:
		item.Kind = controlapi.KindReset
	}
	return item
}

// streamer is one reader of the stream of a clinic.
type streamer struct {
	*Control
	feed  *feed.Feed
	kinds []string // empty for all
	after uint64   // the number of the last item that was read
	stale bool     // the reader's place is of an earlier mock

	out *http.ResponseController
	w   io.Writer
}

// stream sends the changes of a clinic as they happen, as server-sent events.
func (c *Control) stream(w http.ResponseWriter, r *http.Request) {
	var s *streamer
	_, err := c.withClinic(func(r *http.Request, one *clinic.Clinic) (_ any, err error) {
		s, err = c.streamerOf(r, one)
		return nil, err
	})(r)
	if err != nil {
		c.serve(func(*http.Request) (any, error) { return nil, err }).ServeHTTP(w, r)
		return
	}
	began := clock.Wall()
	header := w.Header()
	header.Set("Content-Type", controlapi.StreamType)
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no") // or nginx keeps items back
	w.WriteHeader(http.StatusOK)
	s.w, s.out = w, http.NewResponseController(w)
	// A reader that does not read must not hold up a stop of the mock.
	unblock := context.AfterFunc(c.Stopping, func() { _ = s.out.SetWriteDeadline(clock.Wall().Add(time.Second)) })
	defer unblock()
	s.run(r.Context())
	logRequest(c.logger(w, r), r, http.StatusOK, "", clock.Since(began))
}

// streamerOf reads where a stream begins, and its kinds.
func (c *Control) streamerOf(r *http.Request, one *clinic.Clinic) (*streamer, error) {
	sent, err := parameters(r, "after", "tail", "kinds")
	if err != nil {
		return nil, err
	}
	s := &streamer{Control: c, feed: c.Feed(one)}
	if s.feed == nil {
		return nil, clinic.ErrUnknown
	}
	name, place := "after", sent.Get("after")
	if last := r.Header.Get("Last-Event-ID"); last != "" { // a reader that comes back keeps its address
		name, place = "Last-Event-ID", last
	} else if sent.Has("tail") && sent.Has("after") {
		return nil, badRequest("after and tail exclude each other")
	} else if tail := sent.Get("tail"); tail != "" {
		n, err := strconv.ParseUint(tail, 10, 31)
		if err != nil {
			return nil, badRequest("tail must be a whole number that is not negative")
		}
		newest := s.feed.After(0, 0).Newest
		s.after = newest - min(n, newest)
		s.after = max(s.after, s.feed.After(0, 0).Oldest)
	}
	if place != "" {
		if s.after, err = strconv.ParseUint(place, 10, 63); err != nil {
			return nil, badRequest("%s must be the id of an item of the stream", name)
		}
	}
	if newest := s.feed.After(0, 0).Newest; s.after > newest {
		s.after, s.stale = 0, true
	}
	if kinds := sent.Get("kinds"); kinds != "" {
		s.kinds = strings.Split(kinds, ",")
	}
	for _, kind := range s.kinds {
		if err := checkKind("kinds", kind); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// checkKind refuses a kind that nobody can ask for.
func checkKind(field, kind string) error {
	kinds := controlapi.Kinds()
	if slices.Contains(kinds, kind) {
		return nil
	}
	return badRequest("%s must be one of %s%s", field, strings.Join(kinds, ", "), didYouMean(kind, kinds))
}

// run sends items until the reader leaves, the clinic is deleted or the mock stops.
func (s *streamer) run(ctx context.Context) {
	alarm := clock.NewAlarm()
	defer alarm.Stop()
	err := s.write("retry: 1000\n\n")
	if s.stale && err == nil {
		err = s.send(controlapi.StreamItem{ID: "0", Kind: controlapi.KindReset})
	}
	for err == nil {
		now := s.feed.After(s.after, batch)
		err = errors.Join(s.sendAll(now), s.out.Flush())
		switch {
		case err != nil || len(now.Items) > 0:
			continue
		case now.Closed:
			_ = s.send(controlapi.StreamItem{Kind: controlapi.KindEnd, Reason: "the clinic was deleted"})
			return
		}
		alarm.Set(clock.Wall().Add(heartbeat))
		select {
		case <-now.Changed:
		case <-ctx.Done():
			return
		case <-s.Stopping.Done():
			_ = s.send(controlapi.StreamItem{Kind: controlapi.KindEnd, Reason: "the mock is stopping"})
			return
		case <-alarm.Rings():
			err = s.write(": the stream is alive\n\n")
		}
	}
}

// sendAll sends a part of the feed: a notice for missing items, and the items of the wanted kinds.
func (s *streamer) sendAll(now feed.View) error {
	if s.Stopping.Err() == nil {
		_ = s.out.SetWriteDeadline(clock.Wall().Add(maxWrite)) // a reader in this process has none
	}
	if now.Missed > 0 {
		s.after += uint64(now.Missed)
		dropped := controlapi.StreamItem{
			ID: strconv.FormatUint(s.after, 10), Kind: controlapi.KindDropped, Dropped: now.Missed,
		}
		if err := s.send(dropped); err != nil {
			return err
		}
	}
	for _, i := range now.Items {
		s.after = i.Number
		item := s.itemOf(i)
		if len(s.kinds) > 0 && slices.Contains(controlapi.Kinds(), item.Kind) && !slices.Contains(s.kinds, item.Kind) {
			continue
		}
		if err := s.send(item); err != nil {
			return err
		}
	}
	return nil
}

// send writes one item as a server-sent event.
func (s *streamer) send(item controlapi.StreamItem) error {
	text, err := json.Marshal(item)
	if err != nil {
		return fmt.Errorf("writing an item of a stream: %w", err)
	}
	id := ""
	if item.ID != "" {
		id = "id: " + item.ID + "\n"
	}
	return s.write(id + "event: " + item.Kind + "\ndata: " + string(text) + "\n\n")
}

func (s *streamer) write(text string) error {
	_, err := io.WriteString(s.w, text)
	return err
}
