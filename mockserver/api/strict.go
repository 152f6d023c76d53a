package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxDepth is how deep JSON may be nested, and how many parts a field's name may have.
const maxDepth = 32

// strictObject decodes a JSON object as encoding/json does not: it tells the names that stand twice in one object, and
// refuses anything after the object, invalid UTF-8, what is nested too deep, and numbers that no other reader could take.
// Numbers stay as they are written. Of a name that stands twice the first value is kept; twice has its path with dots, or
// "" when a part of that does not look like a name. The error's text goes on from "the body", and has no value in it.
func strictObject(data []byte) (object map[string]any, twice []string, err error) {
	return strict[map[string]any](data, "object")
}

// strictList decodes a JSON list likewise.
func strictList(data []byte) (list []any, twice []string, err error) {
	return strict[[]any](data, "list")
}

func strict[T any](data []byte, what string) (T, []string, error) {
	var none T
	if !utf8.Valid(data) {
		return none, nil, errors.New("is not valid UTF-8")
	}
	r := strictReader{Decoder: json.NewDecoder(bytes.NewReader(data))}
	r.UseNumber()
	value, err := r.value()
	if errors.Is(err, errDeep) || errors.Is(err, errNumber) {
		return none, nil, err
	}
	if err != nil {
		return none, nil, fmt.Errorf("is not well-formed JSON (%s)", brokenAt(data))
	}
	decoded, ok := value.(T)
	if !ok {
		return none, nil, fmt.Errorf("must be a JSON %s", what)
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return none, nil, fmt.Errorf("has something after the JSON %s", what)
	}
	return decoded, r.twice, nil
}

// brokenAt says where a text stops being JSON.
func brokenAt(data []byte) string {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, new(any)); errors.As(err, &syntax) && syntax.Offset > 0 && !strings.HasPrefix(syntax.Error(), "unexpected end") {
		return jsonscan.Position(data, int(syntax.Offset)-1)
	}
	return "it ends too early"
}

var (
	errDeep   = fmt.Errorf("is nested more than %d deep", maxDepth)
	errNumber = errors.New("has a number that is out of range")
)

// strictReader reads one JSON value.
type strictReader struct {
	*json.Decoder
	path  []string // to the value that is being read
	twice []string
}

func (r *strictReader) value() (any, error) {
	if len(r.path) > maxDepth {
		return nil, errDeep
	}
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	if number, ok := token.(json.Number); ok {
		if _, err := number.Float64(); err != nil {
			return nil, errNumber
		}
	}
	switch token {
	case json.Delim('{'):
		return r.members()
	case json.Delim('['):
		items := []any{}
		for r.More() {
			item, err := r.below(strconv.Itoa(len(items)))
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err := r.Token()
		return items, err
	}
	return token, nil
}

// below reads the value under a name, or the number of an item.
func (r *strictReader) below(name string) (any, error) {
	r.path = append(r.path, name)
	value, err := r.value()
	r.path = r.path[:len(r.path)-1]
	return value, err
}

func (r *strictReader) members() (map[string]any, error) {
	members := map[string]any{}
	for r.More() {
		token, err := r.Token()
		if err != nil {
			return nil, err
		}
		name := token.(string) // the decoder lets nothing else be a name
		value, err := r.below(name)
		if err != nil {
			return nil, err
		}
		if _, twice := members[name]; twice {
			r.twice = append(r.twice, named(append(r.path, name)))
			continue
		}
		members[name] = value
	}
	_, err := r.Token()
	return members, err
}

// named returns a path with dots, "" when it has a part that may be a value whose name is missing.
func named(path []string) string {
	name := ""
	for _, part := range path {
		if _, err := strconv.ParseUint(part, 10, 16); err != nil && !document.LooksLikeName(part) {
			return ""
		}
		name += "." + dotted(part)
	}
	return name[1:]
}
