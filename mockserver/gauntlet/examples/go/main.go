// Command receiver is a complete receiver of VSee's eligibility events, made to be copied: one file, the standard
// library alone. Run it, and let vsee-mock try it:
//
//	export WEBHOOK_SECRET=whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==
//	LISTEN=127.0.0.1:9000 go run ./mockserver/gauntlet/examples/go
//	vsee-mock gauntlet --url http://127.0.0.1:9000/hook --state-url http://127.0.0.1:9000/state --secret $WEBHOOK_SECRET
//
// WEBHOOK_SECRET_PREVIOUS is the secret before, for as long as secrets are rotated. GET /state shows the results.
package main

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	tolerance   = 5 * time.Minute // how far a signed time may be off, either way
	bodyLimit   = 256 << 10       // bytes; an event has less than one KiB
	readOn      = 16 << 20        // bytes read of a too large body before it is refused
	bodyTimeout = 10 * time.Second
	remembered  = 100_000 // ids of events; VSee's mock repeats an event for three days
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	r, err := newReceiver(os.Getenv("WEBHOOK_SECRET"), os.Getenv("WEBHOOK_SECRET_PREVIOUS"))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(os.Getenv("LISTEN"), "127.0.0.1:9000"))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: r.routes(), ReadHeaderTimeout: bodyTimeout, ReadTimeout: bodyTimeout}
	context.AfterFunc(ctx, func() { _ = server.Shutdown(context.WithoutCancel(ctx)) })
	fmt.Printf("listening on http://%s/hook\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// receiver keeps the newest result of each member. Yours keeps it in a database: the id of the event and the result
// in one transaction.
type receiver struct {
	keys [][]byte

	mu      sync.Mutex
	seen    map[string]bool   // ids of events
	order   []string          // the same, the oldest first
	results map[string]result // by member; by eligibility_id, if you check two cards of a member
}

type result struct {
	EligibilityID string `json:"eligibility_id"`
	Response      string `json:"eligibility_response"` // Success, or why not: see vsee-mock scenarios texts
	Created       int64  `json:"created"`
}

func newReceiver(secrets ...string) (*receiver, error) {
	r := &receiver{seen: map[string]bool{}, results: map[string]result{}}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			return nil, errors.New("a secret is whsec_ and base64")
		}
		if len(key) > 0 {
			r.keys = append(r.keys, key)
		}
	}
	if len(r.keys) == 0 {
		return nil, errors.New("WEBHOOK_SECRET is not set")
	}
	return r, nil
}

func (r *receiver) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hook", r.receive)
	mux.HandleFunc("GET /state", r.state)
	return mux
}

// receive answers an event. An answer of 5xx would make the sender repeat it: no message deserves a repetition.
func (r *receiver) receive(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(io.LimitReader(request.Body, bodyLimit+1))
	switch {
	case len(body) > bodyLimit:
		_, _ = io.CopyN(io.Discard, request.Body, readOn) // a sender still busy writing would not see the answer
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.WriteHeader(http.StatusRequestTimeout)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest) // nobody may read it, though: the connection broke
		return
	}
	if err := r.verify(request.Header, body); err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if err := r.process(body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// verify holds the headers of Standard Webhooks 1.0.0 to the body as it came, before anything in it is believed.
func (r *receiver) verify(h http.Header, body []byte) error {
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if id == "" || err != nil {
		return errors.New("a header of the signature is missing")
	}
	if off := time.Since(time.Unix(seconds, 0)); off > tolerance || off < -tolerance {
		return errors.New("the signed time is too far off")
	}
	for _, key := range r.keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		// There are two signatures while secrets are rotated, in any order.
		for got := range strings.FieldsSeq(h.Get("webhook-signature")) {
			if hmac.Equal([]byte(got), []byte(want)) {
				return nil
			}
		}
	}
	return errors.New("no signature is that of the body")
}

// event is the part of an event this receiver reads. It ignores every other field, external_member_id among them,
// because the id can be a string or a number.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Data    struct {
		EligibilityID string `json:"eligibility_id"`
		MemberID      string `json:"member_id"`
		Response      string `json:"eligibility_response"`
	} `json:"data"`
}

// process takes a verified event: once, and only if it is newer than the stored one.
func (r *receiver) process(body []byte) error {
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &kind); err != nil {
		return errors.New("the body is not an event")
	}
	if kind.Type != "eligibility.checked" {
		return nil // of another type: it is received, and of no interest
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Data.MemberID == "" {
		return errors.New("the body is not the event it says it is")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[e.ID] {
		return nil
	}
	r.remember(e.ID)
	if last, known := r.results[e.Data.MemberID]; !known || e.Created >= last.Created {
		r.results[e.Data.MemberID] = result{e.Data.EligibilityID, e.Data.Response, e.Created}
	}
	return nil
}

// remember keeps the id of an event, and forgets the oldest one when there are too many.
func (r *receiver) remember(id string) {
	r.seen[id], r.order = true, append(r.order, id)
	if len(r.order) > remembered {
		delete(r.seen, r.order[0])
		r.order = r.order[1:]
	}
}

// state shows the known results. It is for trying the receiver: leave it out where patients' data are.
func (r *receiver) state(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	text, err := json.Marshal(map[string]any{"events": len(r.order), "results": r.results})
	r.mu.Unlock()
	if err != nil {
		log.Printf("writing the state: %s", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}
