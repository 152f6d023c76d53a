// Package redact decides how much of an exchange is kept. It denies by default: a value is replaced by its kind, its
// length, its class and a digest, such as «string:9:digits#a1f3», and is never kept itself.
//
// The digest is keyed: within one run equal values have equal digests, and another seed makes the digests useless. The
// exceptions are listed by an Allow, made by FromDocument from openapi.yaml: the members of enumerations under their
// own names, the declared fields and paths, and a few headers with values of a fixed form. A body other than JSON or a
// form leaves no more than its size.
package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// Redactor redacts messages. It is safe for concurrent use.
type Redactor struct {
	seed  []byte
	allow Allow

	mu     sync.RWMutex
	hidden []string // in lower case
}

// New returns a Redactor with digests keyed by seed, which must be random and made for one run. The Redactor keeps the
// values listed by allow.
func New(seed []byte, allow Allow) *Redactor {
	return &Redactor{seed: append([]byte(nil), seed...), allow: allow}
}

// minHidden is the minimum length of a value for Hide, in characters: a shorter one is part of too many names.
const minHidden = 4

// Hide makes the Redactor also redact names containing one of the values, in upper or lower case: credentials, and the
// names of patients. Values need no hiding, because none is kept. A value of fewer than four characters is ignored.
func (r *Redactor) Hide(values ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range values {
		if utf8.RuneCountInString(v) >= minHidden {
			r.hidden = append(r.hidden, strings.ToLower(v))
		}
	}
}

// Hides reports whether a text contains a value given to Hide, in upper or lower case.
func (r *Redactor) Hides(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	name = strings.ToLower(name)
	for _, v := range r.hidden {
		if strings.Contains(name, v) {
			return true
		}
	}
	return false
}

// Text redacts a text without structure, such as the message of an error: it leaves the size.
func (*Redactor) Text(text string) string { return size(len(text)) }

func size(bytes int) string { return fmt.Sprintf("«text:%d bytes»", bytes) }

// token returns the replacement of a value.
func (r *Redactor) token(kind, value string) string {
	if value == "" {
		return "«" + kind + ":0:empty»"
	}
	mac := hmac.New(sha256.New, r.seed)
	mac.Write([]byte(value)) // a hash accepts any input
	digest := hex.EncodeToString(mac.Sum(nil)[:2])
	return fmt.Sprintf("«%s:%d:%s#%s»", kind, utf8.RuneCountInString(value), classOf(value), digest)
}

// value redacts the value of a field.
func (r *Redactor) value(kind, name, value string) string {
	if value != "" && r.allow.has(name, value) {
		return value
	}
	return r.token(kind, value)
}

// name redacts the name of a field. It keeps a name declared by the document, and a name in the usual form of field
// names without any hidden text.
func (r *Redactor) name(name string) string {
	if _, declared := r.allow.Names[name]; declared || looksLikeName(name) && !r.Hides(name) {
		return name
	}
	return r.token("name", name)
}
