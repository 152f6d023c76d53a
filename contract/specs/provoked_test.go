package specs_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// unprovoked are the parts of openapi.yaml that no run against the mock provokes, as patterns, with the reason.
var unprovoked = map[string]string{
	"listAccounts [45]*": "it belongs to no clinic, and a mock's faults are those of a clinic",
	"* 200 application/json /data/insurance/secondary/carrier_name_others": "no request sets it",
	"submitClaim *form* frequency_code":                                    "a claim is corrected in JSON",
	"submitClaim *form* original_claim_id":                                 "a claim is corrected in JSON",
	"* 200 application/json /data/preference":                              "no request sets it",
	"* 200 application/json /data/signup_step":                             "getUser alone shows it",
	"* insurance.card_*":                                                   "images are sent with a card (CARD-026)",
	"importCards multipart*card_*":                                         "images are sent with one card",
	"saveCard application/json card_*":                                     "JSON has no image",
	"getFile 200 image/*":                                                  "all images of the suite are GIFs",
	"getFile 200 application/*":                                            "all files of the suite are GIFs",
	"getFile no-token":                                                     "its link needs no token",
	"uploadFile application/x-www-form-urlencoded *":                       "this form has no file",
	`value eligibility_response="Success / Reject reason not found"`:       "a later wording of Success",
	"createRoom 200 application/json /data/*":                              "getRoom alone shows the rest of a room",
	"getRoom 200 application/json /data/payment/consultations/*":           "the consultation of an intake alone has it",
	"add* 200 application/json /data/related_walkin*":                      "a new visit was not entered",
	"getCurrentVisit 200 application/json /data/related_walkin*":           "the walk-in itself is current",
	"addWalkIn 200 application/json /data/invoice_id":                      "an e-consult alone has an invoice",
	"addVisit 200 application/json /data/*":                                "an e-consult or a walk-in alone has it",
	"addEConsult 200 application/json /data/*":                             "an e-consult has no provider and no meeting",
	"listVisits 200 application/json /data/*/intake*":                      "VSee's list has no intake",
	"value sub[tT]ype=*":                                                   "all visits of the mock are by video",
	"value type=*":                                                         "no admin or guest of the suite has a visit",
	`value status="draft"`:                                                 "a draft of a note is not sent",
	`value status="new"`:                                                   "a new note is not sent",
	`value group_code="OA"`:                                                "no outcome of a claim has it",
	`value group_code="PI"`:                                                "no outcome of a claim has it",
}

// sent are the parts of requests: "operation media-type field", and "operation query parameter".
type sent struct {
	sync.Mutex
	parts map[string]bool
}

// isWhole asserts that a run has provoked each documented status, case, request field in each encoding, query
// parameter, reply field, value of an enumeration, such as each text of a result, and envelope. Exceptions have a
// reason.
func (s *sent) isWhole(t *testing.T, run result.Run, report result.Coverage) {
	t.Helper()
	used := map[string]bool{}
	for _, part := range append(missingParts(s.parts, run.Seen.Exercised), missingReplies(report)...) {
		if pattern := reasonFor(part); pattern != "" {
			used[pattern] = true
		} else {
			t.Errorf("the suite does not provoke %s", part)
		}
	}
	for pattern := range unprovoked {
		if !used[pattern] {
			t.Errorf("the suite provokes %s: its reason is needless", pattern)
		}
	}
}

// missingReplies returns the parts of replies and events that no run has seen: a value of an enumeration in no field of
// its name, and a field of an event in no envelope.
func missingReplies(report result.Coverage) []string {
	seen := map[string]bool{}
	for _, part := range report.Seen {
		seen[anywhere(part)] = true
	}
	var missing []string
	for _, part := range report.Never {
		if place := anywhere(part); !seen[place] {
			seen[place] = true // once is enough
			missing = append(missing, place)
		}
	}
	return missing
}

func anywhere(part result.Part) string {
	switch {
	case part.Value != "":
		return "value " + path.Base(part.Pointer) + "=" + part.Value
	case part.Envelope != "" && part.Pointer != "":
		return part.Operation + " " + part.Pointer
	}
	return part.String()
}

// reasonFor returns the pattern in unprovoked of a part, "" for none.
func reasonFor(part string) string {
	for pattern := range unprovoked {
		if is, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(part, "/", "|")); is {
			return pattern
		}
	}
	return ""
}

// missingParts returns the cases and the parts of requests that openapi.yaml has and a run has not provoked.
func missingParts(requests map[string]bool, exercised []string) []string {
	var missing []string
	for _, o := range embedded.Spec().Operations {
		for _, of := range cases(o) {
			if part := o.ID + " " + string(of); !slices.Contains(exercised, part) {
				missing = append(missing, part)
			}
		}
		for _, part := range requestParts(o) {
			if !requests[part] {
				missing = append(missing, part)
			}
		}
	}
	return missing
}

// cases returns the cases that an operation can have, by its caller, its path and its statuses.
func cases(o apispec.Operation) []result.Case {
	all := []result.Case{result.OK}
	if o.Caller != "anybody" {
		all = append(all, result.WrongToken, result.NoToken)
	}
	if strings.HasPrefix(o.Path, "/users/{id}") {
		all = append(all, result.OtherUser)
	}
	if strings.Contains(o.Path, "{") {
		all = append(all, result.UnknownID)
	}
	if o.TakesBody() {
		all = append(all, result.BadField, result.Limit)
	}
	return all
}

// requestParts returns the documented parts of an operation's requests.
func requestParts(o apispec.Operation) []string {
	var all []string
	for _, p := range o.Declared.Parameters {
		if p.Value.In == "query" {
			all = append(all, o.ID+" query "+p.Value.Name)
		}
	}
	if o.TakesBody() {
		for media, content := range o.Declared.RequestBody.Value.Content {
			for name := range apispec.Properties(content.Schema.Value) {
				all = append(all, o.ID+" "+media+" "+name)
			}
		}
	}
	slices.Sort(all)
	return all
}

// inFrontOf starts a server that passes each request to a mock and records the parts of those that succeed. It returns
// the server's URL.
func (s *sent) inFrontOf(t *testing.T, mock *mocktest.Mock) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.record(r, body)
		mock.Server.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (s *sent) record(r *http.Request, body []byte) {
	_, below, _ := strings.Cut(r.URL.Path, "/api_v3")
	operation, found := embedded.Spec().Find(r.Method, below)
	if !found {
		return
	}
	s.Lock()
	defer s.Unlock()
	for name := range r.URL.Query() {
		s.parts[operation.ID+" query "+name] = true
	}
	media, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	for _, name := range fieldNames(media, parameters["boundary"], body) {
		s.parts[operation.ID+" "+media+" "+name] = true
	}
}

// fieldNames returns the names of the fields of a body, those at the top of a JSON body.
func fieldNames(media, boundary string, body []byte) []string {
	var names []string
	switch media {
	case "application/json":
		var object map[string]any
		_ = json.Unmarshal(body, &object) // malformed bodies are sent, too
		for name := range object {
			names = append(names, name)
		}
	case "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		for name := range form {
			names = append(names, name)
		}
	case "multipart/form-data":
		for reader := multipart.NewReader(bytes.NewReader(body), boundary); ; {
			part, err := reader.NextPart()
			if err != nil {
				break
			}
			names = append(names, part.FormName())
		}
	}
	return names
}
