package known

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// Load reads known differences from YAML, a list of entries. name is the file's name, for messages. The error joins
// every mistake in the file, each as a *Problem.
func Load(name string, data []byte) (*Differences, error) {
	file, err := boundedyaml.Parse(data)
	if err != nil {
		return nil, syntaxProblem(name, err)
	}
	l := &loader{problems: problems{file: name}, lines: map[twin]int{}}
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
	return &Differences{entries}, nil
}

// loader reads a file. It continues after a mistake, so that one error reports them all.
type loader struct {
	problems
	lines map[twin]int // the line of the entry for a cause and a target
}

type twin struct {
	cause  result.Key
	target string
}

func (l *loader) list(body ast.Node) []Entry {
	list, ok := body.(*ast.SequenceNode)
	if !ok {
		l.add(body, "the file must hold a list of entries", "begin each entry with `- cause: …`")
		return nil
	}
	entries := make([]Entry, 0, len(list.Values))
	for _, item := range list.Values {
		fields, ok := item.(ast.MapNode)
		if !ok {
			l.add(item, "an entry must have keys and values", theKeys)
			continue
		}
		entries = append(entries, l.entry(item, fields))
	}
	return entries
}

// keys are the keys of an entry, all required, each with a hint.
var keys = []struct{ name, hint string }{
	{
		"cause",
		"copy kind, operation, case, pointer, expected and got from results.json, or use `vsee-contract known results.json`",
	},
	{"targets", "write a target's name, such as preview, or a list of names"},
	{"reason", "write one sentence: why is the difference accepted?"},
	{"owner", "name the person or team that removes the difference"},
	{"since", "write the day of the agreement, such as 2026-01-31"},
	{"expires", "write the last day of the entry, such as 2026-04-30"},
}

const theKeys = "the keys are cause, targets, reason, owner, since and expires"

// fields returns the values of a map by key, and the node of the first key. It adds a problem for each unknown and each
// missing key.
func (l *loader) fields(
	at ast.Node, node ast.MapNode, of string, names []string, hint func(key string) string,
) (map[string]ast.Node, ast.Node) {
	values := map[string]ast.Node{}
	for each := node.MapRange(); each.Next(); {
		name := each.Key().GetToken().Value
		if len(values) == 0 {
			at = each.Key()
		}
		values[name] = each.Value()
		switch {
		case name == "requirement":
			l.add(each.Key(), "an entry names a cause, and not a requirement", "write `cause:` instead: "+hintOf("cause"))
		case !slices.Contains(names, name):
			l.add(each.Key(), fmt.Sprintf("%s has no key %q", of, name), hint(""))
		}
	}
	for _, name := range names {
		if values[name] == nil && (name != "cause" || values["requirement"] == nil) {
			l.add(at, name+" is missing", hint(name))
		}
	}
	return values, at
}

func (l *loader) entry(at ast.Node, node ast.MapNode) Entry {
	var names []string
	for _, key := range keys {
		names = append(names, key.name)
	}
	values, at := l.fields(at, node, "an entry", names, hintOf)
	e := Entry{
		Cause: l.cause(values["cause"]), Targets: l.targets(values["targets"]), Reason: l.text("reason", values),
		Owner: l.text("owner", values), Since: l.date("since", values), Expires: l.date("expires", values),
		Line: at.GetToken().Position.Line,
	}
	if !e.Since.IsZero() && !e.Expires.IsZero() && e.Expires.Before(e.Since) {
		l.add(values["expires"], "expires must not be before since", "correct one of the two dates")
	}
	for _, target := range e.Targets {
		key := twin{e.Cause, target}
		if first := l.lines[key]; first > 0 && e.Cause != (result.Key{}) {
			l.add(
				values["targets"], fmt.Sprintf("line %d already has an entry for this cause and %q", first, target),
				"merge the two entries",
			)
			continue
		}
		l.lines[key] = e.Line
	}
	return e
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

// targets returns the names in the value of targets, a single name or a list.
func (l *loader) targets(node ast.Node) []string {
	if node == nil {
		return nil
	}
	nodes := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	if len(nodes) == 0 {
		l.add(node, "targets must not be empty", hintOf("targets"))
	}
	var names []string
	for _, node := range nodes {
		name, ok := scalar(node)
		switch {
		case node.Type() == ast.AliasType || name == "*":
			l.add(node, "targets must not mean every target", "name the targets that differ")
		case !ok || !targetName.MatchString(name):
			l.add(node, "targets must be a name or a list of names", hintOf("targets"))
		case slices.Contains(names, name):
			l.add(node, "targets has the same name twice", "remove one of the two")
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
	return theKeys
}
