package scenarios

import (
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Claim is the outcome of one claim, and VSee has not defined claims: all of it is this project's own.
type Claim struct {
	// paid, partly_paid, denied, rejected or silent
	Outcome Text `yaml:"outcome,omitempty" json:"outcome"`
	// of a rejected claim: 277CA category and status code; A3:21 when left out
	Status Text `yaml:"status,omitempty" json:"status,omitempty"`
	// of a claim that is partly paid or denied: the unpaid amounts, with reasons
	Adjustments []Adjustment `yaml:"adjustments,omitempty" json:"adjustments,omitempty"`
	// of a silent claim, the last status that comes: submitted, acknowledged or accepted, which it is when left out
	After Text `yaml:"after,omitempty" json:"after,omitempty"`
	// from the submission; nil: when the clinic's cron job runs
	AcknowledgeAfter *Duration `yaml:"acknowledge_after,omitempty" json:"acknowledge_after,omitempty"`
	// from there until it is accepted or rejected; 1m when left out
	AcceptAfter *Duration `yaml:"accept_after,omitempty" json:"accept_after,omitempty"`
	// from there until it is paid or denied; 10m when left out
	PayAfter *Duration `yaml:"pay_after,omitempty" json:"pay_after,omitempty"`
	// its line in the file
	Line int `yaml:"-" json:"-"`
}

// Adjustment is a part of the billed amount that is not paid, on each line of the claim or on one.
type Adjustment struct {
	Code Text `yaml:"code,omitempty" json:"code"` // group and reason, such as CO-97 or PR-1
	// of the claim, counted from 1; every line when left out
	Line Count `yaml:"line,omitempty" json:"line,omitempty"`
	// in dollars, of the whole claim unless line is there; the rest of the line when neither this nor percent is there
	Amount  Text   `yaml:"amount,omitempty" json:"amount,omitempty"`
	Percent Count  `yaml:"percent,omitempty" json:"percent,omitempty"` // of the line's fee, rounded down to a cent
	Remarks []Text `yaml:"remarks,omitempty" json:"remarks,omitempty"` // remark codes, such as N130
}

// Claims are the outcomes of the claims of a subscriber in turn; the last one stays; VSee has not defined claims.
type Claims []Claim

// The outcomes of a claim.
const (
	Paid       = "paid"
	PartlyPaid = "partly_paid"
	Denied     = "denied"
	Rejected   = "rejected"
	Silent     = silent
)

// The other statuses of a claim.
const (
	Submitted    = "submitted"
	Acknowledged = "acknowledged"
	Accepted     = "accepted"
)

// The defaults of a scenario: the status of a rejected claim, and the reason for an unpaid one.
const (
	defaultRejection = "A3:21"
	defaultDenial    = "CO-96"
	defaultShare     = "PR-2"
	defaultPercent   = 20
)

// The default times of a claim's stages. A claim is acknowledged when the clinic's cron job runs, unless the scenario
// has a time.
const (
	defaultAccept = time.Minute
	defaultPay    = 10 * time.Minute
)

// Nth returns the outcome of the nth claim of a subscriber, counted from 1; false when the scenario has none.
func (c Claims) Nth(n int) (Claim, bool) {
	if len(c) == 0 {
		return Claim{}, false
	}
	return c[min(max(n, 1), len(c))-1], true
}

// Stage is one status on the way of a claim.
type Stage struct {
	Status   string
	After    *time.Duration // from the stage before; nil for the clinic's cron delay
	Category string         // of a 277CA; empty for a decision of the insurer
	Code     string
}

// Stages returns the statuses of the claim, in order, without the submission. A partly_paid claim may end otherwise,
// because its end depends on the billed amount, too.
func (c Claim) Stages() []Stage {
	acknowledged := Stage{Status: Acknowledged, After: (*time.Duration)(c.AcknowledgeAfter), Category: "A1", Code: "19"}
	accepted := Stage{Status: Accepted, After: durationOr(c.AcceptAfter, defaultAccept), Category: "A2", Code: "20"}
	switch {
	case c.Outcome == Silent && c.After == Submitted:
		return nil
	case c.Outcome == Silent && c.After == Acknowledged:
		return []Stage{acknowledged}
	case c.Outcome == Silent:
		return []Stage{acknowledged, accepted}
	case c.Outcome == Rejected:
		status := c.Status
		if status == "" {
			status = defaultRejection
		}
		accepted.Status = Rejected
		accepted.Category, accepted.Code = splitCode(status)
		return []Stage{acknowledged, accepted}
	}
	return []Stage{acknowledged, accepted, {Status: string(c.Outcome), After: durationOr(c.PayAfter, defaultPay)}}
}

func durationOr(d *Duration, other time.Duration) *time.Duration {
	if d != nil {
		return (*time.Duration)(d)
	}
	return &other
}

// AllAdjustments returns the unpaid parts of the claim, and the reasons.
func (c Claim) AllAdjustments() []Adjustment {
	switch {
	case c.Outcome == Denied: // a part without an adjustment is denied all the same
		return append(append([]Adjustment(nil), c.Adjustments...), Adjustment{Code: defaultDenial})
	case c.Outcome == PartlyPaid && len(c.Adjustments) == 0:
		return []Adjustment{{Code: defaultShare, Percent: defaultPercent}}
	case c.Outcome == PartlyPaid:
		return c.Adjustments
	}
	return nil
}

// takesAll reports whether the amounts of a partly paid claim leave nothing of the sample claim.
func (c Claim) takesAll() bool {
	left, _ := strconv.ParseFloat(NewSampleClaim("", "", "").Total, 64)
	for _, a := range c.Adjustments {
		amount, _ := strconv.ParseFloat(string(a.Amount), 64) // none for a percentage
		left -= amount
	}
	return c.Outcome == PartlyPaid && left <= 0
}

// Parts returns the group and the reason of the adjustment, such as CO and 97.
func (a Adjustment) Parts() (group, reason string) { return splitCode(a.Code) }

// lastStatus is the final status of the claim.
func (c Claim) lastStatus() string {
	stages := c.Stages()
	if len(stages) == 0 {
		return Submitted
	}
	return stages[len(stages)-1].Status
}

// Words describes the outcome of the claim for people.
func (c Claim) Words() string {
	switch c.Outcome {
	case Silent:
		return c.lastStatus() + ", and nothing after that"
	case Rejected:
		stages := c.Stages()
		at := stages[len(stages)-1]
		return "rejected by the clearinghouse (" + at.Category + ":" + at.Code + ")"
	case Paid:
		return "paid"
	}
	text := "denied"
	if c.Outcome == PartlyPaid {
		text = "partly paid"
	}
	said := c.AllAdjustments()
	if c.Outcome == Denied && len(said) > 1 {
		said = said[:len(said)-1]
	}
	between := " ("
	for _, a := range said {
		text += between + string(a.Code)
		between = ", "
	}
	return text + ")"
}

// UnmarshalYAML reads the outcome of one claim, or a list of outcomes.
func (c *Claims) UnmarshalYAML(node ast.Node) error {
	items := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		if items = list.Values; len(items) == 0 {
			return scalar.NewMisfit(node, "must not be an empty list", "write an outcome, or remove the key")
		}
	}
	*c = nil
	for _, item := range items {
		var one Claim
		if err := one.UnmarshalYAML(item); err != nil {
			return err
		}
		one.Line = item.GetToken().Position.Line
		*c = append(*c, one)
	}
	return nil
}

