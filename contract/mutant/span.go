package mutant

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// find returns the object member at a JSON path, false when the path leads nowhere. An item of a list has a name
// without length. Broken JSON after the member does not matter.
func find(body []byte, path ...string) (jsonscan.Member, bool) {
	v, _ := jsonscan.Parse(body, jsonscan.MaxDepth, jsonscan.Loose)
	at := jsonscan.Member{Value: v}
	for _, name := range path {
		if at = below(at.Value, name); at.Value.Raw == nil {
			return at, false
		}
	}
	return at, len(path) > 0
}

// below returns a member of an object, or an item of a list by its number.
func below(v jsonscan.Value, name string) jsonscan.Member {
	for _, m := range v.Members {
		if m.Name == name {
			return m
		}
	}
	for i, item := range v.Items {
		if strconv.Itoa(i) == name {
			return jsonscan.Member{Start: item.Start, End: item.Start, Value: item}
		}
	}
	return jsonscan.Member{}
}

// splice returns the body with the bytes between two offsets replaced.
func splice(body []byte, from, to int, by string) []byte {
	return bytes.Join([][]byte{body[:from], []byte(by), body[to:]}, nil)
}

// edit changes a body at a path; false when the body has nothing there.
type edit func(body []byte, path ...string) ([]byte, bool)

// put replaces a value with the result of f for it.
func put(f func(value string) string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := find(body, path...)
		if !ok {
			return body, false
		}
		return splice(body, at.Value.Start, at.Value.End(), f(string(at.Value.Raw))), true
	}
}

// set replaces a value with another one.
func set(value string) edit { return put(func(string) string { return value }) }

// give replaces a value with another one, or adds it if it is missing.
func give(value string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		if edited, ok := set(value)(body, path...); ok || len(path) == 0 {
			return edited, ok
		}
		last := len(path) - 1
		return insert(strconv.Quote(path[last])+":"+value)(body, path[:last]...)
	}
}

// drop removes a member, with the comma no longer needed.
func drop(body []byte, path ...string) ([]byte, bool) {
	at, ok := find(body, path...)
	if !ok {
		return body, false
	}
	before := bytes.TrimRight(body[:at.Start], " \t\r\n")
	after := bytes.TrimLeft(body[at.Value.End():], " \t\r\n")
	if rest, ok := bytes.CutPrefix(after, []byte(",")); ok {
		return splice(body, at.Start, len(body)-len(rest), ""), true
	}
	return splice(body, len(bytes.TrimSuffix(before, []byte(","))), at.Value.End(), ""), true
}

// rename gives a member another name.
func rename(to string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := find(body, path...)
		if !ok || at.Start == at.End {
			return body, false
		}
		return splice(body, at.Start, at.End, strconv.Quote(to)), true
	}
}

// insert puts a member into the object at a path, in front of the others.
func insert(text string) edit {
	return func(body []byte, path ...string) ([]byte, bool) {
		at, ok := jsonscan.Member{Value: jsonscan.Value{Raw: body}}, true
		if len(path) > 0 {
			at, ok = find(body, path...)
		}
		open := bytes.IndexByte(at.Value.Raw, '{')
		if !ok || open < 0 || len(bytes.TrimSpace(at.Value.Raw[:open])) > 0 {
			return body, false
		}
		from := at.Value.Start + open + 1
		if rest := bytes.TrimLeft(body[from:], " \t\r\n"); len(rest) > 0 && rest[0] != '}' {
			return splice(body, from, from, text+","), true
		}
		return splice(body, from, from, text), true
	}
}

// twice duplicates a member in its object, name and value.
func twice(body []byte, path ...string) ([]byte, bool) {
	at, ok := find(body, path...)
	if !ok {
		return body, false
	}
	return splice(body, at.Value.End(), at.Value.End(), ","+string(body[at.Start:at.Value.End()])), true
}

// swap exchanges the names of two members of the object at a path. If only one of them exists, it gets the other's
// name.
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
	if at, ok := find(body, path...); ok && json.Unmarshal(at.Value.Raw, &text) != nil {
		return ""
	}
	return text
}

// numberAt returns the whole number at a path, 0 when there is none.
func numberAt(body []byte, path ...string) int64 {
	var number int64
	if at, ok := find(body, path...); ok && json.Unmarshal(at.Value.Raw, &number) != nil {
		return 0
	}
	return number
}
