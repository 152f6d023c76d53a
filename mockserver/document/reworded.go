package document

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// reworded takes a name for a known one in other words, "" for none: a field of an object without the object before it,
// the same words otherwise joined or shortened, or a field of an object with a word too few or too many. A name from
// elsewhere in the document is only the first of these. One word alone is no typo: it may be the caller's own.
func reworded(name string, known []string, document map[string]bool) (near string, typo bool) {
	if name == "" || len(name) > maxName {
		return "", false
	}
	var bare, same, others []string
	sent := wordsOf(name)
	for _, candidate := range known {
		switch {
		case strings.HasSuffix(candidate, "."+name):
			bare = append(bare, candidate)
		case document[name] || len(sent) < 2:
		case slices.EqualFunc(sent, wordsOf(candidate), isSameWord):
			same = append(same, candidate)
		case isReworded(sent, wordsOf(candidate)):
			others = append(others, candidate)
		}
	}
	if len(same) > 0 {
		return same[0], true
	}
	if len(bare) > 0 { // a bare name of a card is that of the primary one
		slices.SortFunc(bare, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
		return bare[0], len(sent) > 1
	}
	if len(others) == 0 || slices.ContainsFunc(others, func(other string) bool {
		return !slices.Equal(wordsOf(other), wordsOf(others[0]))
	}) {
		return "", false // it may be any of them
	}
	return others[0], true
}

// wordsOf returns the words of a name, in lower case: they are joined by dots, underscores, or a capital.
func wordsOf(name string) []string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return r == '.' || r == '_' || r == '-' || r == ' ' })
}

// isReworded reports whether words are those of a field of the same object without the last word. Where three words are
// the same, any other may be missing or too many.
func isReworded(sent, known []string) bool {
	switch {
	case len(sent) < 2 || len(known) < 3 || sent[0] != known[0]:
		return false
	case len(sent) == len(known)-1:
		return len(sent) >= 3 && lacksOne(sent, known) || slices.EqualFunc(sent, known[:len(sent)], isSameWord)
	case len(sent) == len(known)+1:
		return lacksOne(known, sent)
	}
	return false
}

// lacksOne reports whether the words are those of a longer list but for one.
func lacksOne(words, longer []string) bool {
	for i := range longer {
		if slices.EqualFunc(words, slices.Delete(slices.Clone(longer), i, i+1), isSameWord) {
			return true
		}
	}
	return false
}

// isSameWord reports whether two words are equal, or one is the other one shortened, such as num for number.
func isSameWord(a, b string) bool {
	return a == b || min(len(a), len(b)) >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}
