package scenarios

import (
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

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
		case "visit":
			c.Visit = true
			return nil
		case "claim":
			c.Claim = NewClaim
			return nil
		}
	}
	return scalar.NewMisfit(node, "must be check, visit, claim, read, {check: secondary}, {claim: again} or {wait: 10m}",
		"they are the actions of the patient's client, in turn")
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
