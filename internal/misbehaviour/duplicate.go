package misbehaviour

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Duplicate is the number of copies of an event, and their overlap.
type Duplicate struct {
	Times scalar.Count `yaml:"times" json:"times"` // the number of times it is sent
	// all copies are under way before the first one is answered
	AtOnce bool `yaml:"at_once,omitempty" json:"at_once,omitempty"`
}

// duplicateForm are the values of duplicate, in words.
const duplicateForm = "a whole number from 0 to 1000, or {times: 2, at_once: true} with 2 times at least"

// ErrDuplicate is the error of an invalid Duplicate in JSON.
var ErrDuplicate = errors.New("duplicate must be a whole number from 0 to 1000, " +
	`or {"times": 2, "at_once": true} with 2 times at least`)

func (d Duplicate) isInLimits() bool { return d.Times >= 0 && d.Times <= scalar.MaxCount }

func (d Duplicate) String() string {
	if d.AtOnce {
		return fmt.Sprintf("%d at once", d.Times)
	}
	return fmt.Sprint(int(d.Times))
}

// duplicateKeys is a Duplicate written with its keys.
type duplicateKeys Duplicate

// UnmarshalYAML reads a number of times, or the keys.
func (d *Duplicate) UnmarshalYAML(node ast.Node) error {
	_, hasKeys := node.(ast.MapNode)
	if hasKeys {
		if err := yaml.NodeToValue(node, (*duplicateKeys)(d), yaml.Strict()); err != nil {
			return err
		}
	}
	if hasKeys && d.Times < 2 || !hasKeys && d.Times.UnmarshalYAML(node) != nil {
		return scalar.NewMisfit(node, "must be "+duplicateForm, "write 2")
	}
	return nil
}

// UnmarshalJSON reads the same values as UnmarshalYAML.
func (d *Duplicate) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &d.Times) == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if decoder.Decode((*duplicateKeys)(d)) != nil || d.Times < 2 {
		return ErrDuplicate
	}
	return nil
}

// MarshalJSON writes the shortest form: the number alone, or the keys.
func (d Duplicate) MarshalJSON() ([]byte, error) {
	if d.AtOnce {
		return json.Marshal(duplicateKeys(d))
	}
	return json.Marshal(d.Times)
}
