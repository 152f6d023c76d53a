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
	operations map[string]struct{} // with a successful reply to a request of the case ok

	held   map[string]bool // the places of values that were right: see placeOf
	doubts map[result.Key]doubt
}

func newCollector() *collector {
	return &collector{
		causes: map[result.Key]*result.Cause{}, optional: map[result.Key]bool{}, observed: map[result.Key]bool{},
		exercised: map[string]struct{}{}, operations: map[string]struct{}{},
		held: map[string]bool{}, doubts: map[result.Key]doubt{},
	}
}

// add adds a finding to its cause. The cause keeps the first rule and exchange, and the surest evidence.
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
	cause.Evidence = string(surer(requirement.Evidence(cause.Evidence), f.evidence))
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

// folded maps each key to its cause. A cause folds into the one by which it is explained: one change of the target is
// one cause.
//   - a refused field, and a refusal with another status, when requests that must succeed have the same status;
//   - a refused token, when the reply with the token has a cause there;
//   - an unknown token, when a missing one has the same status;
//   - null for an optional field, when a requirement misses the value there;
//   - another value, when a value was sent and lost;
//   - a lost value, when the reading is of another user;
//   - a text altered in one way, and a field of one name, lost by several operations: they store it alike;
//   - a difference in the replies to one kind of request, when those to another kind of it have the same;
//   - a new wording in an event, when a reply has it, too;
//   - a new header, when the replies of another operation have it, too;
//   - a difference of two places, when the other place is at fault.
func (c *collector) folded() map[result.Key]result.Key {
	into := map[result.Key]result.Key{}
	for key := range c.causes {
		into[key] = key
		other := key
		switch key.Kind { //nolint:exhaustive // the others fold by more than their key, or not at all
		case result.Status:
			other = c.status(key)
		case result.Value:
			other.Kind, other.Expected = result.LostWrite, result.AsSent
		}
		if c.causes[other] != nil {
			into[key] = other
		}
		if into[key].Kind == result.LostWrite {
			into[key] = c.stored(into[key])
		}
		if owner := c.owner(into[key]); c.causes[owner] != nil {
			into[key] = owner
		}
		if key.Kind == result.Text || key.Kind == result.Header && key.Got == result.Present {
			into[key] = c.standing(key)
		}
		if key.Kind == result.Null && c.causes[key].Class == result.Additive {
			for explains := range c.causes {
				if explains.Operation == key.Operation && explains.Pointer == key.Pointer && explains.Got == result.Absent {
					into[key] = explains
				}
			}
		}
		if into[key] == key {
			into[key] = c.alike(key)
		}
	}
	c.settle(into)
	for key, other := range into {
		into[key] = into[other]
	}
	return into
}

// alike returns the cause that stands for those that differ in the case alone.
func (c *collector) alike(key result.Key) result.Key {
	if key.Kind == result.Status {
		return key
	}
	for _, of := range cases {
		other := key
		if other.Case = of; c.causes[other] != nil {
			return other
		}
	}
	return key
}

// cases are all cases, in the order in which one stands for the others.
var cases = []result.Case{
	result.OK, result.NoToken, result.WrongToken, result.OtherUser, result.UnknownID, result.BadField, result.Limit,
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

// owner returns the cause that a lost value has when the place is another user's.
func (c *collector) owner(key result.Key) result.Key {
	if key.Kind == result.LostWrite {
		key.Kind, key.Expected, key.Got = result.Owner, ofRequest, ofAnother
	}
	return key
}

// standing returns the cause of a new wording or a new header that stands for those of all messages with it: rather of
// a reply than of an event, and of the primary card.
func (c *collector) standing(key result.Key) result.Key {
	for other := range c.causes {
		same := other.Kind == key.Kind && other.Got == key.Got && (key.Kind == result.Text || other.Pointer == key.Pointer)
		if same && cmp.Or(strings.Compare(other.Operation, key.Operation), strings.Compare(key.Pointer, other.Pointer)) > 0 {
			key = other
		}
	}
	return key
}

// classes are all classes in the order of a report.
var classes = []result.Class{result.Breaking, result.Unclear, result.Additive}

// sorted returns the causes of a run without the folded ones, in the order of result.Run.Causes.
func (c *collector) sorted(into map[result.Key]result.Key) []result.Cause {
	causes := []result.Cause{}
	for key, cause := range c.causes {
		if into[key] == key {
			slices.Sort(cause.Places)
			cause.Places = slices.Compact(cause.Places)
			causes = append(causes, *cause)
		}
	}
	slices.SortFunc(causes, func(a, b result.Cause) int {
		return cmp.Or(
			slices.Index(classes, a.Class)-slices.Index(classes, b.Class), len(b.Places)-len(a.Places),
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
