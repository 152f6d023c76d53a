package mask

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maskForm masks the credentials in an urlencoded body. It returns false for a badly encoded body, and for a body in
// another format.
func (m *Masker) maskForm(raw string, p place) (string, bool) {
	return m.maskPairs(raw, func(name string) bool { return m.isSecretField(p, name) }, 0)
}

// maskPairs masks the secret pairs of a name and a value, with ampersands between the pairs. All other pairs stay as
// they were sent, unless a value has a credential in it.
func (m *Masker) maskPairs(raw string, secret func(name string) bool, level int) (string, bool) {
	pairs := strings.Split(raw, "&")
	open := false // the pair before is secret, and a pair without = may be the rest of it: an unencoded & in the value
	for i, pair := range pairs {
		if pair == "" {
			continue
		}
		sentName, sentValue, both := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(sentName)
		switch {
		case err != nil || !isName(name):
			return "", false
		case open && !both, document.HoldsToken(name):
			pairs[i] = Masked
			continue
		case secret(name) && !both: // the name may be the value
			pairs[i], open = Masked, true
			continue
		case secret(name):
			pairs[i], open = sentName+"="+Masked, true
			continue
		}
		open = false
		value, err := url.QueryUnescape(sentValue)
		if err != nil || strings.Contains(pair, ";") && pairHoldsSecret(pair, secret) {
			return "", false
		}
		if masked, changed := m.maskText(value, level+1); changed {
			pairs[i] = sentName + "=" + unescapeMasks(url.QueryEscape(masked))
		}
	}
	return strings.Join(pairs, "&"), true
}

// pairHoldsSecret reports whether a pair has a secret one in it, behind a semicolon. The API does not take a semicolon
// for an ampersand, but some servers do.
func pairHoldsSecret(pair string, secret func(name string) bool) bool {
	for part := range strings.SplitSeq(pair, ";") {
		name, _, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(name); err != nil || secret(decoded) {
			return true
		}
	}
	return false
}

// isName reports whether a name can be a form field's: with other characters it is a part of another format.
func isName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "{}\"<>=&\ufffd") && !strings.HasPrefix(name, "[") &&
		!strings.ContainsFunc(name, unicode.IsControl)
}
