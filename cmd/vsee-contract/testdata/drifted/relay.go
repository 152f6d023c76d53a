package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// relayed returns a request for a new clinic whose webhook URL is this server's.
func (s *server) relayed(r *http.Request) *http.Request {
	body, _ := io.ReadAll(r.Body) // the mock refuses an incomplete body
	var settings map[string]any
	if json.Unmarshal(body, &settings) == nil {
		if hook, ok := settings["webhook"].(map[string]any); ok && hook["url"] != "" {
			hook["url"] = s.base + "/drifted/event/?to=" + url.QueryEscape(fmt.Sprint(hook["url"]))
			body, _ = json.Marshal(settings)
		}
	}
	changed := r.Clone(r.Context())
	changed.Body, changed.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return changed
}

// relay forwards a changed event. It sends the header at once, because an event may be slow on purpose. The signature is
// still that of the original event.
func (s *server) relay(w http.ResponseWriter, r *http.Request) {
	status, err := s.forward(r)
	if err != nil {
		status = http.StatusBadGateway
	}
	w.WriteHeader(status)
}

func (s *server) forward(r *http.Request) (int, error) {
	to, err := url.Parse(r.URL.Query().Get("to"))
	if err != nil {
		return 0, err
	}
	conn, err := net.Dial("tcp", to.Host)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	header := r.Header.Clone()
	header.Del("Content-Length")
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n", r.Method, to.RequestURI(), to.Host)
	_ = header.Write(&head) // a Builder never fails
	if _, err := io.WriteString(conn, head.String()+"\r\n"); err != nil {
		return 0, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err
	}
	changed, is := s.drift.Event.of(body)
	if is {
		s.meet(s.requirementOf(body))
	}
	if _, err := fmt.Fprintf(conn, "%x\r\n%s\r\n0\r\n\r\n", len(changed), changed); err != nil {
		return 0, err
	}
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	defer reply.Body.Close()
	return reply.StatusCode, nil
}

// requirementOf returns the id of the requirement whose clinic sent an event.
func (s *server) requirementOf(event []byte) string {
	var of struct {
		Account string `json:"account_code"`
	}
	_ = json.Unmarshal(event, &of) // an event that is not JSON has no requirement
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[of.Account]
}
