// Package report has the results of the bench, as JSON and as text.
package report

// Report is the outcome of one run of the bench. Sections that did not run are empty.
type Report struct {
	Machine  Machine   `json:"machine"`
	Settings Settings  `json:"settings"`
	Requests []Request `json:"requests,omitempty"`
	Tables   []Table   `json:"tables,omitempty"`
}

// Machine is the place of the run.
type Machine struct {
	CPU    string `json:"cpu"` // the model, or the architecture where the system does not name it
	Cores  int    `json:"cores"`
	OS     string `json:"os"`
	Go     string `json:"go"`
	Commit string `json:"commit,omitempty"`
	Pinned bool   `json:"pinned"` // server and driver each had one core
}

// Settings are the flags of the run.
type Settings struct {
	Duration    string `json:"duration"`
	Connections int    `json:"connections"`
	Rounds      int    `json:"rounds"`
	Quick       bool   `json:"quick,omitempty"` // the figures mean nothing
}
