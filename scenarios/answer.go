package scenarios

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Answer is the answer of the clearinghouse to one check.
type Answer struct {
	// a text of eligibility_response, or its code; the text once loaded
	Text string `yaml:"text,omitempty" json:"text,omitempty"`
	// VSee does not list the text: the mock sends it on purpose
	Undocumented bool `yaml:"undocumented,omitempty" json:"undocumented,omitempty"`

	Code   string `yaml:"-" json:"code,omitempty"`                  // the code of the text; empty for Success
	Silent bool   `yaml:"silent,omitempty" json:"silent,omitempty"` // no answer ever comes
	// from the start of the check; of a range, by the clinic's seed; nil: when the clinic's cron job runs
	After *Range `yaml:"after,omitempty" json:"after,omitempty"`
	// a time: HH:MM, today or else tomorrow; the same on a weekday, mon 08:00; or one of RFC 3339
	At Text `yaml:"at,omitempty" json:"at,omitempty"`
	// of a time without a date, such as America/New_York; UTC when left out
	TimeZone Zone `yaml:"time_zone,omitempty" json:"time_zone,omitzero"`
	// the misbehaviour of its event, in place of the scenario's
	Webhook Webhook `yaml:"webhook,omitempty" json:"webhook,omitzero"`
	// one of these answers instead, by the clinic's seed
	Chance []Chance `yaml:"chance,omitempty" json:"chance,omitempty"`
	Line   int      `yaml:"-" json:"-"` // its line in the file
}

// Answers are the answers to the checks of a subscriber in turn: the first check gets the first one, the next one the
// next, and the last answer stays. The cards may have answers of their own.
type Answers struct {
	Both      []Answer
	Primary   []Answer
	Secondary []Answer
}

// IsZero reports whether there are none.
func (a Answers) IsZero() bool {
	return len(a.Both) == 0 && len(a.Primary) == 0 && len(a.Secondary) == 0
}

// isSingle reports whether there is one answer, or one for each card.
func (a Answers) isSingle() bool {
	return len(a.Both) < 2 && len(a.Primary) < 2 && len(a.Secondary) < 2 && !a.IsZero()
}

// ForCard returns the answers to checks of a card, primary or secondary.
func (a Answers) ForCard(card string) []Answer {
	switch {
	case card == secondary && len(a.Secondary) > 0:
		return a.Secondary
	case card == primary && len(a.Primary) > 0:
		return a.Primary
	}
	return a.Both
}

// Nth returns the answer to the nth check of a card, counted from 1, false when the card is answered nothing.
func (a Answers) Nth(card string, n int) (Answer, bool) {
	answers := a.ForCard(card)
	if len(answers) == 0 {
		return Answer{}, false
	}
	return answers[min(max(n, 1), len(answers))-1], true
}

const (
	primary   = "primary"
	secondary = "secondary"
)

