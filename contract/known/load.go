package known

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

// LookUp reports whether a requirement with the id exists. If it does not, nearest is the most similar id, or empty.
type LookUp func(id string) (nearest string, ok bool)

// Load reads known differences from YAML, a list of entries. name is the file's name, for messages. The error joins
// every mistake in the file, each as a *Problem.
func Load(name string, data []byte, lookUp LookUp) (*Differences, error) {
	file, err := boundedyaml.Parse(data)
	if err != nil {
		return nil, syntaxProblem(name, err)
	}
	l := &loader{problems: problems{file: name}, lookUp: lookUp, lines: map[[2]string]int{}}
	var entries []Entry
	for i, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if i > 0 {
			l.add(doc.Body, "the file must hold one list", "remove the `---` between the two")
			break
		}
		entries = l.list(doc.Body)
	}
	if len(l.found) > 0 {
		return nil, errors.Join(l.found...)
	}
	return &Differences{File: name, Entries: entries}, nil
}

// loader reads a file. It continues after a mistake, so that one error reports them all.
type loader struct {
	problems
	lookUp LookUp
	lines  map[[2]string]int // the line of the entry for a requirement and a target
}

func (l *loader) list(body ast.Node) []Entry {
	list, ok := body.(*ast.SequenceNode)
	if !ok {
		l.add(body, "the file must hold a list of entries", "begin each entry with `- requirement: …`")
		return nil
	}
	entries := make([]Entry, 0, len(list.Values))
	for _, item := range list.Values {
		fields, ok := item.(ast.MapNode)
		if !ok {
			l.add(item, "an entry must have keys and values", "write requirement, target, reason, owner, since and expires")
			continue
		}
		entries = append(entries, l.entry(item, fields))
	}
	return entries
}

// keys are the keys of an entry, all required, each with a hint.
var keys = []struct{ name, hint string }{
	{"requirement", "write a requirement's id, such as ELIG-003"},
	{"target", "write a target's name, such as preview, or a list of names"},
	{"reason", "write one sentence: why is the difference accepted?"},
	{"owner", "name the person or team that removes the difference"},
	{"since", "write the day of the agreement, such as 2026-01-31"},
	{"expires", "write the last day of the entry, such as 2026-04-30"},
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
			l.add(each.Key(), fmt.Sprintf("an entry has no key %q", name), "the keys are requirement, target, reason, owner, since and expires")
		}
	}
	for _, key := range keys {
		if values[key.name] == nil {
			l.add(at, key.name+" is missing", key.hint)
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

// check compares the fields of an entry with each other, with the requirements and with the entries before it.
func (l *loader) check(e Entry, values map[string]ast.Node) {
	if e.Requirement != "" {
		if nearest, ok := l.lookUp(e.Requirement); !ok {
			hint := "see the ids in `vsee-contract list`"
			if nearest != "" {
				hint = fmt.Sprintf("did you mean %s?", nearest)
			}
			l.add(values["requirement"], fmt.Sprintf("requirement %q does not exist", e.Requirement), hint)
		}
	}
	if !e.Since.IsZero() && !e.Expires.IsZero() && e.Expires.Before(e.Since) {
		l.add(values["expires"], "expires must not be before since", "correct one of the two dates")
	}
	for _, target := range e.Targets {
		key := [2]string{e.Requirement, target}
		if first := l.lines[key]; first > 0 && e.Requirement != "" {
			l.add(values["target"], fmt.Sprintf("line %d already has an entry for %q and %q", first, e.Requirement, target), "merge the two entries")
			continue
		}
		l.lines[key] = e.Line
	}
}

// text returns the text of a key, with single spaces, or "" if the key is missing.
func (l *loader) text(key string, values map[string]ast.Node) string {
	node := values[key]
	if node == nil {
		return ""
	}
	text, ok := scalar(node)
	if !ok || strings.TrimSpace(text) == "" {
		l.add(node, key+" must be a text and not empty", hintOf(key))
		return ""
	}
	return strings.Join(strings.Fields(text), " ")
}

// date returns the date of a key, or the zero time if the key is missing.
func (l *loader) date(key string, values map[string]ast.Node) time.Time {
	node := values[key]
	if node == nil {
		return time.Time{}
	}
	text, _ := scalar(node)
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		l.add(node, key+" must be a date", hintOf(key))
	}
	return day
}

var targetName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// targets returns the names in the value of target, a single name or a list.
func (l *loader) targets(node ast.Node) []string {
	if node == nil {
		return nil
	}
	nodes := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	if len(nodes) == 0 {
		l.add(node, "target must not be empty", hintOf("target"))
	}
	var names []string
	for _, node := range nodes {
		name, ok := scalar(node)
		switch {
		case node.Type() == ast.AliasType || name == "*":
			l.add(node, "target must not mean every target", "name the targets that differ")
		case !ok || !targetName.MatchString(name):
			l.add(node, "target must be a name or a list of names", hintOf("target"))
		case slices.Contains(names, name):
			l.add(node, "target has the same name twice", "remove one of the two")
		default:
			names = append(names, name)
		}
	}
	return names
}

// scalar returns the text of a string node, and false for every other kind of node.
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
