package mutant

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// span is where a member of an object, or an element of an array, stands in JSON.
type span struct {
	name, named int // the name with its quotes; both are value for an element
	value, end  int
}

// find returns where a path leads in JSON, false when it leads nowhere.
func find(body []byte, path ...string) (span, bool) {
	at := span{end: len(body)}
	for _, name := range path {
		inner, ok := member(body[at.value:at.end], name)
		if !ok {
			return span{}, false
		}
		at = span{at.value + inner.name, at.value + inner.named, at.value + inner.value, at.value + inner.end}
	}
	return at, len(path) > 0
}

// member returns where a member of an object, or an element of an array, stands.
func member(body []byte, name string) (span, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	open, err := d.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return span{}, false
	}
	for i := 0; d.More(); i++ {
		at, found := span{name: -1}, strconv.Itoa(i) == name
		if open == json.Delim('{') {
			before := int(d.InputOffset())
			key, err := d.Token()
			if err != nil {
				return span{}, false
			}
			at.name, at.named, found = before+bytes.IndexByte(body[before:], '"'), int(d.InputOffset()), key == name
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return span{}, false
		}
		at.end = int(d.InputOffset())
		at.value = at.end - len(value)
		if at.name < 0 {
			at.name, at.named = at.value, at.value
		}
		if found {
			return at, true
		}
	}
	return span{}, false
}

// splice returns the body with what stands from one place to another replaced.
func splice(body []byte, from, to int, by string) []byte {
	return bytes.Join([][]byte{body[:from], []byte(by), body[to:]}, nil)
}

// edit changes a body where a path leads; false when it leads nowhere there.
type edit func(body []byte, path ...string) ([]byte, bool)

// put replaces a value by what f makes of it.
func put(f func(value string) string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := find(body, path...)
		if !ok {
			return body, false
		}
		return splice(body, at.value, at.end, f(string(body[at.value:at.end]))), true
	}
}

// set replaces a value by another.
func set(value string) edit { return put(func(string) string { return value }) }

// give replaces a value by another, or adds it where there is none.
func give(value string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		if edited, ok := set(value)(body, path...); ok || len(path) == 0 {
			return edited, ok
		}
		last := len(path) - 1
		return insert(strconv.Quote(path[last])+":"+value)(body, path[:last]...)
	}
}

// drop removes a member, with the comma that it no longer needs.
func drop(body []byte, path ...string) ([]byte, bool) {
	at, ok := find(body, path...)
	if !ok {
		return body, false
	}
	before := bytes.TrimRight(body[:at.name], " \t\r\n")
	after := bytes.TrimLeft(body[at.end:], " \t\r\n")
	if rest, ok := bytes.CutPrefix(after, []byte(",")); ok {
		return splice(body, at.name, len(body)-len(rest), ""), true
	}
	return splice(body, len(bytes.TrimSuffix(before, []byte(","))), at.end, ""), true
}

// rename gives a member another name.
func rename(to string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := find(body, path...)
		if !ok || at.name == at.named {
			return body, false
		}
		return splice(body, at.name, at.named, strconv.Quote(to)), true
	}
}

// insert puts a member into the object at a path, in front of the others.
func insert(text string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := span{end: len(body)}, true
		if len(path) > 0 {
			at, ok = find(body, path...)
		}
		open := bytes.IndexByte(body[at.value:at.end], '{')
		if !ok || open < 0 || len(bytes.TrimSpace(body[at.value:at.value+open])) > 0 {
			return body, false
		}
		from := at.value + open + 1
		if rest := bytes.TrimLeft(body[from:], " \t\r\n"); len(rest) > 0 && rest[0] != '}' {
			return splice(body, from, from, text+","), true
		}
		return splice(body, from, from, text), true
	}
}

// twice has a member stand twice in its object.
func twice(body []byte, path ...string) ([]byte, bool) {
	at, ok := find(body, path...)
	if !ok {
		return body, false
	}
	return splice(body, at.end, at.end, ","+string(body[at.name:at.end])), true
}

// swap exchanges the names of two members of the object at a path. One that is alone gets the other's name.
func swap(one, other string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		const aside = "x_aside"
		first, ok := rename(aside)(body, append(path[:len(path):len(path)], one)...)
		second, also := rename(one)(first, append(path[:len(path):len(path)], other)...)
		return bytes.Replace(second, []byte(strconv.Quote(aside)), []byte(strconv.Quote(other)), 1), ok || also
	}
}

// textAt returns the text at a path, "" when there is none.
func textAt(body []byte, path ...string) string {
	var text string
	if at, ok := find(body, path...); ok && json.Unmarshal(body[at.value:at.end], &text) != nil {
		return ""
	}
	return text
}

// numberAt returns the whole number at a path, 0 when there is none.
func numberAt(body []byte, path ...string) int64 {
	var number int64
	if at, ok := find(body, path...); ok && json.Unmarshal(body[at.value:at.end], &number) != nil {
		return 0
	}
	return number
}
