package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// strictObject decodes a JSON object as encoding/json does not: it refuses a name that stands twice in one object,
// anything after the object, and invalid UTF-8. Numbers stay as they are written. The error's text goes on from "the
// body", and has no value in it.
func strictObject(data []byte) (map[string]any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	value, err := strictValue(d)
	if errors.Is(err, errTwice) {
		return nil, err
	}
	if err != nil {
		return nil, errors.New("is not well-formed JSON")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("must be a JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("has something after the JSON object")
	}
	return object, nil
}

var errTwice = errors.New("has a name twice in one JSON object")

func strictValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return strictMembers(d)
	case json.Delim('['):
		items := []any{}
		for d.More() {
			item, err := strictValue(d)
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

func strictMembers(d *json.Decoder) (map[string]any, error) {
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
		if members[key], err = strictValue(d); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return members, err
}
