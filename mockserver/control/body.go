package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// span is a duration in JSON: a string as Go writes it.
type span time.Duration

// MarshalJSON implements json.Marshaler.
func (s span) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).String()) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *span) UnmarshalJSON(data []byte) error {
	var said string
	if err := json.Unmarshal(data, &said); err != nil {
		return errSpan
	}
	d, err := time.ParseDuration(said)
	if err != nil {
		return errSpan
	}
	*s = span(d)
	return nil
}

var errSpan = errors.New(`a time span must be text such as "10s", "5m" or "1h30m", and less than 292 years`)

// decode reads a JSON object into v. It refuses unknown fields and anything after the object; an empty body is {}.
func decode(r *http.Request, v any) error { return decodeAs(r, v, "object") }

// decodeAs reads a JSON object or list into v, as decode does; what says which.
func decodeAs(r *http.Request, v any, what string) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return bad("the body has something after the JSON %s", what)
		}
		return nil
	}
	return explain(err, what)
}

// explain says what is wrong with a body without repeating a value of it.
func explain(err error, what string) error {
	var large *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &large):
		return err
	case errors.Is(err, errSpan), errors.Is(err, errSchedule), errors.Is(err, scenarios.ErrSpan), errors.Is(err, scenarios.ErrHold),
		errors.Is(err, scenarios.ErrLatency):
		return bad("%s", err)
	case errors.As(err, &kind) && kind.Field != "":
		return bad("%s must be %s", kind.Field, jsonKind(kind.Type))
	}
	var parse *time.ParseError
	if errors.As(err, &parse) || strings.HasPrefix(err.Error(), "Time.UnmarshalJSON") {
		return bad("set must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return bad("unknown field %s: GET /_mock/openapi.yaml lists them", name)
	}
	return bad("the body must be one well-formed JSON %s", what)
}

func jsonKind(goType reflect.Type) string {
	switch goType.Kind() { //nolint:exhaustive // those of the bodies that there are
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "a whole number that is not negative"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

func bad(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}
