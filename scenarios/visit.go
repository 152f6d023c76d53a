package scenarios

import (
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/rule"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Visit is the course of a patient's visits. Without it, nothing happens to a visit by itself.
type Visit struct {
	// completed, unanswered, left, cancelled or missed
	Outcome Text `yaml:"outcome,omitempty" json:"outcome"`
	// how the patient comes: walk_in or appointment; walk_in when left out, and appointment when missed
	Type Text `yaml:"type,omitempty" json:"type,omitempty"`
	// from the patient's arrival until a provider picks up; 2m for a completed visit, and never for others when left out
	PickupAfter *Duration `yaml:"pickup_after,omitempty" json:"pickup_after,omitempty"`
	// from there until the visit ends; 15m, and 5m when the patient leaves or the provider cancels
	EndAfter *Duration `yaml:"end_after,omitempty" json:"end_after,omitempty"`
	// from there until the provider signs and sends a note; never when left out
	NoteAfter *Duration `yaml:"note_after,omitempty" json:"note_after,omitempty"`
	// from there until the invoice of 25.00 dollars is paid; never when left out
	InvoiceAfter *Duration `yaml:"invoice_after,omitempty" json:"invoice_after,omitempty"`
	// from there until the visit is refunded; never when left out
	RefundAfter *Duration `yaml:"refund_after,omitempty" json:"refund_after,omitempty"`
}

// The outcomes of a visit.
const (
	Completed  = "completed"
	Unanswered = "unanswered" // nobody comes, and the longest wait ends
	Left       = "left"       // by the patient
	Cancelled  = "cancelled"  // by the provider
	Missed     = "missed"     // an appointment to which nobody comes
)

// The ways to come to a visit.
const (
	WalkIn      = "walk_in"
	Appointment = "appointment"
)

// VisitStage is a step of a visit that happens by itself.
type VisitStage struct {
	Action string        // pickup, cancel, note, invoice, refund, or the reason of visits/close
	After  time.Duration // from the stage before; from the arrival for the first one
	Event  string        // the type of its event
	Status int           // of the visit after it
}

// IsShared reports whether an appointment makes the step with its walk-in.
func (s VisitStage) IsShared() bool { return s.Event == "visit.updated" || s.Event == "visit.ended" }

// outcomes has the end of each outcome, and the default time before it.
var outcomes = map[Text]VisitStage{
	Completed:  {"call_ended", 15 * time.Minute, "visit.ended", 30},
	Unanswered: {"max_waiting_time_reached", 15 * time.Minute, "visit.ended", 40},
	Left:       {"patient_exit_room", 5 * time.Minute, "visit.ended", 40},
	Cancelled:  {"cancel", 5 * time.Minute, "visit.ended", 40},
}

// defaultPickup is when a provider picks up a visit.
const defaultPickup = Duration(2 * time.Minute)

// Stages returns the steps of a visit after the patient's arrival, in order; of an appointment that the provider
// cancels, after the booking. A missed visit has none.
func (v Visit) Stages() []VisitStage {
	end, ends := outcomes[v.Outcome]
	if !ends {
		return nil
	}
	pickup := v.PickupAfter
	if pickup == nil && v.Outcome == Completed {
		pickup = new(defaultPickup)
	}
	var stages []VisitStage
	add := func(after *Duration, stage VisitStage) {
		if after != nil {
			stage.After = time.Duration(*after)
			stages = append(stages, stage)
		}
	}
	add(pickup, VisitStage{Action: "pickup", Event: "visit.updated", Status: 25})
	add((*Duration)(durationOr(v.EndAfter, end.After)), end)
	add(v.NoteAfter, VisitStage{Action: "note", Event: "visit.note.signed_and_sent", Status: end.Status})
	add(v.InvoiceAfter, VisitStage{Action: "invoice", Event: "visit.invoice.processed", Status: end.Status})
	add(v.RefundAfter, VisitStage{Action: "refund", Event: "visit.invoice.processed", Status: 50})
	return stages
}

// IsAppointment reports whether the patient books a time.
func (v Visit) IsAppointment() bool { return v.Type == Appointment || v.Outcome == Missed }

// EndsBooking reports whether the stages start with the booking of an appointment: nobody comes to it.
func (v Visit) EndsBooking() bool {
	return v.IsAppointment() && v.Outcome == Cancelled && v.PickupAfter == nil
}

// FreeTime returns the provider's time that the clinic of a scenario must offer from a time on; false for a scenario
// without an appointment.
func (s Scenario) FreeTime(from time.Time) (start, end time.Time, needed bool) {
	start = from.Truncate(time.Hour).Add(2 * time.Hour)
	return start, start.Add(time.Hour), s.Visit != nil && s.Visit.IsAppointment()
}

// Words describes the course of the visit for people.
func (v Visit) Words() string {
	text := map[Text]string{
		Left: "left by the patient", Cancelled: "cancelled by the provider",
	}[v.Outcome]
	if text == "" {
		text = string(v.Outcome)
	}
	for _, stage := range v.Stages() {
		switch stage.Action {
		case "note":
			text += ", note signed"
		case "invoice":
			text += ", paid"
		case "refund":
			text += ", refunded"
		}
	}
	if v.IsAppointment() {
		return "appointment " + text
	}
	return "visit " + text
}

// UnmarshalYAML reads an outcome alone, or the fields.
func (v *Visit) UnmarshalYAML(node ast.Node) error {
	if m, ok := node.(ast.MapNode); ok {
		type fields Visit // without this method
		return yaml.NodeToValue(m.(ast.Node), (*fields)(v), yaml.Strict())
	}
	if _, ok := node.(ast.ScalarNode); !ok || v.Outcome.UnmarshalYAML(node) != nil {
		return scalar.NewMisfit(node, "must be the course of a visit",
			"write completed, unanswered, left, cancelled or missed")
	}
	return nil
}

// short returns the shortest form of the visit.
func (v Visit) short() string {
	if (v != Visit{Outcome: v.Outcome}) {
		return flow(v)
	}
	return plainOr(string(v.Outcome))
}

var visitRules = rule.NewSet[Visit](rule.Rows{
	{Key: "outcome", Value: rule.Texts(Completed, Unanswered, Left, Cancelled, Missed), Required: true,
		Hint: "leave visit out if nothing happens to it by itself"},
	{Key: "type", Value: rule.Texts(WalkIn, Appointment), Hint: "leave it out for a walk-in"},
	{Key: "type", If: rule.Is("outcome", rule.Texts(Missed)), Must: rule.Not(rule.Is("type", rule.Texts(WalkIn))),
		Says: "only an appointment can be missed", Hint: "leave type out"},
	onlyOf("visit", "pickup_after", Completed, Left, Cancelled),
	onlyOf("visit", "end_after", Completed, Unanswered, Left, Cancelled),
	onlyOf("visit", "note_after", Completed), onlyOf("visit", "invoice_after", Completed, Unanswered, Left, Cancelled),
	onlyOf("visit", "refund_after", Completed, Unanswered, Left, Cancelled),
	{Key: "pickup_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "end_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "note_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "invoice_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "refund_after", Value: stageSpan, Hint: "that is a year"},
})
