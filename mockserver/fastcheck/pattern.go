package fastcheck

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"sync"
	"unicode/utf8"
)

// automaton is a regular expression as a table: the state after a state and a byte. State 0 has no way to a match, and
// the match begins in state 1. It knows ASCII alone.
//
// Bytes with the same next states are one class. So the table is small, and stays in the processor's cache.
type automaton struct {
	classOf [utf8.RuneSelf]uint8
	classes int
	next    []uint8 // the state after a state and a class, at the product of the first and classes, and the second
	accepts []bool  // by state: a text may end here
}

func (a *automaton) match(s string) bool {
	state := 1
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
		if state = int(a.next[state*a.classes+int(a.classOf[s[i]])]); state == 0 {
			return false
		}
	}
	return a.accepts[state]
}

// fill makes the table from a row for each state, which has the next state for each byte.
func (a *automaton) fill(rows [][utf8.RuneSelf]uint8) {
	var first []int // a byte of each class
	for char := range a.classOf {
		at := slices.IndexFunc(first, func(other int) bool { return sameColumn(rows, char, other) })
		if at < 0 {
			at, first = len(first), append(first, char)
		}
		a.classOf[char] = uint8(at) //nolint:gosec // there are at most as many as bytes
	}
	a.classes = len(first)
	for _, row := range rows {
		for _, char := range first {
			a.next = append(a.next, row[char])
		}
	}
}

func sameColumn(rows [][utf8.RuneSelf]uint8, a, b int) bool {
	for i := range rows {
		if rows[i][a] != rows[i][b] {
			return false
		}
	}
	return true
}

// Pattern returns a function that matches texts with a regular expression, as regexp does. It compiles the expression
// at its first use. Most patterns stand for a whole text and have few states, so they become a table. regexp matches
// the others. An invalid pattern matches nothing.
func Pattern(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() matcher { return compilePattern(pattern) })
	return func(s string) bool { return compiled()(s) }
}

// pattern returns the matcher of a pattern.
func (c *Compiler) pattern(pattern string) matcher {
	if c.patterns == nil {
		c.patterns = map[string]matcher{}
	}
	if c.patterns[pattern] == nil {
		c.patterns[pattern] = Pattern(pattern)
	}
	return c.patterns[pattern]
}

func compilePattern(pattern string) matcher {
	slow, err := regexp.Compile(pattern)
	if err != nil {
		return func(string) bool { return false }
	}
	if a := newAutomaton(pattern); a != nil {
		return func(s string) bool { return a.match(s) || !isASCII(s) && slow.MatchString(s) }
	}
	return slow.MatchString
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// maxStates is the number of states for which a table is made.
const maxStates = 255

// newAutomaton returns nil for an expression that has more than maxStates states, that may match a part of the text, or
// that looks at its surroundings elsewhere than at both ends.
func newAutomaton(pattern string) *automaton {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil
	}
	start := prog.Inst[prog.Start]
	for start.Op == syntax.InstNop || start.Op == syntax.InstCapture {
		start = prog.Inst[start.Out]
	}
	if start.Op != syntax.InstEmptyWidth || start.Arg != uint32(syntax.EmptyBeginText) {
		return nil
	}
	b := builder{prog: prog}
	b.state(nil)
	first, ok := b.follow(nil, start.Out)
	if b.state(first); !ok {
		return nil
	}
	a := &automaton{}
	var rows [][utf8.RuneSelf]uint8
	for len(rows) < len(b.states) { // a row may add states
		set := b.states[len(rows)]
		row, ok := b.row(set)
		if !ok || len(b.states) > maxStates {
			return nil
		}
		rows, a.accepts = append(rows, row), append(a.accepts, slices.Contains(set, b.end()))
	}
	a.fill(rows)
	return a
}

// builder makes the states of an automaton: each is the sorted set of instructions that may come next.
type builder struct {
	prog   *syntax.Prog
	states [][]uint32
}

// end stands for a match at the end of the text, in a set of instructions.
func (b *builder) end() uint32 { return uint32(len(b.prog.Inst)) } //nolint:gosec // a pattern is short

// state returns the number of a set of instructions, a new one for a new set.
func (b *builder) state(set []uint32) uint8 {
	at := slices.IndexFunc(b.states, func(known []uint32) bool { return slices.Equal(known, set) })
	if at < 0 {
		at, b.states = len(b.states), append(b.states, set)
	}
	return uint8(min(at, maxStates))
}

// row returns the states after a set of instructions, by byte.
func (b *builder) row(set []uint32) (row [utf8.RuneSelf]uint8, ok bool) {
	var before []uint32
	state := b.state(nil)
	for char := range row {
		var after []uint32
		for _, at := range set {
			if at == b.end() || !b.prog.Inst[at].MatchRune(rune(char)) {
				continue
			}
			if after, ok = b.follow(after, b.prog.Inst[at].Out); !ok {
				return row, false
			}
		}
		if !slices.Equal(after, before) { // most characters lead to the same state as their neighbour
			state, before = b.state(after), after
		}
		row[char] = state
	}
	return row, true
}

// follow adds an instruction, and the ones it leads to without reading a byte, to a sorted set. It returns false for an
// instruction that looks at the surroundings, other than at the end of the text.
func (b *builder) follow(set []uint32, at uint32) (after []uint32, ok bool) {
	i, known := slices.BinarySearch(set, at)
	if known {
		return set, true
	}
	set = slices.Insert(set, i, at)
	switch one := b.prog.Inst[at]; one.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		if set, ok = b.follow(set, one.Out); !ok {
			return set, false
		}
		return b.follow(set, one.Arg)
	case syntax.InstCapture, syntax.InstNop:
		return b.follow(set, one.Out)
	case syntax.InstEmptyWidth:
		if one.Arg != uint32(syntax.EmptyEndText) || !b.matches(one.Out) {
			return set, false
		}
		if !slices.Contains(set, b.end()) {
			set = append(set, b.end()) // it is the largest number
		}
		return set, true
	case syntax.InstMatch:
		return set, false
	default:
		return set, true
	}
}

// matches reports whether an instruction ends the expression.
func (b *builder) matches(at uint32) bool {
	one := b.prog.Inst[at]
	return one.Op == syntax.InstMatch || (one.Op == syntax.InstCapture || one.Op == syntax.InstNop) && b.matches(one.Out)
}
