package flags

import (
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// Schedule is the schedule of a webhook in the value of a flag.
type Schedule struct{ Waits []time.Duration }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Schedule) UnmarshalText(text []byte) error {
	waits, err := outbox.ParseSchedule(string(text))
	s.Waits = waits
	return err
}
