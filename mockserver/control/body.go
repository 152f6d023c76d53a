package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// maxDepth is how deep the JSON of a body may be nested.
const maxDepth = 32

// decode reads a JSON object into v, a pointer to a struct. It refuses unknown names (names are case-sensitive),
// duplicate names, values of the wrong kind, null, invalid UTF-8 and anything after the object. Its error names the
// field and the rule, but no value. An empty body is {}.
func decode(r *http.Request, v any) error { return decodeAs(r, v, jsonscan.Object, nil) }

// decodeList reads a JSON list into v as decode does. Errors call the list by name; an empty body leaves v unchanged.
func decodeList(r *http.Request, v any, name string) error {
	return decodeAs(r, v, jsonscan.List, place{name})
}

func decodeAs(r *http.Request, v any, kind jsonscan.Kind, root place) error {
	data, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return err
	case err != nil:
		return bad("the body could not be read to its end")
	case len(bytes.TrimSpace(data)) == 0:
		return nil
	}
	value, err := jsonscan.Parse(data, maxDepth, jsonscan.Mark)
	if err != nil {
		return malformed(err, data, kind, root)
	}
	if value.Kind != kind {
		return bad("the body must be a JSON %s", nounOf(kind))
	}
	if err := checkValue(value, reflect.TypeOf(v).Elem(), root); err != nil {
		return err
	}
	if err := json.Unmarshal(value.Raw, v); err != nil {
		return fmt.Errorf("decoding a body that was checked: %w", err)
	}
	return nil
}

func nounOf(kind jsonscan.Kind) string {
	if kind == jsonscan.List {
		return "list"
	}
	return "object"
}

// malformed describes the error in a body refused by jsonscan; kind is the expected kind of JSON.
func malformed(err error, data []byte, kind jsonscan.Kind, root place) error {
	var wrong *jsonscan.Error
	if !errors.As(err, &wrong) {
		return err
	}
	where, at, what := jsonscan.Position(data, wrong.Offset), root.with(wrong.Path...), nounOf(kind)
	switch wrong.Rule {
	case jsonscan.Encoding:
		return bad("the body is not valid UTF-8 (%s)", where)
	case jsonscan.Twice:
		return bad("%s stands twice in one JSON object (%s): send it once", at.said(), where)
	case jsonscan.Depth:
		return bad("the body is nested more than %d deep (%s)", maxDepth, where)
	case jsonscan.Range:
		return bad("%s is a number that is out of range", at.said())
	case jsonscan.Trailing:
		return bad("the body has something after the JSON %s (%s)", what, where)
	default:
		return bad("the body must be one well-formed JSON %s (%s)", what, where)
	}
}

func bad(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}
