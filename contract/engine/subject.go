package engine

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// Subject is a value of a message for assertions. It may be derived from several places; the pointer names the place of
// a finding. No assertion stops the requirement:
//   - on a message with an unexpected status, another owner or no JSON, the requirement is blocked by this cause;
//   - at a place with an observed cause, a failing assertion refers to it;
//   - elsewhere, a failing assertion is a cause, without the free values.
type Subject struct {
	m       *message
	pointer string
	got     any
	from    []Subject // the other places of its value, and those of the wanted one
}

// Value returns the value at a pointer of a message, or a value derived from there, for assertions.
func (m *message) Value(pointer string, derived ...any) Subject {
	if len(derived) == 1 {
		return Subject{m: m, pointer: pointer, got: derived[0]}
	}
	return Subject{m: m, pointer: pointer, got: m.At(pointer)}
}

// Equal requires the wanted value at a pointer. Numbers of all Go types compare as JSON. For a value from a request,
// use Trial.ReadBack: it finds the operation of a loss.
func (m *message) Equal(pointer string, want any, rule string) bool {
	return m.Value(pointer).Equal(want, rule)
}

// OneOf requires one of the wanted values at a pointer.
func (m *message) OneOf(pointer string, want []any, rule string) bool {
	return m.Value(pointer).OneOf(want, rule)
}

// Matches requires a text of a pattern at a pointer; form names the pattern in a report.
func (m *message) Matches(pointer string, pattern *regexp.Regexp, form, rule string) bool {
	return m.Value(pointer).Matches(pattern, form, rule)
}

// Present requires a value at a pointer, other than null, "", an empty list and an empty object.
func (m *message) Present(pointer, rule string) bool { return m.Value(pointer).Present(rule) }

// Absent requires no value at a pointer; null and "" are none.
func (m *message) Absent(pointer, rule string) bool { return m.Value(pointer).Absent(rule) }

// Same requires the value at the same pointer of an earlier message. A missing value must be missing in both. It
// asserts nothing where the earlier message is wrong already.
func (m *message) Same(pointer string, earlier Reply, rule string) bool {
	return m.Value(pointer).Same(earlier.Value(pointer), rule)
}

// From returns the subject with other places of the same message that its value, or the wanted one, comes from. When
// one of them has an observed cause, a failing assertion refers to it; when one is missing, this is the finding.
func (s Subject) From(pointers ...string) Subject {
	s.from = slices.Clone(s.from)
	for _, pointer := range pointers {
		s.from = append(s.from, s.m.Value(pointer))
	}
	return s
}

// taint returns the observed cause for a failing assertion on the subject to refer to.
func (s Subject) taint() (key result.Key, tainted bool) {
	for _, place := range append([]Subject{s}, s.from...) {
		if key, tainted = place.m.taint(place.pointer); tainted {
			break
		}
	}
	return key, tainted
}

// Same requires the value of another subject. It requires nothing where the message of that subject is wrong already.
// When that message alone lacks a declared field, it is at fault; another field it may lack.
func (s Subject) Same(other Subject, rule string) bool {
	if key, tainted := other.taint(); tainted {
		s.m.t.block(key)
		return true
	}
	s.got, other.got = plain(s.got), plain(other.got)
	mine, isObject := s.got.(map[string]any)
	others, bothObjects := other.got.(map[string]any)
	if isObject && bothObjects {
		holds := true
		for _, name := range slices.Sorted(maps.Keys(union(mine, others))) {
			holds = s.member(name, mine[name]).Same(other.member(name, others[name]), rule) && holds
		}
		return holds
	}
	if s.m.declaresNot(s.pointer) || other.m.declaresNot(other.pointer) {
		return true // observation has noted it
	}
	if _, tainted := s.taint(); other.got == nil && s.got != nil && !tainted {
		return !declares(other.m.operation, other.pointer) || other.Equal(s.got, rule)
	}
	s.from = append(slices.Clone(s.from), other)
	return s.Equal(other.got, rule)
}

// member returns a member of the subject, an object.
func (s Subject) member(name string, value any) Subject {
	return Subject{s.m, s.pointer + "/" + strict.Escape(strict.Name(name)), value, s.from}
}

// Equal requires the wanted value. Of two objects, each different member is a finding.
func (s Subject) Equal(want any, rule string) bool { return s.compare(want, rule, "") }

// Sent requires a value as it was sent, and else records the loss at its operation.
func (s Subject) Sent(want any, rule string) bool { return s.compare(want, rule, result.AsSent) }

// Kept requires a value that the target has derived to be stored, and else records the loss at its operation.
func (s Subject) Kept(want any, rule string) bool { return s.compare(want, rule, result.AsDerived) }

