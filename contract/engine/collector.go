package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// finding is a difference before it becomes a cause of the run.
type finding struct {
	result.Key
	optional bool // see ClassOf
	observed bool // the message itself shows it
	evidence requirement.Evidence
	rule     string
	line     int
	message  string                  // the server's own, "" for none
	exchange func() *result.Exchange // redacts it; nil for none
}

// collector collects the causes of a run. It is safe for concurrent use.
type collector struct {
	mu         sync.Mutex
	causes     map[result.Key]*result.Cause
	optional   map[result.Key]bool
	observed   map[result.Key]bool // those of shape requirements
	exercised  map[string]struct{} // "operation case"
	checked    map[string]int      // replies with the usual status, by "operation case"
	operations map[string]struct{} // with a successful reply to a request of the case ok

	held   map[string]bool // the places of values that were right: see placeOf
	doubts map[result.Key]doubt
}

func newCollector() *collector {
	return &collector{
		causes: map[result.Key]*result.Cause{}, optional: map[result.Key]bool{}, observed: map[result.Key]bool{},
		checked:   map[string]int{},
		exercised: map[string]struct{}{}, operations: map[string]struct{}{},
		held: map[string]bool{}, doubts: map[result.Key]doubt{},
	}
}

// add adds a finding to its cause. The cause keeps the first exchange, and the rule with the surest evidence.
func (c *collector) add(f finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cause := c.causes[f.Key]
	if cause == nil {
		cause = &result.Cause{
			ID: f.ID(), Key: f.Key, Evidence: string(f.evidence), Rule: f.rule, Line: f.line, Message: f.message,
			Places: []string{},
		}
		if f.exchange != nil {
			cause.Exchange = f.exchange()
		}
		c.causes[f.Key], c.optional[f.Key] = cause, true
	}
	cause.Seen++
	c.observed[f.Key] = c.observed[f.Key] || f.observed
	c.optional[f.Key] = c.optional[f.Key] && f.optional
	if before := requirement.Evidence(cause.Evidence); before.Surer(f.evidence) != before {
		cause.Evidence, cause.Rule, cause.Line = string(f.evidence), f.rule, cmp.Or(f.line, cause.Line)
	}
	cause.Class = ClassOf(f.Kind, !c.optional[f.Key], requirement.Evidence(cause.Evidence))
}

// class returns the class of a cause so far.
func (c *collector) class(key result.Key) result.Class {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.causes[key].Class
}

// saw counts a message. ok is for a successful reply to a request of the case ok.
func (c *collector) saw(operation string, of result.Case, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exercised[operation+" "+string(of)] = struct{}{}
	if ok {
		c.operations[operation] = struct{}{}
	}
}

// check counts a reply with the usual status of its case, whose fields are checked.
func (c *collector) check(operation string, of result.Case) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.checked[operation+" "+string(of)]++
}

// replies returns the number of replies that may lack the field of a cause, 0 if that is unknown: an object further in
// may be missing itself, and an event or an assertion is no reply.
func (c *collector) replies(key result.Key) int {
	if !c.observed[key] || key.Kind != result.Missing || key.Expected == result.AsBefore ||
		strings.Contains(key.Pointer, "*") || strings.Count(key.Pointer, "/") > 2 {
		return 0
	}
	return c.checked[key.Operation+" "+string(key.Case)]
}

// reached reports whether there was a message of an operation or an event.
func (c *collector) reached(operation string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at := range c.exercised {
		if strings.HasPrefix(at, operation+" ") {
			return true
		}
	}
	return false
}

// folded maps each key to its cause. A cause folds into the one that explains it: one change of the target is one
// cause.
//   - a refused field, and a refusal with another status, when requests that must succeed have the same status;
//   - a refused token, when the reply with the token has a cause there;
//   - an unknown token, when a missing one has the same status;
//   - the differences listed by explains;
//   - a text altered in one way, and a field of one name, lost by several operations: they store it alike;
//   - a difference in the replies to one kind of request, when those to another kind of it have the same;
//   - a new wording in an event, when a reply has it, too;
//   - a new header, when the replies of another operation have it, too;
//   - a difference of two places, when the other place is at fault.
func (c *collector) folded() map[result.Key]result.Key {
	into := map[result.Key]result.Key{}
	for key := range c.causes {
		other := key
		switch key.Kind {
		case result.Status:
			if all := c.status(key); c.causes[all] != nil {
				other = all
			}
		case result.Text:
			other = c.standing(key)
		case result.Header:
			if key.Got == result.Present {
				other = c.standing(key)
			}
		default:
			if other = c.explained(key); other.Kind == result.LostWrite {
				other = c.explained(c.stored(other))
			}
		}
		if other == key {
			other = c.alike(key)
		}
		into[key] = other
	}
	c.settle(into)
	for key := range into { // to the end: a step leads to an earlier case, another operation or a place further out
		for into[into[key]] != into[key] {
			into[key] = into[into[key]]
		}
	}
	return into
}

// explained returns the cause that explains another one of the same replies or events, itself when none does.
func (c *collector) explained(key result.Key) result.Key {
	best, rank := key, 0
	for other := range c.causes {
		if other == key || other.Operation != key.Operation || other.Case != key.Case {
			continue
		}
		n := explains(other, key, c.causes[key].Class)
		if n > rank || n == rank && n > 0 && cmp.Or(len(best.Pointer)-len(other.Pointer),
			strings.Compare(other.Got, best.Got), strings.Compare(string(other.Kind), string(best.Kind))) > 0 {
			best, rank = other, n
		}
	}
	if rank == 0 {
		return key
	}
	return c.explained(best)
}

// values are the kinds of a difference in one value.
var values = []result.Kind{result.Value, result.LostWrite, result.Missing, result.Late}

