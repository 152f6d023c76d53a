package engine

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// message is a reply or an event: its JSON, and the causes observed in it. The methods of the assertions take a JSON
// pointer into it. A failing assertion does not stop the requirement: see Subject.
type message struct {
	t         *Trial
	operation string
	of        result.Case
	value     any                     // decoded; nil for a body other than JSON
	exchange  func() *result.Exchange // redacts it; nil for none
	taints    []result.Key            // the causes observed in it, without the additive ones
	whole     bool                    // the first taint concerns all of it

	undeclared map[string]struct{} // the pointers of fields missing from openapi.yaml
}

// At returns the value at a JSON pointer, nil for none. Numbers are float64.
func (m *message) At(pointer string) any {
	if m == nil {
		return nil
	}
	value := m.value
	if pointer == "" {
		return value
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = unescape.Replace(part)
		switch inside := value.(type) {
		case map[string]any:
			value = inside[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(inside) {
				return nil
			}
			value = inside[i]
		default:
			return nil
		}
	}
	return value
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// Text returns the text at a JSON pointer, "" for none.
func (m *message) Text(pointer string) string {
	text, _ := m.At(pointer).(string)
	return text
}

// Number returns the number at a JSON pointer, 0 for none.
func (m *message) Number(pointer string) float64 {
	n, _ := m.At(pointer).(float64)
	return n
}

// List returns the list at a JSON pointer, nil for none.
func (m *message) List(pointer string) []any {
	list, _ := m.At(pointer).([]any)
	return list
}

// Column returns a value of each item in the list at a JSON pointer, nil for an item without it.
func (m *message) Column(pointer, name string) []any {
	values := []any{}
	for i := range m.List(pointer) {
		values = append(values, m.At(pointer+"/"+strconv.Itoa(i)+"/"+strict.Escape(name)))
	}
	return values
}

// Trusted reports whether assertions on the message mean anything: it has the expected status and media type, and is
// about the right user.
func (m *message) Trusted() bool { return !m.whole }

// NeedText returns the text at a JSON pointer. Without one, the requirement ends: it is blocked.
func (m *message) NeedText(pointer string) string {
	text := m.Text(pointer)
	m.Need(text != "", pointer, "the next request needs this text")
	return text
}

// Need ends the requirement unless ok. It is then blocked by its causes so far, or else by the missing value
// at the pointer.
func (m *message) Need(ok bool, pointer, rule string) {
	if ok {
		return
	}
	if key, tainted := m.taint(pointer); tainted {
		m.t.block(key)
	} else if len(m.t.blocked)+len(m.t.failed) == 0 {
		m.t.block(m.record(result.Missing, pointer, result.Present, result.Absent, rule))
	}
	panic(stop{})
}

// Refused requires the refusal expected by the request, in VSee's flat form. It reports whether the reply has its
// status: what else was done is of no interest after a success.
func (m *message) Refused() bool {
	m.Absent("/data", "a refusal must show no data")
	return m.Expected()
}

// Expected requires the status expected by the request, and reports whether the reply has it.
func (m *message) Expected() bool {
	for _, key := range m.taints {
		if key.Kind == result.Status {
			m.t.fail(key)
			return false
		}
	}
	return true
}

// taint returns the observed cause for a failing assertion at a pointer to refer to.
func (m *message) taint(pointer string) (result.Key, bool) {
	pointer = Star(pointer)
	for _, key := range m.taints {
		if key.Pointer != "" && (within(key.Pointer, pointer) || within(pointer, key.Pointer)) {
			return key, true
		}
	}
	if m.whole {
		return m.taints[0], true
	}
	return result.Key{}, false
}

// within reports whether a pointer is the other one or leads into its value.
func within(pointer, other string) bool {
	return pointer == other || strings.HasPrefix(pointer, other+"/")
}

// record adds a cause at a pointer of the message, with the evidence of the requirement.
func (m *message) record(kind result.Kind, pointer, expected, got, rule string) result.Key {
	f := m.finding(kind, pointer, expected, got, rule)
	m.t.run.collector.add(f)
	return f.Key
}

// finding returns a finding at a pointer of the message, with the evidence of the requirement.
func (m *message) finding(kind result.Kind, pointer, expected, got, rule string) finding {
	return finding{Key: m.key(kind, pointer, expected, got), evidence: m.t.requirement.Evidence, rule: rule,
		exchange: m.exchange}
}

func (m *message) key(kind result.Kind, pointer, expected, got string) result.Key {
	return result.Key{Kind: kind, Operation: m.operation, Case: m.of, Pointer: Star(pointer), Expected: expected, Got: got}
}

// observe adds a cause shown by the message itself, with any requirement.
func (m *message) observe(f finding) {
	f.Operation, f.Case, f.exchange, f.Pointer = m.operation, m.of, m.exchange, Star(f.Pointer)
	f.observed = true
	m.t.run.collector.add(f)
	m.t.met[f.Key] = struct{}{}
	if f.Kind == result.Undeclared {
		m.noteUndeclared(f.Pointer)
	}
	if m.t.run.collector.class(f.Key) != result.Additive {
		m.taints = append(m.taints, f.Key)
	}
}

func (m *message) noteUndeclared(pointer string) {
	if m.undeclared == nil {
		m.undeclared = map[string]struct{}{}
	}
	m.undeclared[pointer] = struct{}{}
}

// declaresNot reports whether the message has a field at a pointer that openapi.yaml lacks.
func (m *message) declaresNot(pointer string) bool {
	_, undeclared := m.undeclared[Star(pointer)]
	return undeclared
}

// Undeclared returns the number of fields missing from openapi.yaml.
func (m *message) Undeclared() int { return len(m.undeclared) }

// taintWhole makes all assertions on the message refer to the cause observed last.
func (m *message) taintWhole() {
	m.whole = true
	last := len(m.taints) - 1
	m.taints = slices.Concat(m.taints[last:], m.taints[:last])
}

// decode reads the JSON of the body.
func (m *message) decode(body []byte) bool {
	return json.Unmarshal(body, &m.value) == nil
}

var index = regexp.MustCompile(`/[0-9]+(/|$)`)

// Star returns a JSON pointer with * for the index of each item.
func Star(pointer string) string {
	for index.MatchString(pointer) {
		pointer = index.ReplaceAllString(pointer, "/*$1")
	}
	return pointer
}

// shown returns a value at a pointer when it may stand in a report: a truth value, or a member of the field's
// enumeration. It returns "" for other values.
func (m *message) shown(pointer string, value any) string {
	text := fmt.Sprint(value)
	_, is := value.(bool)
	if is || value != nil && slices.Contains(m.t.run.allow.Values[pointer[strings.LastIndexByte(pointer, '/')+1:]], text) {
		return text
	}
	return ""
}
