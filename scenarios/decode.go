package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// UnmarshalYAML takes a scalar as it is written in the file. An empty text would match everything, so it is refused.
func (t *Text) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.StringNode:
		*t = Text(n.Value)
	case *ast.LiteralNode:
		*t = Text(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		*t = Text(n.GetToken().Value)
	default:
		return &misfit{node, "must be one text", "write one value, in quotation marks"}
	}
	if *t == "" {
		return &misfit{node, "must not be empty", "write a value, or remove the key"}
	}
	return nil
}

// maxCount is the largest Count.
const maxCount = 1_000

// UnmarshalYAML takes a whole number from 0 to 1000.
func (c *Count) UnmarshalYAML(node ast.Node) error {
	_, ok := node.(*ast.IntegerNode)
	value, err := strconv.ParseUint(node.GetToken().Value, 10, 64)
	if !ok || err != nil || value > maxCount {
		return &misfit{node, "must be a whole number from 0 to 1000", "write 2"}
	}
	*c = Count(value)
	return nil
}

// UnmarshalYAML reads a duration such as 10s.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	n, ok := node.(*ast.StringNode)
	if ok {
		span, err := time.ParseDuration(n.Value)
		if err == nil && span >= 0 {
			*d = Duration(span)
			return nil
		}
	}
	return &misfit{node, "must be a time span that is not negative", "write 10s, 5m or 1h30m"}
}

// MarshalYAML writes what UnmarshalYAML reads.
func (d Duration) MarshalYAML() (any, error) { return time.Duration(d).String(), nil }

// UnmarshalJSON reads what UnmarshalYAML does.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	span := time.Duration(-1)
	if err := json.Unmarshal(data, &text); err == nil {
		if span, err = time.ParseDuration(text); err != nil {
			span = -1
		}
	}
	if span < 0 {
		return ErrSpan
	}
	*d = Duration(span)
	return nil
}

// ErrSpan is what is wrong with a Duration in JSON.
var ErrSpan = errors.New(`a duration must be a time span such as "10s", "5m" or "1h30m", and not negative`)

// MarshalJSON writes what UnmarshalJSON reads.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalYAML reads a call: `check` or `read` alone, or its field.
func (c *Call) UnmarshalYAML(node ast.Node) error {
	if m, ok := node.(ast.MapNode); ok {
		type fields Call // without this method
		return yaml.NodeToValue(m.(ast.Node), (*fields)(c), yaml.Strict())
	}
	var text Text
	if err := text.UnmarshalYAML(node); err == nil {
		switch text {
		case "check":
			c.Check = primary
			return nil
		case "read":
			c.Read = true
			return nil
		case "claim":
			c.Claim = NewClaim
			return nil
		}
	}
	return &misfit{node, "must be check, claim, read, {check: secondary}, {claim: again} or {wait: 10m}", "they are what the patient's client does, in turn"}
}

// UnmarshalYAML reads one expected text, or a list of them.
func (e *Expect) UnmarshalYAML(node ast.Node) error {
	if list, ok := node.(*ast.SequenceNode); ok {
		for _, item := range list.Values {
			var text Text
			if err := text.UnmarshalYAML(item); err != nil {
				return err
			}
			*e = append(*e, string(text))
		}
		return nil
	}
	var text Text
	if err := text.UnmarshalYAML(node); err != nil {
		return err
	}
	*e = Expect{string(text)}
	return nil
}

// misfit is a value that its place does not take.
type misfit struct {
	node ast.Node
	rule string
	hint string
}

func (m *misfit) Error() string { return fmt.Sprintf("%s %s", m.node.GetPath(), m.rule) }
