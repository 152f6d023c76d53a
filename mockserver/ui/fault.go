package ui

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// faults is the data of the view of a clinic's faults.
type faults struct {
	Kinds      []faultKind
	Own        []ownFault
	Operations []string
}

// faultKind is a switch: a kind of fault, on or off for all requests.
type faultKind struct {
	Name, Label string
	fault       scenarios.Fault
	On          bool
}

// ownFault is a fault of the clinic as JSON.
type ownFault struct {
	Index    int
	JSON     string
	Affected int
}

// faultKinds are the switches, one for each way in which a request can fail.
func faultKinds() []faultKind {
	seconds := func(text string) (d scenarios.Duration) {
		_ = json.Unmarshal([]byte(`"`+text+`"`), &d) // it is well-formed
		return d
	}
	var slow scenarios.Latency
	_ = json.Unmarshal([]byte(`"2s"`), &slow)
	return []faultKind{
		{Name: "latency", Label: "Replies after 2 seconds", fault: scenarios.Fault{Latency: slow}},
		{Name: "slow", Label: "Sends the body over 3 seconds", fault: scenarios.Fault{Slow: seconds("3s")}},
		{Name: "500", Label: "Answers 500", fault: scenarios.Fault{Status: http.StatusInternalServerError}},
		{Name: "503", Label: "Answers 503", fault: scenarios.Fault{Status: http.StatusServiceUnavailable}},
		{Name: "429", Label: "Answers 429, with Retry-After: 30",
			fault: scenarios.Fault{Status: http.StatusTooManyRequests, RetryAfter: seconds("30s")}},
		{Name: "401", Label: "Refuses each token: 401", fault: scenarios.Fault{Status: http.StatusUnauthorized}},
		{Name: "403", Label: "Forbids everything: 403", fault: scenarios.Fault{Status: http.StatusForbidden}},
		{Name: "reset", Label: "Resets the connection", fault: scenarios.Fault{Reset: true}},
		{Name: "truncated", Label: "Ends the reply in the middle", fault: scenarios.Fault{Truncated: true}},
		{Name: "malformed", Label: "Sends JSON that is not well-formed", fault: scenarios.Fault{Malformed: true}},
		{Name: "html", Label: "Sends an HTML page with status 200", fault: scenarios.Fault{HTML: true}},
	}
}

// faults shows the switches, and the clinic's own faults.
func (u *UI) faults(c *call) (answer, error) {
	list, err := c.client.ListFaults(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	view := faults{Kinds: faultKinds(), Operations: scenarios.Operations()}
	for i, own := range list.Data {
		text, _ := json.Marshal(own.Fault) // it was JSON
		view.Own = append(view.Own, ownFault{i, string(text), own.Affected})
		for k := range view.Kinds {
			view.Kinds[k].On = view.Kinds[k].On || own.Fault == view.Kinds[k].fault
		}
	}
	return answer{view: "faults", data: view}, nil
}

// setFault switches a fault on or off, adds one with limits, or removes one or all.
func (u *UI) setFault(c *call) (answer, error) {
	list, err := c.client.ListFaults(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	set := []scenarios.Fault{}
	for _, own := range list.Data {
		set = append(set, own.Fault)
	}
	name, value, done := c.PostFormValue("kind"), c.PostFormValue("do"), ""
	kind := slices.IndexFunc(faultKinds(), func(k faultKind) bool { return k.Name == name })
	at, err := strconv.Atoi(c.PostFormValue("at"))
	switch {
	case value == "clear":
		set, done = set[:0], "?done=removed"
	case value == "remove" && err == nil && at >= 0 && at < len(set):
		set, done = slices.Delete(set, at, at+1), "?done=removed"
	case kind < 0:
		return answer{}, inputError("The fault must be one of the list.")
	case value == "off":
		set = slices.DeleteFunc(set, func(f scenarios.Fault) bool { return f == faultKinds()[kind].fault })
	default:
		fault := faultKinds()[kind].fault
		if err := c.limit(&fault); err != nil {
			return answer{}, err
		}
		set = append(set, fault)
		if value == "add" {
			done = "?done=added"
		}
	}
	_, err = c.client.SetFaults(c.Context(), c.account, set)
	return c.redirect("/faults" + done), err
}

// limit limits a fault as a form says: to an operation, a number of requests, and a probability.
func (c *call) limit(fault *scenarios.Fault) error {
	fault.Operation = c.PostFormValue("operation")
	if text := c.PostFormValue("times"); text != "" {
		if err := json.Unmarshal([]byte(text), &fault.Times); err != nil {
			return inputError("The number of requests must be a whole number; leave it empty for all.")
		}
	}
	if text := c.PostFormValue("probability"); text != "" {
		percent, err := strconv.ParseFloat(text, 64)
		if err != nil || percent <= 0 || percent > 100 {
			return inputError("The share must be a percentage, above 0 and up to 100.")
		}
		fault.Probability = percent / 100
	}
	return nil
}
