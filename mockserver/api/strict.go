package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxDepth is how deep JSON may be nested, and how many parts a field's name may have.
const maxDepth = 32

// strictObject decodes a JSON object as encoding/json does not: it refuses a name that stands twice in one object,
// anything after the object, invalid UTF-8, what is nested too deep, and numbers that no other reader could take.
// Numbers stay as they are written. The error's text goes on from "the body", and has no value in it.
func strictObject(data []byte) (map[string]any, error) {
	value, err := strictJSON(data, "object")
	object, ok := value.(map[string]any)
	if err == nil && !ok {
		err = errors.New("must be a JSON object")
	}
	return object, err
}

// strictList decodes a JSON list likewise.
func strictList(data []byte) ([]any, error) {
	value, err := strictJSON(data, "list")
	items, ok := value.([]any)
	if err == nil && !ok {
		err = errors.New("must be a JSON list")
	}
	return items, err
}

func strictJSON(data []byte, what string) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	value, err := strictValue(d, 0)
	if errors.Is(err, errTwice) || errors.Is(err, errDeep) || errors.Is(err, errNumber) {
		return nil, err
	}
	if err != nil {
		return nil, errors.New("is not well-formed JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("has something after the JSON " + what)
	}
	return value, nil
}

var (
	errTwice  = errors.New("has a name twice in one JSON object")
	errDeep   = fmt.Errorf("is nested more than %d deep", maxDepth)
	errNumber = errors.New("has a number that is out of range")
)

func strictValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	token, err := d.Token()
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
		return strictMembers(d, depth)
	case json.Delim('['):
		items := []any{}
		for d.More() {
			item, err := strictValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err := d.Token()
		return items, err
	}
	return token, nil
}

func strictMembers(d *json.Decoder, depth int) (map[string]any, error) {
	members := map[string]any{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key := name.(string) // the decoder lets nothing else be a name
		if _, twice := members[key]; twice {
			return nil, errTwice
		}
		if members[key], err = strictValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return members, err
}
