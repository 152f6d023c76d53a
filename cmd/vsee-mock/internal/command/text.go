package command

import "errors"

// Text is a text that is not empty. An empty one comes from an unset variable of a shell or of Compose, and would
// silently stand for the default: without --control-token, for one, the control API is open.
type Text string

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Text) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("must not be empty: give a value, or leave it out")
	}
	*t = Text(text)
	return nil
}
