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
	return decodeAs(r, v, jsonscan.List, fieldPath{name})
}

func decodeAs(r *http.Request, v any, kind jsonscan.Kind, root fieldPath) error {
	data, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return err
	case err != nil:
		return badRequest("the body could not be read to its end")
	case len(bytes.TrimSpace(data)) == 0:
		return nil
	}
	value, err := jsonscan.Parse(data, maxDepth, jsonscan.Mark)
	if err != nil {
		return parseProblem(err, data, kind, root)
	}
	if value.Kind != kind {
		return badRequest("the body must be a JSON %s", nounOf(kind))
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

// parseProblem describes the error in a body refused by jsonscan; kind is the expected kind of JSON.
func parseProblem(err error, data []byte, kind jsonscan.Kind, root fieldPath) error {
	var wrong *jsonscan.Error
	if !errors.As(err, &wrong) {
		return err
	}
	where, at, what := jsonscan.Position(data, wrong.Offset), root.child(wrong.Path...), nounOf(kind)
	switch wrong.Rule {
	case jsonscan.Encoding:
		return badRequest("the body is not valid UTF-8 (%s)", where)
	case jsonscan.Twice:
		return badRequest("%s appears twice in one JSON object (%s): send it once", at.String(), where)
	case jsonscan.Depth:
		return badRequest("the body is nested more than %d deep (%s)", maxDepth, where)
	case jsonscan.Count:
		return badRequest("the body has more than %d JSON values: send fewer", jsonscan.MaxValues)
	case jsonscan.Range:
		return badRequest("%s is a number that is out of range", at.String())
	case jsonscan.Trailing:
		return badRequest("the body has something after the JSON %s (%s)", what, where)
	default:
		return badRequest("the body must be one well-formed JSON %s (%s)", what, where)
	}
}

func badRequest(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}