// each calls f with every answer and its place below `at`.
func (a *Answers) each(at string, f func(place string, a *Answer) error) error {
	for _, card := range []struct {
		below   string
		answers []Answer
	}{{"", a.Both}, {"." + primary, a.Primary}, {"." + secondary, a.Secondary}} {
		for i := range card.answers {
			if err := f(fmt.Sprintf("%s%s[%d]", at, card.below, i), &card.answers[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// silent is the short form for a check without any answer.
const silent = "silent"

// UnmarshalYAML reads one answer or a list of them, or a map with either for each card.
func (a *Answers) UnmarshalYAML(node ast.Node) error {
	m, ok := node.(ast.MapNode)
	if !ok || !hasCards(m) {
		list, err := readAnswers(node)
		a.Both = list
		return err
	}
	var cards struct {
		Primary   *Answers `yaml:"primary"`
		Secondary *Answers `yaml:"secondary"`
	}
	if err := yaml.NodeToValue(node, &cards, yaml.Strict()); err != nil {
		return err
	}
	for _, card := range []struct {
		from *Answers
		to   *[]Answer
	}{{cards.Primary, &a.Primary}, {cards.Secondary, &a.Secondary}} {
		if card.from == nil {
			continue
		}
		if len(card.from.Both) == 0 {
			return scalar.NewMisfit(node, "must hold an answer for a card", "write {primary: Success, secondary: Out of "+
				"Network}")
		}
		*card.to = card.from.Both
	}
	return nil
}

// hasCards reports whether a map has answers for cards in it.
func hasCards(m ast.MapNode) bool {
	for it := m.MapRange(); it.Next(); {
		if key := it.Key().GetToken().Value; key == primary || key == secondary {
			return true
		}
	}
	return false
}

func readAnswers(node ast.Node) ([]Answer, error) {
	items := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		if items = list.Values; len(items) == 0 {
			return nil, scalar.NewMisfit(node, "must not be an empty list", "write an answer, or remove the key")
		}
	}
	answers := make([]Answer, 0, len(items))
	for _, item := range items {
		var a Answer
		if err := a.UnmarshalYAML(item); err != nil {
			return nil, err
		}
		a.Line = item.GetToken().Position.Line
		answers = append(answers, a)
	}
	return answers, nil
}

// UnmarshalYAML reads an answer: a text or a code alone, `silent`, or its fields.
func (a *Answer) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case ast.MapNode:
		type fields Answer // without this method
		return yaml.NodeToValue(node, (*fields)(a), yaml.Strict())
	case ast.ScalarNode:
		var text Text
		if err := text.UnmarshalYAML(n); err != nil {
			return err
		}
		if text == silent {
			a.Silent = true
			return nil
		}
		a.Text = string(text)
		return nil
	}
	return scalar.NewMisfit(node, "must be a text of eligibility_response", "`vsee-mock scenarios texts` lists them")
}

// MarshalYAML writes the form read by UnmarshalYAML.
func (a Answers) MarshalYAML() (any, error) {
	if len(a.Primary) == 0 && len(a.Secondary) == 0 {
		return a.Both, nil
	}
	return cardAnswers{a.Primary, a.Secondary}, nil
}

// MarshalJSON writes a list of answers, or one for each card.
func (a Answers) MarshalJSON() ([]byte, error) {
	if len(a.Primary) == 0 && len(a.Secondary) == 0 {
		return json.Marshal(a.Both)
	}
	return json.Marshal(cardAnswers{a.Primary, a.Secondary})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Answers) UnmarshalJSON(data []byte) error {
	var cards cardAnswers
	if json.Unmarshal(data, &cards) == nil {
		*a = Answers{Primary: cards.Primary, Secondary: cards.Secondary}
		return nil
	}
	*a = Answers{}
	return json.Unmarshal(data, &a.Both)
}

// cardAnswers are the answers of each card, in YAML and JSON.
type cardAnswers struct {
	Primary   []Answer `yaml:"primary,omitempty" json:"primary,omitempty"`
	Secondary []Answer `yaml:"secondary,omitempty" json:"secondary,omitempty"`
}

// Due returns the time of the answer to a check with this start, in a clinic with a cron delay; false for never. The
// answer must be drawn.
func (a Answer) Due(start time.Time, cronDelay time.Duration) (time.Time, bool) {
	switch {
	case a.Silent:
		return time.Time{}, false
	case a.After != nil:
		return start.Add(a.After.From), true
	case a.At != "":
		return timeFrom(string(a.At), start.In(a.TimeZone.location())).UTC(), true
	}
	return start.Add(cronDelay), true
}

// timeFrom returns the time meant by a text, in the zone of start. A time of day means its first occurrence from start
// on, with a weekday on such a day. A full time means itself, or start if start is later.
func timeFrom(text string, start time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		if at.Before(start) {
			return start
		}
		return at
	}
	weekday, minute := splitTime(text)
	for day := start.Day(); ; day++ {
		at := time.Date(start.Year(), start.Month(), day, 0, minute, 0, 0, start.Location())
		if !at.Before(start) && (weekday == "" || weekday == weekdays[at.Weekday()]) {
			return at
		}
	}
}

// splitTime returns the weekday of a text, if it has one, and the time of day in minutes.
func splitTime(text string) (weekday string, minute int) {
	weekday, hour, hasWeekday := strings.Cut(text, " ")
	if !hasWeekday {
		weekday, hour = "", text
	}
	return weekday, minuteOf(hour)
}

// isTime reports whether a text in the form of a time exists.
func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil || !strings.HasSuffix(text, "Z")
}
