package api

// envelope is all of a successful reply. An operation returns one if the reply has more than `data` at its top.
type envelope struct {
	Data    any    `json:"data"`
	Total   *int   `json:"total_count,omitempty"` // how many rows there are; data may be a page of them
	Version string `json:"version,omitempty"`     // of the newer generation

	shows string // the id of the user whose results the reply shows; empty for none
	ours  bool   // one of them was decided by a rule of the mock alone
}
