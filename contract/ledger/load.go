package ledger

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// Known reports whether there is a requirement of an id. When there is none, nearest is the id that was most likely
// meant, or empty.
type Known func(id string) (nearest string, ok bool)

// Load reads a ledger: a list of entries in YAML. name is that of the file. The error joins all that is wrong with it,
// each a *Problem.
func Load(name string, data []byte, known Known) (*Ledger, error) {
	file, err := boundedyaml.Parse(data)
	if err != nil {
		return nil, syntax(name, err)
	}
	l := &loader{problems: problems{file: name}, known: known, lines: map[[2]string]int{}}
	var entries []Entry
	for i, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if i > 0 {
			l.at(doc.Body, "a ledger is one list", "remove the `---` between the two")
			break
		}
		entries = l.list(doc.Body)
	}
	if len(l.found) > 0 {
		return nil, errors.Join(l.found...)
	}
	return &Ledger{File: name, Entries: entries}, nil
}

// loader reads a file and goes on when something is wrong, so that all of it is told at once.
type loader struct {
	problems
	known Known
	lines map[[2]string]int // where there is an entry for a requirement and a target
}

func (l *loader) list(body ast.Node) []Entry {
	list, ok := body.(*ast.SequenceNode)
	if !ok {
		l.at(body, "a ledger is a list of entries", "begin each with `- requirement: …`")
		return nil
	}
	entries := make([]Entry, 0, len(list.Values))
	for _, item := range list.Values {
		fields, ok := item.(ast.MapNode)
		if !ok {
			l.at(item, "an entry is keys and values", "write requirement, target, reason, owner, since and expires")
			continue
		}
		entries = append(entries, l.entry(item, fields))
	}
	return entries
}

// keys are those of an entry, with a hint for each.
var keys = []struct{ name, hint string }{
	{"requirement", "write the id of one, such as ELIG-003"},
	{"target", "write the name of one, such as preview, or a list of them"},
	{"reason", "say in a sentence why the difference is left"},
	{"owner", "say who sees to it that it goes away"},
	{"since", "write the day on which it was agreed, such as 2026-01-31"},
	{"expires", "write the last day on which it may be there, such as 2026-04-30"},
}

func (l *loader) entry(at ast.Node, fields ast.MapNode) Entry {
	values := map[string]ast.Node{}
	for each := fields.MapRange(); each.Next(); {
		name := each.Key().GetToken().Value
		if len(values) == 0 {
			at = each.Key()
		}
		values[name] = each.Value()
		if !slices.ContainsFunc(keys, func(k struct{ name, hint string }) bool { return k.name == name }) {
			l.at(each.Key(), fmt.Sprintf("an entry has no key %q", name), "the keys are requirement, target, reason, owner, since and expires")
		}
	}
	for _, key := range keys {
		if values[key.name] == nil {
			l.at(at, key.name+" is missing", key.hint)
		}
	}
	e := Entry{
		Requirement: l.text("requirement", values), Targets: l.targets(values["target"]), Reason: l.text("reason", values),
		Owner: l.text("owner", values), Since: l.date("since", values), Expires: l.date("expires", values),
		Line: at.GetToken().Position.Line,
	}
	l.check(e, values)
	return e
}

// check looks at what the fields of an entry say together, and at what the other entries say.
func (l *loader) check(e Entry, values map[string]ast.Node) {
	if e.Requirement != "" {
		if nearest, ok := l.known(e.Requirement); !ok {
			hint := "the list of requirements has them all"
			if nearest != "" {
				hint = fmt.Sprintf("did you mean %s?", nearest)
			}
			l.at(values["requirement"], fmt.Sprintf("there is no requirement %q", e.Requirement), hint)
		}
	}
	if !e.Since.IsZero() && !e.Expires.IsZero() && e.Expires.Before(e.Since) {
		l.at(values["expires"], "the entry expires before it begins", "put the two dates right")
	}
	for _, target := range e.Targets {
		key := [2]string{e.Requirement, target}
		if first := l.lines[key]; first > 0 && e.Requirement != "" {
			l.at(values["target"], fmt.Sprintf("line %d has an entry for %q and %q already", first, e.Requirement, target), "make one of the two")
			continue
		}
		l.lines[key] = e.Line
	}
}

// text returns the text of a key, and "" when there is none.
func (l *loader) text(key string, values map[string]ast.Node) string {
	node := values[key]
	if node == nil {
		return ""
	}
	text, ok := scalar(node)
	if !ok || strings.TrimSpace(text) == "" {
		l.at(node, key+" must be a text that is not empty", hintOf(key))
		return ""
	}
	return strings.Join(strings.Fields(text), " ")
}

// date returns the day of a key, and the zero time when there is none.
func (l *loader) date(key string, values map[string]ast.Node) time.Time {
	node := values[key]
	if node == nil {
		return time.Time{}
	}
	text, _ := scalar(node)
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		l.at(node, key+" must be a day of the calendar", hintOf(key))
	}
	return day
}

var targetName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// targets returns the names under target, of which there may be one or a list.
func (l *loader) targets(node ast.Node) []string {
	if node == nil {
		return nil
	}
	nodes := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	if len(nodes) == 0 {
		l.at(node, "target names none", hintOf("target"))
	}
	var names []string
	for _, node := range nodes {
		name, ok := scalar(node)
		switch {
		case node.Type() == ast.AliasType || name == "*":
			l.at(node, "an entry is not for all targets", "name those that were seen to differ")
		case !ok || !targetName.MatchString(name):
			l.at(node, "target must be the name of one, or a list of names", hintOf("target"))
		case slices.Contains(names, name):
			l.at(node, "target names one twice", "remove one of the two")
		default:
			names = append(names, name)
		}
	}
	return names
}

// scalar returns the text that a node is, false when it is something else.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func hintOf(key string) string {
	for _, k := range keys {
		if k.name == key {
			return k.hint
		}
	}
	return ""
}
