package claims

import (
	"fmt"
	"slices"
	"strings"
)

// LineRequest is a line of a Request.
type LineRequest struct {
	Procedure string
	Modifiers []string
	Units     int    // 0 for the number in the clinic's settings
	Fee       *Cents // of all units; nil for the fee in the clinic's settings
	Pointers  []int  // to the diagnoses, counted from 1
}

// newLine returns the requested line, or the broken rule, starting with the field name. place is the claim's place of
// service, and diagnoses the number of its diagnoses.
func (r LineRequest) newLine(settings Settings, place string, diagnoses int) (line Line, rule string) {
	procedure, known := settings.Procedures[strings.ToUpper(r.Procedure)]
	if !known {
		return line, "procedure_code is not in the clinic's claims settings"
	}
	line = Line{Procedure: strings.ToUpper(r.Procedure), Units: r.Units, Place: place, Pointers: r.Pointers}
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
	if rule := line.addModifiers(settings, r.Modifiers); rule != "" {
		return line, rule
	}
	return line, line.validatePointers(diagnoses)
}

// addModifiers adds the modifiers of the procedure code.
func (l *Line) addModifiers(settings Settings, modifiers []string) (rule string) {
	if len(modifiers) > maxModifiers {
		return fmt.Sprintf("modifiers must be a list of at most %d", maxModifiers)
	}
	for i, modifier := range modifiers {
		modifier = strings.ToUpper(modifier)
		switch {
		case settings.Modifiers[modifier] == "":
			return fmt.Sprintf("modifiers.%d is not in the clinic's claims settings", i)
		case slices.Contains(l.Modifiers, modifier):
			return fmt.Sprintf("modifiers.%d is in the list already", i)
		}
		l.Modifiers = append(l.Modifiers, modifier)
	}
	return ""
}

// validatePointers returns the rule broken by the pointers to the diagnoses.
func (l *Line) validatePointers(diagnoses int) (rule string) {
	if len(l.Pointers) < 1 || len(l.Pointers) > maxPointers {
		return fmt.Sprintf("diagnosis_pointers must be a list of 1 to %d", maxPointers)
	}
	for i, pointer := range l.Pointers {
		switch {
		case pointer < 1 || pointer > diagnoses:
			return fmt.Sprintf("diagnosis_pointers.%d must be the number of a diagnosis, counted from 1", i)
		case slices.Contains(l.Pointers[:i], pointer):
			return fmt.Sprintf("diagnosis_pointers.%d is in the list already", i)
		}
	}
	return ""
}
