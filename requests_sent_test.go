package vseemock_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

var (
	variableLine = regexp.MustCompile(`(?m)^@(\w+) = (.*)$`)
	nameLine     = regexp.MustCompile(`(?m)^# @name (\w+)\n`)
	reference    = regexp.MustCompile(`\{\{([^{}]+)\}\}`)
)

// collection sends the requests of a .http file and keeps the replies.
type collection struct {
	t         *testing.T
	variables map[string]string
	replies   map[string]any // of JSON, by the names of their requests
}

// The requests are sent in the order of the file, with values from earlier replies, as an editor does.
func TestEachRequestOfTheCollectionSucceedsOnANewMock(t *testing.T) {
	t.Parallel()
	head, rest, _ := strings.Cut(page(t, requestsFile), "\n### ")
	c := collection{t: t, variables: map[string]string{}, replies: map[string]any{}}
	for _, line := range variableLine.FindAllStringSubmatch(head, -1) {
		c.variables[line[1]] = line[2]
	}
	c.variables["host"] = mocktest.Start(t).URL
	requests := strings.Split(rest, "\n### ")
	if len(requests) != len(samples) {
		t.Fatalf("the file has %d requests of %d", len(requests), len(samples))
	}
	for _, request := range requests {
		c.send(request)
	}
	for expression, want := range map[string]string{
		"getUser.response.body.$.data.user_data.primary.eligibility_response": "Success",
		"submitClaim.response.body.$.data.status":                             "submitted",
	} {
		if got := c.expand("{{" + expression + "}}"); got != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
}

// send sends one request of the file: its title, its name, its method and URL, its headers, and after an empty line its
// body.
func (c collection) send(text string) {
	c.t.Helper()
	title, text, _ := strings.Cut(text, "\n")
	name := ""
	if match := nameLine.FindStringSubmatch(text); match != nil {
		name, text = match[1], strings.Replace(text, match[0], "", 1)
	}
	head, body, _ := strings.Cut(strings.TrimRight(c.expand(text), "\n"), "\n\n")
	lines := strings.Split(head, "\n")
	method, address, _ := strings.Cut(lines[0], " ")
	if strings.Contains(head, "multipart/") {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatalf("%s: %s", title, err)
	}
	for _, line := range lines[1:] {
		key, value, _ := strings.Cut(line, ": ")
		request.Header.Set(key, value)
	}
	response, err := mocktest.Client().Do(request)
	if err != nil {
		c.t.Fatalf("%s: %s", title, err)
	}
	defer func() { _ = response.Body.Close() }()
	reply, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		c.t.Errorf("%s: %d %s, %v", title, response.StatusCode, reply, err)
	}
	var value any
	if json.Unmarshal(reply, &value) == nil {
		c.replies[name] = value
	}
}

// expand replaces each reference to a variable or to a reply.
func (c collection) expand(text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		expression := strings.Trim(found, "{}")
		if value, is := c.variables[expression]; is {
			return c.expand(value)
		}
		name, path, _ := strings.Cut(expression, ".response.body.$.")
		value := c.replies[name]
		for key := range strings.SplitSeq(path, ".") {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		result, isText := value.(string)
		if !isText {
			c.t.Errorf("%s: no earlier reply has this text", expression)
		}
		return result
	})
}
