package engine

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// Field is a field written, or left alone, by a request.
type Field struct {
	Pointer string // in the reply to the request, and in each reading
	Want    any
	Rule    string
	From    []string // the pointers of the fields that it is made of, if any
	IfShown bool     // whether a target may show it nowhere
}

// Way is a way of reading the fields written by a request.
type Way struct {
	Request Request
	At      func(r Reply, pointer string) any    // the value of a field in the reading; nil for the same pointer
	Pointer func(r Reply, pointer string) string // its place in the reading, for a report; nil for the same pointer
	Lacks   []string                             // the pointers of fields missing from the reading
}

// reading is a way with its two readings.
type reading struct {
	way  Way
	read [2]Reply
}

// shows reports whether the readings mean anything for a field.
func (r reading) shows(f Field) bool {
	return r.read[0].Trusted() && r.read[1].Trusted() && !slices.Contains(r.way.Lacks, f.Pointer)
}

// ReadBack requires the fields written by a request: in the request's own reply, unless openapi.yaml does not declare
// them there, and in two readings by each way. A loss is one cause:
//   - at the writing operation, when its own reply or every reading is wrong;
//   - at the reading operation, when other ways are right, or when several operations lose it;
//   - with result.Stale at the data of the reading operation, when its second reading is right.
//
// When the request is refused, its fields are not read. The fields returned have the values of the readings, for the
// next ReadBack: a later request must keep those, and not the values lost before it.
func (t *Trial) ReadBack(write Reply, ways []Way, fields ...Field) (stored []Field) {
	if !write.Trusted() {
		t.blockedBy(write)
		return nil
	}
	var readings []reading
	for _, way := range ways {
		readings = append(readings, reading{way, [2]Reply{t.Send(way.Request), t.Send(way.Request)}})
	}
	lost := 0 // fields, in the request's own reply; when most are, the readings show something else
	for _, f := range fields {
		if got := write.At(f.Pointer); !equal(f.Want, got) && (got != nil || write.Declares(f.Pointer) && !f.IfShown) {
			lost++
		}
	}
	for _, f := range fields {
		if f.IfShown && write.At(f.Pointer) == nil && f.stored(readings) == nil {
			continue
		}
		if 2*lost > len(fields) && write.At(f.Pointer) != nil && lost > 1 {
			f.isStored(write.Value(f.Pointer).From(f.From...))
		} else if write.At(f.Pointer) == nil || f.isStored(write.Value(f.Pointer).From(f.From...)) {
			f.readBack(write, readings)
		}
		if f.Want = f.stored(readings); f.Want != nil {
			stored = append(stored, f)
		}
	}
	for _, r := range readings {
		t.blockedBy(r.read[0], r.read[1])
	}
	return stored
}

// readBack requires a field in the readings, and in the request's own reply if it has none.
func (f Field) readBack(write Reply, readings []reading) {
	var wrong, late []Subject
	asked, operations := 0, map[string]struct{}{}
	for _, r := range readings {
		if !r.shows(f) {
			continue
		}
		asked++
		first, second := r.way.value(r.read[0], f.Pointer), r.way.value(r.read[1], f.Pointer)
		switch {
		case !equal(f.Want, second.got):
			wrong = append(wrong, second)
			operations[second.m.operation] = struct{}{}
		case !equal(f.Want, first.got):
			late = append(late, first)
		}
	}
	shown := write.At(f.Pointer) != nil
	// An operation that is wrong alone is at fault, when the write's own reply shows the value.
	lost := len(wrong) == asked && (len(operations) > 1 || !shown && (asked > 1 || len(readings) == 1))
	for _, s := range wrong {
		if !lost || s.m.tainted(s.pointer) {
			f.isRead(s)
			continue
		}
		loss := write.Value(f.Pointer, s.got)
		how := changed(f.Want, s.got)
		if !shown && len(operations) == 1 && (how == result.Absent || how == result.ChangedOther) {
			loss.from = []Subject{s} // the reading may be wrong; texts are stored altered in one way by all operations
		}
		f.isStored(loss)
	}
	for _, s := range late {
		key, tainted := s.taint()
		if !tainted { // the reading is old as a whole
			key = s.m.record(result.LostWrite, "/data", result.AsSent, result.Stale,
				"the first reading after a write must show it")
		}
		s.m.t.fail(key)
	}
	if asked > 0 && len(wrong) == 0 && !shown && !f.IfShown && !empty(f.Want) && declares(write.operation, f.Pointer) {
		f.isStored(write.Value(f.Pointer))
	}
}

// isStored requires a subject of the writing operation to have the value of the field.
func (f Field) isStored(s Subject) bool {
	if len(f.From) > 0 {
		return s.Kept(f.Want, f.Rule)
	}
	return s.Sent(f.Want, f.Rule)
}

// isRead requires a reading to have the value of the field, which other readings have. A derived value is then not
// lost: the reading operation derives another one.
func (f Field) isRead(s Subject) bool {
	if len(f.From) == 0 {
		return s.Sent(f.Want, f.Rule)
	}
	if s.pointer == f.Pointer { // else the reading has the parts elsewhere
		s = s.From(f.From...)
	}
	return s.Equal(f.Want, f.Rule)
}

// stored returns the value of a field in the readings: the wanted one if one of them has it; nil for none. A reading
// that has no right value there has none.
func (f Field) stored(readings []reading) (value any) {
	for _, r := range readings {
		s := r.way.value(r.read[1], f.Pointer)
		switch {
		case !r.shows(f) || s.m.tainted(s.pointer):
		case equal(f.Want, s.got):
			return f.Want
		case value == nil:
			value = s.got
		}
	}
	return value
}

// Declares reports whether openapi.yaml declares a field in the success of the operation, or in the event.
func (m *message) Declares(pointer string) bool { return declares(m.operation, pointer) }

// declares reports whether openapi.yaml declares a field in the success of an operation, or in an event. An item is
// declared with its list.
func declares(operation, pointer string) bool {
	return declared()[operation+" "+strings.TrimSuffix(Star(pointer), "/*")]
}

// declared are the fields of all successes and events: "operation pointer".
var declared = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	add := func(operation string, fields []apispec.Field) {
		for _, f := range fields {
			all[operation+" "+Star("/"+strings.Join(f.Path, "/"))] = true
		}
	}
	for _, o := range embedded.Spec().Operations {
		add(o.ID, o.Fields(http.StatusOK))
	}
	for _, event := range embedded.Spec().Events {
		for _, envelope := range event.Envelopes {
			add(event.Type, apispec.FieldsOf(envelope.Schema))
		}
	}
	return all
})

// Agree requires the readings to have the values of an earlier reply at pointers. A reading that differs alone is
// wrong. When all readings have the same other value, the earlier reply is. sentence follows the name of a field.
func (t *Trial) Agree(sentence string, earlier Reply, readings []Reply, pointers ...string) {
	for _, p := range pointers {
		if slices.ContainsFunc(append(readings[:len(readings):len(readings)], earlier),
			func(r Reply) bool { return r.declaresNot(p) }) {
			continue // observation has noted it
		}
		rule := p[strings.LastIndexByte(p, '/')+1:] + " " + sentence
		var values []any
		for _, r := range readings {
			if r.Trusted() && !r.tainted(p) {
				values = append(values, r.At(p))
			}
		}
		if len(values) > 1 && !slices.ContainsFunc(values, func(v any) bool { return !equal(v, values[0]) }) {
			if !earlier.Equal(p, values[0], rule) {
				continue
			}
		}
		for _, r := range readings {
			r.Same(p, earlier, rule)
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
	return r.Value(place, got)
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
