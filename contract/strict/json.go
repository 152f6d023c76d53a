package strict

import (
	"bytes"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// maxDepth is the deepest allowed nesting of JSON.
const maxDepth = 64

// parsed is a body with JSON in it.
type parsed struct {
	value         any // numbers are json.Number
	before, after bool
	twice         [][]string
}

// document returns the JSON of a body, false when there is nothing to validate further. schema is nil if it is unknown.
func (f *findings) document(schema *openapi3.Schema, body []byte) (any, bool) {
	line := 0
	if schema != nil {
		line = apispec.Line(schema.Origin)
	}
	if !utf8.Valid(body) {
		f.add("the body must be UTF-8", nil, line)
		return nil, false
	}
	p, err := parse(body)
	if err != nil {
		f.add("the body must be JSON", nil, line)
		return nil, false
	}
	if p.before {
		f.add("nothing may stand before the JSON", nil, line)
	}
	if p.after {
		f.add("nothing may stand after the JSON", nil, line)
	}
	for _, place := range p.twice {
		f.add("a name must not stand twice in one object", place, line)
	}
	return p.value, true
}

// parse finds the JSON in a body: the whole body, its beginning, or the part after a PHP notice.
func parse(body []byte) (parsed, error) {
	p, err := parseFrom(body)
	if err == nil {
		return p, nil
	}
	if len(body) == 0 {
		return parsed{}, err
	}
	at := 0
	for range maxBrackets {
		next := bytes.IndexAny(body[at+1:], "{[")
		if next < 0 {
			break
		}
		at += 1 + next
		if p, err := parseFrom(body[at:]); err == nil && !p.after {
			p.before = true
			return p, nil
		}
	}
	return parsed{}, err
}

// maxBrackets is the number of brackets in a body that parse tries as the start of its JSON.
const maxBrackets = 32

func parseFrom(body []byte) (parsed, error) {
	v, err := jsonscan.Parse(body, maxDepth, jsonscan.Loose|jsonscan.Trailing)
	if err != nil {
		return parsed{}, err
	}
	p := parsed{after: len(bytes.TrimSpace(body[v.End():])) > 0}
	p.value, p.twice = jsonscan.Decoded(v, true)
	return p, nil
}