// MarshalYAML writes the form read by UnmarshalYAML.
func (c Claims) MarshalYAML() (any, error) { return []Claim(c), nil }

// UnmarshalYAML reads an outcome alone, the code of a rejection or denial alone, or the fields.
func (c *Claim) UnmarshalYAML(node ast.Node) error {
	if m, ok := node.(ast.MapNode); ok {
		type fields Claim // without this method
		return yaml.NodeToValue(m.(ast.Node), (*fields)(c), yaml.Strict())
	}
	var text Text
	if _, ok := node.(ast.ScalarNode); !ok || text.UnmarshalYAML(node) != nil {
		return scalar.NewMisfit(node, "must be the outcome of a claim", "write paid, partly_paid, denied, rejected, "+
			"silent, or a code such as CO-97 or A3:21")
	}
	switch {
	case rejection.MatchString(string(text)):
		c.Outcome, c.Status = Rejected, text
	case adjustment.MatchString(string(text)):
		c.Outcome, c.Adjustments = Denied, []Adjustment{{Code: text}}
	default:
		c.Outcome = text
	}
	return nil
}

// short returns the shortest form of the claim.
func (c Claim) short() string {
	if c.Status != "" || len(c.Adjustments) > 0 || c.After != "" || c.AcknowledgeAfter != nil || c.AcceptAfter != nil ||
		c.PayAfter != nil {
		return flow(c)
	}
	return plainOr(string(c.Outcome))
}
