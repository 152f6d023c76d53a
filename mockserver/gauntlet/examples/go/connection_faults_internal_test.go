package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"
)

// failsOnPieces is a fault: the receiver takes the bytes so far for the whole body. A body held midway comes in two
// pieces, a slow body in more.
func failsOnPieces(correct http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 16<<10 {
			correct.ServeHTTP(w, r)
			return
		}
		var text []byte
		piece, pieces := make([]byte, 16<<10), 0
		for {
			n, err := r.Body.Read(piece)
			text = append(text, piece[:n]...)
			if n > 0 {
				pieces++
			}
			if err != nil {
				break
			}
		}
		if pieces > 2 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		correct.ServeHTTP(w, with(r, text))
	})
}

// failsAfterACut is a fault: after a broken connection, the receiver fails on the next request.
func failsAfterACut(correct http.Handler) http.Handler {
	var mu sync.Mutex
	broken := false
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		text, err := io.ReadAll(r.Body)
		fails := broken
		broken = err != nil
		mu.Unlock()
		if fails {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		correct.ServeHTTP(w, with(r, text))
	})
}

// hasRoomFor20 is a fault: the receiver refuses a request beside 20 others. So that a slow computer has 20 at a time,
// requests beside another one wait a moment for more.
func hasRoomFor20(correct http.Handler) http.Handler {
	var there atomic.Int64
	var once sync.Once
	full := make(chan struct{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer there.Add(-1)
		n := there.Add(1)
		if n > 20 {
			once.Do(func() { close(full) })
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if n > 1 {
			select {
			case <-full:
			case <-time.After(time.Second):
			}
		}
		correct.ServeHTTP(w, r)
	})
}

// answers500ToForged is a fault: the receiver passes an error of its verification on as a 500.
func answers500ToForged(correct http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		correct.ServeHTTP(answer, r)
		if answer.Code == http.StatusUnauthorized {
			answer.Code = http.StatusInternalServerError
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}
