package gauntlet

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// jsonVersion is the version of the JSON report. It increases with each change that its readers must know.
const jsonVersion = 1

type jsonReport struct {
	Version     int              `json:"version"`
	URL         string           `json:"url"`
	Scheme      webhook.Scheme   `json:"scheme"`
	Envelope    webhook.Envelope `json:"envelope"`
	Seconds     float64          `json:"seconds"`
	Passed      int              `json:"passed"`
	Failed      int              `json:"failed"`
	NotTestable int              `json:"not_testable"`
	Cases       []jsonCase       `json:"cases"`
}

type jsonCase struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Outcome  Outcome `json:"outcome"`
	Sent     string  `json:"sent"`
	Expected string  `json:"expected"`
	Got      string  `json:"got,omitempty"`
	Fix      string  `json:"fix,omitempty"`
	Reason   string  `json:"reason,omitempty"`
	Seconds  float64 `json:"seconds"`
}

// WriteJSON writes the report for programs.
func (r Report) WriteJSON(w io.Writer) error {
	report := jsonReport{
		Version: jsonVersion, URL: r.URL, Scheme: r.Scheme, Envelope: r.Envelope, Seconds: r.Took.Seconds(),
		Passed: r.Count(Passed), Failed: r.Count(Failed), NotTestable: r.Count(NotTestable), Cases: []jsonCase{},
	}
	for _, result := range r.Results {
		report.Cases = append(report.Cases, jsonCase{
			result.ID, result.Title, result.Outcome, result.Sent, result.Expected,
			result.Got, result.Fix, result.Reason, result.Took.Seconds(),
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return fmt.Errorf("writing the report as JSON: %w", err)
	}
	return nil
}
