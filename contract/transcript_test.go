//go:build ignore

package contract_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// transcript records the requests of a run and their replies, per requirement, in a form shared by two runs:
// random names, tokens, ids and times are replaced by the number of their first appearance.
type transcript struct {
	mu    sync.Mutex
	calls map[string]*strings.Builder // by the id of the requirement
	drawn map[string]map[string]int   // likewise: a drawn text → its number
}

func newTranscript() *transcript {
	return &transcript{calls: map[string]*strings.Builder{}, drawn: map[string]map[string]int{}}
}

// sentFor finds the requirement of a request, in its User-Agent.
var sentFor = regexp.MustCompile(` req/([A-Za-z0-9-]{2,})$`)

// record returns a handler that serves a request with next, and records it.
func (s *transcript) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := sentFor.FindStringSubmatch(r.UserAgent())
		if id == nil {
			next.ServeHTTP(w, r)
			return
		}
		sent, _ := io.ReadAll(r.Body) // a body that breaks off is recorded up to the break
		r.Body = io.NopCloser(bytes.NewReader(sent))
		kept := &keptReply{ResponseWriter: w, status: http.StatusOK}
		defer func() { s.add(id[1], r, sent, kept) }() // a deliberate connection reset is a panic
		next.ServeHTTP(kept, r)
	})
}

// keptReply keeps a copy of the reply.
type keptReply struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (k *keptReply) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *keptReply) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

func (k *keptReply) Write(p []byte) (int, error) {
	k.body.Write(p)
	return k.ResponseWriter.Write(p)
}

// message is the prose in a refusal, which may be reworded.
var message = regexp.MustCompile(`"message":"(?:[^"\\]|\\.)*"`)

func (s *transcript) add(id string, r *http.Request, sent []byte, k *keptReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[id] == nil {
		s.calls[id], s.drawn[id] = &strings.Builder{}, map[string]int{}
	}
	line := fmt.Sprintf("%s %s\n%s\n%d %s\n", r.Method, r.URL.RequestURI(), sent, k.status, message.ReplaceAll(k.body.Bytes(), nil))
	line = strings.ReplaceAll(line, r.Host, "{host}")
	s.calls[id].WriteString(drawnText.ReplaceAllStringFunc(line, func(text string) string {
		n, ok := s.drawn[id][text]
		if !ok {
			n = len(s.drawn[id]) + 1
			s.drawn[id][text] = n
		}
		return fmt.Sprintf("{%d}", n)
	}))
}

// drawnText matches texts that vary between runs: the suite's random names, UUIDs, tokens, boundaries, current Unix
// times, and days.
var drawnText = regexp.MustCompile(
	`contract-[a-z2-7]{26}|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|[0-9a-f]{16,}|\b1[7-9][0-9]{8}\b|\b20[2-9][0-9]-[01][0-9]-[0-3][0-9]\b`)

// differ are the requirements with exchanges that vary between runs, with the reasons.
var differ = map[string]string{
	"SCEN-http-flaky": "each reading fails or not by chance",
	"SCEN-http-reset": "a client may try again when its connection is reset",

	"SCEN-http-one-fault-after-the-other": "as for a reset",

	"SCEN-http-slow-body": "the caller leaves while the reply is being sent",
}

// table has a line for each requirement: its id, its state, and a hash of its requests and replies.
func (s *transcript) table(run result.Run) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := make([]string, 0, len(run.Requirements))
	for _, q := range run.Requirements {
		said := ""
		if calls := s.calls[q.ID]; calls != nil && differ[q.ID] == "" {
			said = calls.String()
		}
		hash := sha256.Sum256([]byte(said))
		rows = append(rows, fmt.Sprintf("%s %s %x\n", q.ID, q.State, hash[:6]))
	}
	slices.Sort(rows)
	return strings.Join(rows, "")
}
