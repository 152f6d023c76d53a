package engine

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Field is a field written, or left alone, by a request.
type Field struct {
	Pointer string // in the reply to the request, and in each reading
	Want    any
	Rule    string
}

// Way is a way of reading the fields written by a request.
type Way struct {
	Request Request
	At      func(r Reply, pointer string) any    // the value of a field in the reading; nil for the same pointer
	Pointer func(r Reply, pointer string) string // its place in the reading, for a report; nil for the same pointer
	Lacks   []string                             // the pointers of fields missing from the reading
}

// ReadBack requires the fields written by a request: in the request's own reply, unless it does not show
// them, and in two readings by each way. A loss is one cause:
//   - at the writing operation, when its own reply or every reading is wrong;
//   - at the reading operation, when other ways are right;
//   - with result.Stale at the reading operation, when its second reading is right.
func (t *Trial) ReadBack(write Reply, ways []Way, fields ...Field) {
	type reading struct {
		way  Way
		read [2]Reply
	}
	var readings []reading
	for _, way := range ways {
		readings = append(readings, reading{way, [2]Reply{t.Send(way.Request), t.Send(way.Request)}})
	}
	for _, f := range fields {
		if write.Trusted() && write.At(f.Pointer) != nil && !write.Value(f.Pointer).Sent(f.Want, f.Rule) {
			continue
		}
		var wrong []Subject
		var late []Subject
		asked := 0
		for _, r := range readings {
			if !r.read[0].Trusted() || !r.read[1].Trusted() || slices.Contains(r.way.Lacks, f.Pointer) {
				continue
			}
			asked++
			first, second := r.way.value(r.read[0], f.Pointer), r.way.value(r.read[1], f.Pointer)
			switch {
			case !equal(f.Want, second.got):
				wrong = append(wrong, second)
			case !equal(f.Want, first.got):
				late = append(late, first)
			}
		}
		operations := map[string]struct{}{}
		for _, s := range wrong {
			operations[s.m.operation] = struct{}{}
		}
		// An operation that is wrong alone is at fault, when the write's own reply shows the value.
		lost := len(wrong) == asked && (len(operations) > 1 || write.At(f.Pointer) == nil && (asked > 1 || len(ways) == 1))
		for _, s := range wrong {
			if !lost || s.m.tainted(s.pointer) {
				s.Sent(f.Want, f.Rule)
			} else {
				Subject{write.message, f.Pointer, s.got}.Sent(f.Want, f.Rule)
			}
		}
		for _, s := range late {
			s.check(false, result.LostWrite, result.AsSent, result.Stale, f.Rule)
		}
		for _, r := range readings {
			if !r.read[0].Trusted() || !r.read[1].Trusted() {
				t.blockedBy(r.read[0], r.read[1])
			}
		}
	}
}

// value returns a field as the subject of an assertion on a reading.
func (w Way) value(r Reply, pointer string) Subject {
	got, place := r.At(pointer), pointer
	if w.At != nil {
		got = w.At(r, pointer)
	}
	if w.Pointer != nil {
		place = w.Pointer(r, pointer)
	}
	return Subject{r.message, place, got}
}

// tainted reports whether a failing assertion at a pointer would refer to an observed cause.
func (m *message) tainted(pointer string) bool {
	_, tainted := m.taint(pointer)
	return tainted
}

// blockedBy notes the assertions left out because replies are wrong as a whole.
func (t *Trial) blockedBy(replies ...Reply) {
	for _, r := range replies {
		if r.whole {
			t.block(r.taints[0])
		}
	}
}
