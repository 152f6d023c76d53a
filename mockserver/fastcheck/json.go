package fastcheck

import (
	"encoding/json"
	"unicode/utf8"
	"unsafe"
)

// JSON reports whether a JSON text is certainly valid, in one pass over its bytes and without decoding it. It asks
// for a text that encoding/json cannot read, or reads differently: a repeated name, an escaped one, a number out of
// range. The receiver of a message gets its bytes, so these are checked, however they were made. The caller must not
// change them meanwhile.
func (one *Checker) JSON(data []byte) bool {
	//nolint:gosec // the text is read as a string only until JSON returns, which saves the copy of each message
	s := scanner{text: unsafe.String(unsafe.SliceData(data), len(data))}
	return one.scan(&s, 0) && s.next() == 0 && s.at == len(s.text)
}

// scanner reads a JSON text from front to back.
type scanner struct {
	text string
	at   int
}

// next skips space and returns the byte after it, without reading it; 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		switch b := s.text[s.at]; b {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return b
		}
	}
	return 0
}

// accept skips space and reads a byte, if it is the next one.
func (s *scanner) accept(b byte) bool {
	if s.next() != b {
		return false
	}
	s.at++
	return true
}

func (s *scanner) word(word string) bool {
	if len(s.text)-s.at < len(word) || s.text[s.at:s.at+len(word)] != word {
		return false
	}
	s.at += len(word)
	return true
}

// numeral reads the bytes of a number. They may be none.
func (s *scanner) numeral() string {
	start := s.at
	for s.at < len(s.text) {
		switch b := s.text[s.at]; {
		case b >= '0' && b <= '9', b == '-', b == '+', b == '.', b == 'e', b == 'E':
			s.at++
		default:
			return s.text[start:s.at]
		}
	}
	return s.text[start:s.at]
}

// quoted reads a string. plain means that its value is the text between the quotation marks: it has no escape, and no
// character beyond ASCII.
func (s *scanner) quoted() (raw string, plain, ok bool) {
	start, plain := s.at+1, true
	for i := start; i < len(s.text); i++ {
		for i+8 <= len(s.text) && isPlain(s.text[i:i+8]) {
			i += 8
		}
		if i == len(s.text) {
			break
		}
		switch b := s.text[i]; {
		case b == '"':
			s.at = i + 1
			return s.text[start:i], plain, true
		case b == '\\':
			plain = false
			if i = afterEscape(s.text, i); i < 0 {
				return "", false, false
			}
		case b < ' ':
			return "", false, false
		case b >= utf8.RuneSelf:
			plain = false
		}
	}
	return "", false, false
}

// isPlain reports whether none of 8 bytes ends a string or needs a closer look: a quotation mark, a backslash, a
// control character, a byte beyond ASCII. It looks at all of them at once.
func isPlain(text string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	x := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
	quotes, slashes := x^ones*'"', x^ones*'\\'
	return (x|(quotes-ones)&^quotes|(slashes-ones)&^slashes|(x-ones*' ')&^x)&tops == 0
}

// afterEscape returns the index of the last byte of an escape, -1 for an escape unknown to JSON.
func afterEscape(text string, at int) int {
	if at+1 >= len(text) {
		return -1
	}
	switch text[at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return at + 1
	case 'u':
		if at+5 >= len(text) {
			return -1
		}
		for _, b := range []byte(text[at+2 : at+6]) {
			if (b < '0' || b > '9') && (b|0x20 < 'a' || b|0x20 > 'f') {
				return -1
			}
		}
		return at + 5
	}
	return -1
}

func (one *Checker) scan(s *scanner, depth int) bool {
	if one.kind == asks || depth > maxDepth {
		return false
	}
	switch s.next() {
	case '{':
		return one.scanObject(s, depth)
	case '[':
		return one.scanList(s, depth)
	case '"':
		return one.scanText(s)
	case 't':
		return s.word("true") && one.truth("true")
	case 'f':
		return s.word("false") && one.truth("false")
	case 'n':
		return (one.nullable || one.kind == free) && s.word("null")
	}
	return one.numeral(s.numeral())
}

func (one *Checker) scanText(s *scanner) bool {
	raw, plain, ok := s.quoted()
	if !ok || one.kind != text {
		return ok && one.takesAny()
	}
	if !plain && (one.least > 0 || len(raw) > one.most || one.words != nil || one.matches != nil) {
		return one.Text(unescaped(raw))
	}
	return one.Text(raw)
}

// unescaped returns the value of a well-formed string, as encoding/json reads it.
func unescaped(raw string) (value string) {
	_ = json.Unmarshal([]byte(`"`+raw+`"`), &value) // the scanner has found it well-formed
	return value
}

func (one *Checker) scanList(s *scanner, depth int) bool {
	items, least, most := one.items, one.least, one.most
	if one.takesAny() {
		items, least, most = anything, 0, len(s.text)
	} else if one.kind != list {
		return false
	}
	s.at++
	if s.accept(']') {
		return least == 0
	}
	for n := 1; items.scan(s, depth+1); n++ {
		if s.accept(']') {
			return n >= least && n <= most
		}
		if !s.accept(',') {
			return false
		}
	}
	return false
}

// anything accepts every value.
var anything = &Checker{kind: free}

// name reads the name of a member and its colon. It returns -1 for the name of no member, and false for a name that
// needs a closer look. Messages have their members mostly in the order of the last message, so it first tries the
// member that came here then.
func (one *Checker) name(s *scanner, after int) (member int, ok bool) {
	if len(one.members) > 0 {
		at := int(one.next[after].Load())
		if s.word(one.members[at].written) {
			return at, true
		}
	}
	name, plain, ok := s.quoted()
	if !ok || !plain && len(one.members) > 0 || !s.accept(':') { // an escaped name may be a member's
		return -1, false
	}
	if member = one.find(name); member >= 0 {
		one.next[after].Store(uint32(member)) //nolint:gosec // below maxMembers
	}
	return member, true
}

func (one *Checker) scanObject(s *scanner, depth int) bool {
	other := one.other
	switch one.kind {
	case free:
		other = anything
	case object, present: // an empty schema declares no field
	default:
		return false
	}
	s.at++
	if s.accept('}') {
		return one.required == 0
	}
	var found, sent uint64
	for last := 0; s.next() == '"'; {
		i, ok := one.name(s, last)
		if !ok {
			return false
		}
		check := other
		if i >= 0 {
			bit := uint64(1) << i
			if found&bit != 0 {
				return false
			}
			found, last, check = found|bit, i+1, one.members[i].check
			if one.members[i].unset && s.next() == 'n' {
				check = anything
			} else {
				sent |= bit
			}
		}
		if check == nil || !check.scan(s, depth+1) {
			return false
		}
		if s.accept('}') {
			return one.required&^sent == 0
		}
		if !s.accept(',') {
			return false
		}
	}
	return false
}
