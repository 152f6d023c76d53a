package load

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// dialed are connections of package net, with a goroutine for each. They work on every system.
type dialed []*dialedConnection

type dialedConnection struct {
	net.Conn
	request   []byte
	latencies []time.Duration // of the present job
}

func openDialed(address string, requests [][]byte) (connections, error) {
	var all dialed
	for _, request := range requests {
		conn, err := net.Dial("tcp", address) //nolint:noctx // the address is on loopback
		if err != nil {
			all.close()
			return nil, err
		}
		all = append(all, &dialedConnection{Conn: conn, request: request})
	}
	return all, nil
}

func (d dialed) close() {
	for _, c := range d {
		_ = c.Close()
	}
}

func (d dialed) run(until time.Time) ([]time.Duration, error) {
	failures := make([]error, len(d))
	var running sync.WaitGroup
	for i, c := range d {
		running.Go(func() { failures[i] = c.run(until) })
	}
	running.Wait()
	var all []time.Duration
	for _, c := range d {
		all = append(all, c.latencies...)
	}
	return all, errors.Join(failures...)
}

func (c *dialedConnection) run(until time.Time) error {
	c.latencies = c.latencies[:0]
	if err := c.SetDeadline(until.Add(grace)); err != nil {
		return err
	}
	var r reply
	buffer := make([]byte, bufferSize)
	for sent := time.Now(); sent.Before(until); {
		if _, err := c.Write(c.request); err != nil {
			return fmt.Errorf("sending a request: %w", err)
		}
		for complete := false; !complete; {
			n, err := c.Read(buffer)
			if err == nil {
				complete, err = r.add(buffer[:n])
			}
			if err != nil {
				return fmt.Errorf("reading a reply: %w", err)
			}
		}
		now := time.Now()
		c.latencies = append(c.latencies, now.Sub(sent))
		sent = now
	}
	return nil
}
