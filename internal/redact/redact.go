// Package redact owns what may be kept of an exchange. It denies by default: of a value there stays its kind, its
// length, its class and a digest, such as «string:9:digits#a1f3», and never the value.
//
// The digest is keyed: within one run equal values are seen to be equal, and with another seed nothing can be told from
// it. What stays as it is, is listed by an Allow, which FromDocument makes of openapi.yaml: the members of enumerations
// under their own names, the fields and paths that the document declares, and a few headers whose values have a fixed
// form. A body that is neither JSON nor a form leaves no more than its size.
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

// Redactor says what is left of messages. It is safe for concurrent use.
type Redactor struct {
	seed  []byte
	allow Allow

	mu     sync.RWMutex
	hidden []string // in lower case
}

// New returns a Redactor whose digests are keyed by seed, which is random and made for one run, and which keeps what
// allow lists.
func New(seed []byte, allow Allow) *Redactor {
	return &Redactor{seed: append([]byte(nil), seed...), allow: allow}
}

// minHidden is how long a value must be for Hide: a shorter one is part of too many names.
const minHidden = 4

// Hide makes the Redactor redact names that contain one of the values too, in upper or lower case: credentials, and the
// names of patients. Values need no hiding, for none is kept. A value of fewer than four characters is left out.
func (r *Redactor) Hide(values ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range values {
		if utf8.RuneCountInString(v) >= minHidden {
			r.hidden = append(r.hidden, strings.ToLower(v))
		}
	}
}

func (r *Redactor) hides(name string) bool {
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

// Text returns what is left of a text that has no structure, such as the message of an error: its size.
func (*Redactor) Text(text string) string { return size(len(text)) }

func size(bytes int) string { return fmt.Sprintf("«text:%d bytes»", bytes) }

// token returns what is left of a value.
func (r *Redactor) token(kind, value string) string {
	if value == "" {
		return "«" + kind + ":0:empty»"
	}
	mac := hmac.New(sha256.New, r.seed)
	mac.Write([]byte(value)) // a hash takes everything
	digest := hex.EncodeToString(mac.Sum(nil)[:2])
	return fmt.Sprintf("«%s:%d:%s#%s»", kind, utf8.RuneCountInString(value), class(value), digest)
}

// value returns what is left of the value of a field.
func (r *Redactor) value(kind, name, value string) string {
	if value != "" && r.allow.has(name, value) {
		return value
	}
	return r.token(kind, value)
}

// name returns what is left of the name of a field: all of it where the document declares it, or where it looks like
// the name of a field and contains nothing that is hidden.
func (r *Redactor) name(name string) string {
	if _, declared := r.allow.Names[name]; declared || looksLikeAName(name) && !r.hides(name) {
		return name
	}
	return r.token("name", name)
}
