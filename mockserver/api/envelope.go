package api

// envelope is all of a successful reply. An operation returns one when more than `data` stands at its top.
type envelope struct {
	Data    any    `json:"data"`
	Version string `json:"version,omitempty"` // of the newer generation

	shows string // the id of the user whose results the reply shows; empty for none
}
