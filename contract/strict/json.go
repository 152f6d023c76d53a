package strict

import (
	"bytes"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
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
		f.add(Finding{Kind: result.MediaType, Expected: "UTF-8", Got: "another charset", Rule: "the body must be UTF-8",
			Line: line}, nil)
		return nil, false
	}
	p, err := parse(body)
	if err != nil {
		f.add(Finding{Kind: result.MediaType, Expected: "JSON", Got: "no JSON", Rule: "the body must be JSON", Line: line},
			nil)
		return nil, false
	}
	if p.before {
		f.add(Finding{Kind: result.MediaType, Expected: "JSON", Got: "text before the JSON",
			Rule: "nothing may stand before the JSON", Line: line}, nil)
	}
	if p.after {
		f.add(Finding{Kind: result.MediaType, Expected: "JSON", Got: "text after the JSON",
			Rule: "nothing may stand after the JSON", Line: line}, nil)
	}
	for _, place := range p.twice {
		f.add(Finding{Kind: result.Format, Expected: "once", Got: "twice", Rule: "a name must not stand twice in one object",
			Line: line}, place)
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
