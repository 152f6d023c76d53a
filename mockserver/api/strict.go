package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxDepth is how deep JSON may be nested, and how many parts a field's name may have.
const maxDepth = 32

// strictObject decodes a JSON object more strictly than encoding/json. It returns names found twice in one object,
// and refuses anything after the object, invalid UTF-8, too deep nesting, and numbers no other reader could take.
// Numbers stay as they are written. Of two values under one name it keeps the first. twice has the path with dots, or
// "" if a part of the path does not look like a name. The error's text goes on from "the body", and has no value in
// it.
func strictObject(data []byte) (object map[string]any, twice []string, err error) {
	value, twice, err := strict(data, jsonscan.Object, "object")
	object, _ = value.(map[string]any)
	return object, twice, err
}

// strictList decodes a JSON list likewise.
func strictList(data []byte) (list []any, twice []string, err error) {
	value, twice, err := strict(data, jsonscan.List, "list")
	list, _ = value.([]any)
	return list, twice, err
}

func strict(data []byte, kind jsonscan.Kind, name string) (value any, twice []string, err error) {
	if !utf8.Valid(data) {
		return nil, nil, errors.New("is not valid UTF-8")
	}
	read, err := jsonscan.Parse(data, maxDepth, jsonscan.Twice|jsonscan.Encoding)
	broken := jsonscan.Broken(err)
	switch {
	case broken == jsonscan.Depth:
		return nil, nil, fmt.Errorf("is nested more than %d deep", maxDepth)
	case broken == jsonscan.Count:
		return nil, nil, fmt.Errorf("has more than %d JSON values: send fewer", jsonscan.MaxValues)
	case broken == jsonscan.Range:
		return nil, nil, errors.New("has a number that is out of range")
	case err != nil && broken != jsonscan.Trailing:
		return nil, nil, fmt.Errorf("is not well-formed JSON (%s)", brokenAt(data, err))
	case read.Kind != kind:
		return nil, nil, fmt.Errorf("must be a JSON %s", name)
	case err != nil:
		return nil, nil, fmt.Errorf("has something after the JSON %s", name)
	}
	value, again := jsonscan.Decoded(read, false)
	for _, path := range again {
		twice = append(twice, named(path))
	}
	return value, twice, nil
}

// brokenAt describes the place where a text stops being JSON.
func brokenAt(data []byte, err error) string {
	var broken *jsonscan.Error
	if errors.As(err, &broken) && broken.Offset < len(strings.TrimRight(string(data), " \t\r\n")) {
		return jsonscan.Position(data, broken.Offset)
	}
	return "it ends too early"
}

// named returns a path with dots, "" if a part of it may be a value without a name.
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
