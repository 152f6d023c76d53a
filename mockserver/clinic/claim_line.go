package clinic

import (
	"fmt"
	"slices"
	"strings"
)

// LineRequest is a line of a ClaimRequest.
type LineRequest struct {
	Procedure string
	Modifiers []string
	Units     int    // 0 for as many as the procedure has in the clinic's settings
	Fee       *Cents // of all units; nil for what the procedure costs in the clinic's settings
	Pointers  []int  // to the diagnoses, counted from 1
}

// line returns the line that is asked for, or the rule that it breaks, which begins with the field.
func (r LineRequest) line(settings ClaimSettings, place string, diagnoses int) (line ClaimLine, rule string) {
	procedure, known := settings.Procedures[strings.ToUpper(r.Procedure)]
	if !known {
		return line, "procedure_code is not one that the clinic's claims settings know"
	}
	line = ClaimLine{Procedure: strings.ToUpper(r.Procedure), Units: r.Units, Place: place, Pointers: r.Pointers}
	if line.Units == 0 {
		line.Units = procedure.Units
	}
	if line.Place == "" {
		line.Place = procedure.POS
	}
	if line.Units < 1 || line.Units > maxUnits {
		return line, fmt.Sprintf("units must be a whole number from 1 to %d", maxUnits)
	}
	if line.Fee = procedure.Fee * Cents(line.Units); r.Fee != nil {
		line.Fee = *r.Fee
	}
	if line.Fee < 0 || line.Fee > maxAmount {
		return line, "fee " + errAmount.Error()
	}
	if rule := line.modify(settings, r.Modifiers); rule != "" {
		return line, rule
	}
	return line, line.point(diagnoses)
}

// modify puts the modifiers of the procedure code.
func (l *ClaimLine) modify(settings ClaimSettings, modifiers []string) (rule string) {
	if len(modifiers) > maxModifiers {
		return fmt.Sprintf("modifiers must be a list of at most %d", maxModifiers)
	}
	for i, modifier := range modifiers {
		modifier = strings.ToUpper(modifier)
		switch {
		case settings.Modifiers[modifier] == "":
			return fmt.Sprintf("modifiers.%d is not one that the clinic's claims settings know", i)
		case slices.Contains(l.Modifiers, modifier):
			return fmt.Sprintf("modifiers.%d is in the list already", i)
		}
		l.Modifiers = append(l.Modifiers, modifier)
	}
	return ""
}

// point checks that the pointers lead to diagnoses.
func (l *ClaimLine) point(diagnoses int) (rule string) {
	if len(l.Pointers) < 1 || len(l.Pointers) > maxPointers {
		return fmt.Sprintf("diagnosis_pointers must be a list of 1 to %d", maxPointers)
	}
	for i, pointer := range l.Pointers {
		switch {
		case pointer < 1 || pointer > diagnoses:
			return fmt.Sprintf("diagnosis_pointers.%d must point to one of the diagnoses, which are counted from 1", i)
		case slices.Contains(l.Pointers[:i], pointer):
			return fmt.Sprintf("diagnosis_pointers.%d is in the list already", i)
		}
	}
	return ""
}