// explains returns how surely a cause explains another one, 0 if it does not:
//   - a field that comes and goes explains a stale reply, and its own absence;
//   - another user's data explain a value within them;
//   - a missing object explains a value missing from it;
//   - a stale reply explains another value in it;
//   - a value that was sent and is lost or stale explains another comparison of the same place, as does a missing one;
//   - a value missed by a requirement explains null for an optional field, and one that must be absent an undeclared
//     field;
//   - a late event explains a missing one.
func explains(cause, of result.Key, class result.Class) int {
	absent, same := cause.Got == result.Absent && of.Got == result.Absent, cause.Pointer == of.Pointer
	isValue := slices.Contains(values, of.Kind)
	switch {
	case of.Expected == result.AsBefore:
		return 0
	case cause.Expected == result.AsBefore && (of.Got == result.Stale || absent && same):
		return 5
	case isValue && cause.Kind == result.Owner && within(of.Pointer, cause.Pointer):
		return 4
	case isValue && absent && !same && cause.Pointer != "" && within(of.Pointer, cause.Pointer):
		return 3
	case isValue && cause.Got == result.Stale && of.Got != result.Stale && within(of.Pointer, cause.Pointer):
		return 1
	case !isValue || !same:
	case cause.Kind == result.LostWrite && (of.Kind == result.Value || of.Kind == result.Late),
		cause.Kind == result.Missing && of.Kind == result.Value && absent:
		return map[bool]int{true: 2, false: 1}[cause.Got == of.Got]
	}
	if of.Kind == result.Undeclared && same && cause.Kind == result.Value ||
		of.Kind == result.Null && class == result.Additive && same && cause.Got == result.Absent ||
		of.Kind == result.EventMissing && cause.Kind == result.Late {
		return 1
	}
	return 0
}

// alike returns the cause that stands for those that differ in the case alone.
func (c *collector) alike(key result.Key) result.Key {
	if key.Kind == result.Status {
		return key
	}
	for _, of := range result.Cases() {
		other := key
		if other.Case = of; c.causes[other] != nil {
			return other
		}
	}
	return key
}

// status returns the cause of an unexpected status that stands for another one of the same operation.
func (c *collector) status(key result.Key) result.Key {
	if token := c.token(); token.Kind != "" && key.Case == result.OK && key.Got == "401" {
		return token
	}
	all, noToken := key, key
	all.Pointer, all.Case, all.Expected = "", result.OK, strconv.Itoa(usual(result.OK))
	noToken.Case = result.NoToken
	if c.causes[all] == nil && key.Case == result.WrongToken {
		return noToken
	}
	return all
}

// token returns the cause of a token that is not that of its user, if there is one.
func (c *collector) token() (token result.Key) {
	for key := range c.causes {
		if key.Pointer == "/data/token/token" && (token.Kind == "" || key.ID() < token.ID()) {
			token = key
		}
	}
	return token
}

// stored returns the cause of a loss that stands for those of all operations with the same one.
func (c *collector) stored(key result.Key) result.Key {
	named := slices.Contains([]string{result.ChangedCase, result.ChangedTrim, result.ChangedEscape,
		result.ChangedCharset}, key.Got)
	field := key.Pointer[strings.LastIndexByte(key.Pointer, '/')+1:]
	for other := range c.causes {
		same := other.Kind == key.Kind && other.Got == key.Got && other.Case == key.Case &&
			(named || field != "*" && strings.HasSuffix(other.Pointer, "/"+field))
		if same && cmp.Or(strings.Compare(other.Operation, key.Operation), strings.Compare(key.Pointer, other.Pointer)) > 0 {
			key = other
		}
	}
	return key
}

// standing returns the cause of a new wording or a new header that stands for those of all messages with it: rather of
// a reply than of an event, of a wording rather of a reading, and of the primary card.
func (c *collector) standing(key result.Key) result.Key {
	reads := func(k result.Key) int {
		return map[bool]int{true: 1}[k.Kind == result.Text && strings.HasPrefix(k.Operation, "get")]
	}
	for other := range c.causes {
		same := other.Kind == key.Kind && other.Got == key.Got && (key.Kind == result.Text || other.Pointer == key.Pointer)
		if same && cmp.Or(reads(other)-reads(key), strings.Compare(other.Operation, key.Operation),
			strings.Compare(key.Pointer, other.Pointer)) > 0 {
			key = other
		}
	}
	return key
}

// sorted returns the causes of a run without the folded ones, in the order of result.Run.Causes.
func (c *collector) sorted(into map[result.Key]result.Key) []result.Cause {
	causes := []result.Cause{}
	for key, cause := range c.causes {
		if into[key] == key {
			slices.Sort(cause.Places)
			cause.Places = slices.Compact(cause.Places)
			cause.Replies = c.replies(key)
			causes = append(causes, *cause)
		}
	}
	slices.SortFunc(causes, func(a, b result.Cause) int {
		return cmp.Or(
			slices.Index(result.Classes(), a.Class)-slices.Index(result.Classes(), b.Class), len(b.Places)-len(a.Places),
			strings.Compare(a.Operation, b.Operation), strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.ID, b.ID),
		)
	})
	return causes
}

// seen returns how much of the contract the run has reached, of the operations that the target must have.
func (c *collector) seen(must map[string]bool) result.Seen {
	seen := result.Seen{Operations: []string{}, Exercised: slices.AppendSeq([]string{}, sortedKeys(c.exercised)),
		Of: len(must)}
	for id := range sortedKeys(c.operations) {
		if must[id] { // and no type of event
			seen.Operations = append(seen.Operations, id)
		}
	}
	return seen
}

func sortedKeys(set map[string]struct{}) func(yield func(string) bool) {
	return slices.Values(slices.Sorted(maps.Keys(set)))
}