// compare compares the subject with a value, down to the members and items that differ. stored says how a value came
// about that the target stores: as sent, or as derived. It is "" for any other value.
func (s Subject) compare(want any, rule, stored string) bool {
	want, s.got = plain(want), plain(s.got)
	wanted, isObject := want.(map[string]any)
	got, stillObject := s.got.(map[string]any)
	if isObject && stillObject {
		holds := true
		for _, name := range slices.Sorted(maps.Keys(union(wanted, got))) {
			member := s.member(name, got[name])
			if wanted[name] == nil && s.m.declaresNot(member.pointer) {
				continue // observation has noted it
			}
			holds = member.compare(wanted[name], rule, stored) && holds
		}
		return holds
	}
	list, isList := want.([]any)
	items, stillList := s.got.([]any)
	if isList && stillList && len(list) == len(items) {
		holds := true
		for i := range list {
			item := Subject{s.m, s.pointer, items[i], s.from}
			if !strings.Contains(s.pointer, "/*") { // else the list is one value of each item
				item.pointer += "/" + strconv.Itoa(i)
			}
			holds = item.compare(list[i], rule, stored) && holds
		}
		return holds
	}
	if equal(want, s.got) && !empty(s.got) && s.m.Trusted() {
		for _, place := range append([]Subject{s}, s.from...) {
			s.m.t.run.collector.hold(place.m.key(result.Value, place.pointer, "", ""))
		}
	}
	if stored != "" {
		return s.check(equal(want, s.got), result.LostWrite, stored, changed(want, s.got), rule)
	}
	expected := cmp.Or(s.m.shown(s.pointer, want), result.AsDerived)
	if want == nil {
		expected = result.Absent
	}
	return s.check(equal(want, s.got), result.Value, expected, s.difference(want), rule)
}

func union(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// difference returns how the subject differs from a wanted value, for a report.
func (s Subject) difference(want any) string {
	if want == nil {
		return cmp.Or(s.m.shown(s.pointer, s.got), result.Present)
	}
	return cmp.Or(s.m.shown(s.pointer, s.got), changed(want, s.got))
}

// OneOf requires one of the wanted values.
func (s Subject) OneOf(want []any, rule string) bool {
	var texts []string
	for _, value := range want {
		texts = append(texts, cmp.Or(s.m.shown(s.pointer, value), result.AsDerived))
	}
	expected := strings.Join(slices.Compact(texts), " | ")
	return s.check(among(want, s.got), result.Value, expected, s.difference(slices.Concat(want, []any{nil})[0]), rule)
}

// Matches requires a text of a pattern; form names the pattern in a report.
func (s Subject) Matches(pattern *regexp.Regexp, form, rule string) bool {
	text, isText := s.got.(string)
	got := result.Absent
	if s.got != nil {
		got = strict.TypeOf(s.got)
	}
	return s.check(isText && pattern.MatchString(text), result.Format, form, got, rule)
}

// Present requires a value other than null, "", an empty list and an empty object.
func (s Subject) Present(rule string) bool {
	return s.check(!empty(s.got), result.Missing, result.Present, result.Absent, rule)
}

// Absent requires null, "" or no value.
func (s Subject) Absent(rule string) bool {
	return s.check(s.got == nil || s.got == "", result.Value, result.Absent,
		cmp.Or(s.m.shown(s.pointer, s.got), result.Present), rule)
}

// Holds requires a statement about the subject, where no other assertion fits. expected and got are for the report, and
// must not be free values.
func (s Subject) Holds(ok bool, expected, got, rule string) bool {
	return s.check(ok, result.Value, expected, got, rule)
}

// The words for the owner of a place.
const (
	ofRequest = "the user of the request"
	ofAnother = "another user"
)

// Own requires the subject to belong to the user of the request, where no id in it tells the owner.
func (s Subject) Own(ok bool, rule string) bool {
	return s.check(ok, result.Owner, ofRequest, ofAnother, rule)
}

// Late requires a value at a pointer by now.
func (m *message) Late(pointer, rule string) bool {
	s := m.Value(pointer)
	return s.check(!empty(s.got), result.Late, result.Present, result.Absent, rule)
}

// check records a finding unless ok.
func (s Subject) check(ok bool, kind result.Kind, expected, got, rule string) bool {
	key, tainted := s.taint()
	switch {
	case s.m.whole && key.Pointer != "" && key.Pointer == Star(s.pointer):
		s.m.t.fail(key)
	case s.m.whole:
		s.m.t.block(key)
		return ok
	case ok:
		return true
	case tainted:
		s.m.t.fail(key)
	default:
		for _, place := range s.from {
			if place.m == s.m && place.got == nil {
				kind, s.pointer, expected, got = result.Missing, place.pointer, result.Present, result.Absent
			}
		}
		key := s.m.record(kind, s.pointer, expected, got, rule)
		s.m.t.run.collector.doubt(key, s.others(rule))
		s.m.t.fail(key)
	}
	return false
}

// others returns the findings that stand for one at the subject when another place of its value is at fault.
func (s Subject) others(rule string) []finding {
	var all []finding
	for _, place := range s.from {
		all = append(all, place.m.finding(result.Value, place.pointer, result.AsDerived, result.ChangedOther, rule))
	}
	return all
}

func empty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}
