package scenarios

import (
	"fmt"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/internal/rule"
)

// Chance is one of several answers by chance.
type Chance struct {
	Percent int    `yaml:"percent" json:"percent"` // from 1 to 100; those of all answers add up to 100
	Answer  Answer `yaml:"answer" json:"answer"`
}

var chanceRules = rule.NewSet[Chance](rule.Rows{
	{Key: "percent", Value: rule.Whole(1, 100), Required: true, Hint: "the percents of all answers add up to 100"},
	{Key: "answer", Value: rule.Fits("an answer", func(a Answer) bool { return a.Text != "" || a.Silent }), Required: true,
		Says: "an answer by chance must have a text", Hint: "write a text of eligibility_response, its code, or silent"},
})

// isHundred reports whether the percents add up to 100.
func isHundred(of []Chance) bool {
	sum := 0
	for _, one := range of {
		sum += one.Percent
	}
	return sum == 100
}

// Drawn returns the answer without chance, and in words the part that was drawn; "" for nothing.
func (a Answer) Drawn(d chance.Draw) (drawn Answer, words string) {
	if len(a.Chance) > 0 {
		part, line := d.Part("answer")*100, a.Line
		for _, one := range a.Chance {
			words = fmt.Sprintf("a chance of %d %%", one.Percent)
			if a = one.Answer; part < float64(one.Percent) {
				break
			}
			part -= float64(one.Percent)
		}
		a.Line = line
	}
	if a.After != nil && !a.After.IsFixed() {
		words = strings.TrimPrefix(words+" and "+a.After.Short(), " and ")
		at := d.Between("after", a.After.From, a.After.To)
		a.After = &Range{From: at, To: at}
	}
	return a, words
}

// IsByChance reports whether something in the scenario is drawn from the clinic's seed.
func (s Scenario) IsByChance() bool {
	byChance := s.Clinic.CronDelay != nil && !s.Clinic.CronDelay.IsFixed()
	_ = s.Answers.each("", func(_ string, a *Answer) error {
		byChance = byChance || len(a.Chance) > 0 || a.After != nil && !a.After.IsFixed()
		return nil
	})
	return byChance
}

// Drawn returns the scenario with an answer for each check of its script. draw is for the nth check of a card.
func (s Scenario) Drawn(draw func(card string, nth int) chance.Draw) Scenario {
	if !s.IsByChance() {
		return s
	}
	said := s.Answers
	s.Calls = s.Script()
	answers := map[string][]Answer{primary: nil, secondary: nil}
	for _, call := range s.Calls {
		if call.Check == "" {
			continue
		}
		nth := len(answers[call.Check]) + 1
		if a, ok := said.Nth(call.Check, nth); ok {
			a, _ = a.Drawn(draw(call.Check, nth))
			answers[call.Check] = append(answers[call.Check], a)
		}
	}
	for card := range answers {
		if len(answers[card]) == 0 {
			answers[card] = said.ForCard(card)
		}
	}
	s.Answers = Answers{Primary: answers[primary], Secondary: answers[secondary]}
	return s
}
