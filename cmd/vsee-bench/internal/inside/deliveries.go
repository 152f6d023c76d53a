package inside

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// DeliveriesOf says how many clinics send how many events each, and where to.
type DeliveriesOf struct {
	Receiver string `json:"receiver"` // URL
	Clinics  int    `json:"clinics"`
	Events   int    `json:"events"`
}

// Deliveries is the cost of all events, and of posting the same bytes with net/http's client from as many loops.
type Deliveries struct {
	Mock   Sent `json:"mock"`
	Client Sent `json:"client"`
}

// Sent is the cost of sending events: the time, and that of the CPU.
type Sent struct {
	Took time.Duration `json:"took"`
	CPU  time.Duration `json:"cpu"`
}

// timed returns the cost of a function.
func timed(f func() error) (Sent, error) {
	before, err := child.OwnUsage()
	begun := time.Now()
	err = errors.Join(err, f())
	took := time.Since(begun)
	after, failed := child.OwnUsage()
	return Sent{took, after.CPU - before.CPU}, errors.Join(err, failed)
}

// MeasureDeliveries sends the events twice: by a bare client, and by the mock, which signs, validates and records them.
func MeasureDeliveries(ctx context.Context, p DeliveriesOf) (any, error) {
	sample, err := sampleEvent(ctx)
	if err != nil {
		return nil, err
	}
	var d Deliveries
	if d.Client, err = post(ctx, p, sample); err != nil {
		return nil, err
	}
	d.Mock, err = deliver(ctx, p.Receiver, p.Clinics, p.Events)
	return d, err
}

// deliver returns the cost of events that are all due when the mock begins.
func deliver(ctx context.Context, url string, clinics, events int) (Sent, error) {
	mock, err := newMock()
	if err != nil {
		return Sent{}, err
	}
	all, err := addClinics(ctx, mock, clinics, clinic.Settings{Webhook: clinic.Webhook{URL: url}})
	if err != nil {
		return Sent{}, err
	}
	for _, c := range all {
		if err := fireEvents(ctx, c, events); err != nil {
			return Sent{}, err
		}
	}
	return timed(func() error {
		defer running(ctx, mock)()
		return awaitWork(ctx, all, clinic.DeliverWork)
	})
}

// fireEvents records events about a new patient.
func fireEvents(ctx context.Context, c *clinic.Clinic, events int) error {
	id, _, err := signOn(ctx, c, "pat")
	if err != nil {
		return err
	}
	allowed := func(outbox.Event, clinic.Webhook) error { return nil }
	for range events {
		if _, err := c.FireEvent(ctx, clinic.EligibilityChecked, id, nil, allowed); err != nil {
			return err
		}
	}
	return nil
}

// sampleEvent returns an event as the mock sends it.
func sampleEvent(ctx context.Context) (receiver.Request, error) {
	on, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return receiver.Request{}, err
	}
	arrived := make(chan receiver.Request, 1)
	r := receiver.Start(time.Now, func(_ context.Context, r receiver.Request) receiver.Answer {
		arrived <- r
		return receiver.Answer{Status: http.StatusOK}
	}, on)
	defer r.Close(time.Second)
	if _, err := deliver(ctx, "http://"+on.Addr().String(), 1, 1); err != nil {
		return receiver.Request{}, err
	}
	return <-arrived, nil
}

// post returns the cost of the events with net/http's client: a loop for each clinic, one event at a time.
func post(ctx context.Context, p DeliveriesOf, sample receiver.Request) (Sent, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: p.Clinics}}
	defer client.CloseIdleConnections()
	failures := make([]error, p.Clinics)
	return timed(func() error {
		var work sync.WaitGroup
		for i := range p.Clinics {
			work.Go(func() {
				for range p.Events {
					if failures[i] = postOnce(ctx, client, p.Receiver, sample); failures[i] != nil {
						return
					}
				}
			})
		}
		work.Wait()
		return errors.Join(failures...)
	})
}

func postOnce(ctx context.Context, client *http.Client, url string, sample receiver.Request) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(sample.Body))
	if err != nil {
		return err
	}
	request.Header = sample.Header
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	return err
}
