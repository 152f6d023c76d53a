package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// forgets returns a fault: the receiver takes each event for another one, unless isKnown has its id.
func forgets(isKnown func(id string) bool) fault {
	return func(correct http.Handler) http.Handler {
		var n atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			e, r, ok := seen(r)
			if ok && e.genuine(r) {
				if isKnown(e.ID) {
					w.WriteHeader(http.StatusNoContent)
					return
				}
				r = e.rewritten(r, e.ID, e.ID+strconv.FormatInt(n.Add(1), 10))
			}
			correct.ServeHTTP(w, r)
		})
	}
}

// rewritten returns the request with another text in its body, signed as of the same time.
func (e sent) rewritten(r *http.Request, old, text string) *http.Request {
	at := e.at(r)
	e.text = bytes.Replace(e.text, []byte(old), []byte(text), 1)
	return e.signed(with(r, e.text), at)
}

// countsTwice is a fault: the receiver does not recognise a duplicate.
var countsTwice = forgets(func(string) bool { return false })

// looksUpThenStores is a fault: two copies can look their id up before one of them stores it.
func looksUpThenStores(correct http.Handler) http.Handler {
	var stored sync.Map
	return forgets(func(id string) bool {
		_, known := stored.Load(id)
		time.Sleep(5 * time.Millisecond) // as long as a database takes
		stored.Store(id, true)
		return known
	})(correct)
}

// remembersOne is a fault: the receiver knows the last event alone.
func remembersOne(correct http.Handler) http.Handler {
	var last atomic.Value
	return forgets(func(id string) bool { return last.Swap(id) == id })(correct)
}

// keepsTheLast is a fault: the receiver takes the event that came last for the newest one.
func keepsTheLast(correct http.Handler) http.Handler {
	var now atomic.Int64
	now.Store(time.Now().Unix())
	return changing(func(e sent, r *http.Request) *http.Request {
		if !e.genuine(r) {
			return r
		}
		return e.rewritten(r, fmt.Sprintf(`"created":%d`, e.Created), fmt.Sprintf(`"created":%d`, now.Add(1)))
	})(correct)
}
