package fastcheck

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Value reports whether a value, as encoding/json decodes it, is certainly valid.
func (one *Checker) Value(value any) bool { return one.value(value, 0) }

func (one *Checker) value(value any, depth int) bool {
	if one.kind == asks || depth > maxDepth {
		return false
	}
	switch value := value.(type) {
	case nil:
		return one.nullable || one.kind == free
	case string:
		return one.Text(value)
	case bool:
		return one.truth(strconv.FormatBool(value))
	case json.Number:
		return one.numeral(string(value))
	case float64:
		return one.float(value)
	case []any:
		return one.values(value, depth)
	case map[string]any:
		return one.fields(value, depth)
	}
	return false
}

// truth checks true or false, by its word.
func (one *Checker) truth(word string) bool {
	return one.takesAny() || one.kind == boolean && (one.words == nil || slices.Contains(one.words, word))
}

// takesAny reports whether the checker accepts every value that is not null.
func (one *Checker) takesAny() bool { return one.kind == free || one.kind == present }

func (one *Checker) values(items []any, depth int) bool {
	if one.takesAny() {
		return true
	}
	if one.kind != list || len(items) < one.least || len(items) > one.most {
		return false
	}
	for _, item := range items {
		if !one.items.value(item, depth+1) {
			return false
		}
	}
	return true
}

func (one *Checker) fields(fields map[string]any, depth int) bool {
	if one.kind != object && one.kind != present { // an empty schema declares no field
		return one.kind == free
	}
	var sent uint64
	for name, value := range fields {
		check := one.other
		if at := one.find(name); at >= 0 {
			if one.members[at].unset && value == nil {
				continue
			}
			sent |= 1 << at
			check = one.members[at].check
		}
		if check == nil || !check.value(value, depth+1) {
			return false
		}
	}
	return one.required&^sent == 0
}

// find returns the index of a member, -1 for none.
func (one *Checker) find(name string) int {
	return slices.IndexFunc(one.members, func(m member) bool { return m.name == name })
}

// Member returns the checker of an object's field and its number, below 64; nil for none, and for a checker of anything
// else.
func (one *Checker) Member(name string) (check *Checker, number int) {
	if at := one.find(name); at >= 0 && one.kind == object {
		return one.members[at].check, at
	}
	return nil, 0
}

// Complete reports whether a set of members, a bit for each number, has all that an object must have.
func (one *Checker) Complete(members uint64) bool {
	return one.kind == object && one.required&^members == 0
}

// Text reports whether a text is certainly valid. The caller has made sure of its encoding: UTF-8.
func (one *Checker) Text(s string) bool {
	if one.kind != text {
		return one.takesAny()
	}
	if one.least > 0 || len(s) > one.most {
		n := len(s) // at least the number of characters, and at least one if there is any
		if one.least > 1 || n > one.most {
			n = utf8.RuneCountInString(s)
		}
		if n < one.least || n > one.most {
			return false
		}
	}
	if one.words != nil && !slices.Contains(one.words, s) {
		return false
	}
	for _, match := range one.matches {
		if !match(s) {
			return false
		}
	}
	return true
}

// maxDigits is the length of a number for which every float64 is exact.
const maxDigits = 15

// numeral checks a number as it is written. It asks for one with an exponent or with many digits.
func (one *Checker) numeral(s string) bool {
	digits := s
	if len(s) > 0 && s[0] == '-' {
		digits = s[1:]
	}
	n, at := 0.0, 0
	for ; at < len(digits) && digits[at] >= '0' && digits[at] <= '9'; at++ {
		n = n*10 + float64(digits[at]-'0')
	}
	if at == 0 || at > 1 && digits[0] == '0' || len(digits) > maxDigits {
		return false
	}
	if len(digits) < len(s) {
		n = -n
	}
	if at < len(digits) {
		if digits[at] != '.' || at+1 == len(digits) || one.kind == whole {
			return false
		}
		for _, digit := range []byte(digits[at+1:]) {
			if digit < '0' || digit > '9' {
				return false
			}
		}
		var err error
		if n, err = strconv.ParseFloat(s, 64); err != nil {
			return false
		}
	}
	return one.float(n)
}

// Whole reports whether a whole number is certainly valid.
func (one *Checker) Whole(n int32) bool { return one.float(float64(n)) }

func (one *Checker) float(n float64) bool {
	switch one.kind {
	case free, present:
		return n-n == 0 // it is finite
	case whole:
		if n != float64(int64(n)) {
			return false
		}
	case number:
	default:
		return false
	}
	return one.low <= n && n <= one.high && (one.numbers == nil || slices.Contains(one.numbers, n))
}
