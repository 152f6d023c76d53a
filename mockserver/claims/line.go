package claims

import (
	"cmp"
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

// newLine returns the requested line, and the broken rules, with the fields' names in the line. place is the claim's
// place of service, and diagnoses the number of its diagnoses.
func (r LineRequest) newLine(settings Settings, place string, diagnoses int) (line Line, wrong Problems) {
	procedure, known := settings.Procedures[strings.ToUpper(r.Procedure)]
	if !known {
		wrong = append(wrong, unlisted("procedure_code", "procedure_codes", settings.Procedures))
		procedure.Units = 1
	}
	line = Line{Procedure: strings.ToUpper(r.Procedure), Units: cmp.Or(r.Units, procedure.Units),
		Place: cmp.Or(place, procedure.POS), Pointers: r.Pointers}
	if line.Units < 1 || line.Units > maxUnits {
		wrong = append(wrong, Problem{"units", fmt.Sprintf("must be a whole number from 1 to %d", maxUnits)})
	}
	if line.Fee = procedure.Fee * Cents(line.Units); r.Fee != nil {
		line.Fee = *r.Fee
	}
	if line.Fee < 0 || line.Fee > maxAmount {
		wrong = append(wrong, Problem{"fee", errAmount.Error()})
	}
	return line, append(append(wrong, line.addModifiers(settings, r.Modifiers)...), line.validatePointers(diagnoses)...)
}

// addModifiers adds the modifiers of the procedure code.
func (l *Line) addModifiers(settings Settings, modifiers []string) (wrong Problems) {
	if len(modifiers) > maxModifiers {
		return Problems{{"modifiers", fmt.Sprintf("must be a list of at most %d", maxModifiers)}}
	}
	for i, modifier := range modifiers {
		modifier = strings.ToUpper(modifier)
		field := fmt.Sprintf("modifiers.%d", i)
		switch {
		case settings.Modifiers[modifier] == "":
			wrong = append(wrong, unlisted(field, "proc_code_modifiers", settings.Modifiers))
		case slices.Contains(l.Modifiers, modifier):
			wrong = append(wrong, Problem{field, "is in the list already"})
		}
		l.Modifiers = append(l.Modifiers, modifier)
	}
	return wrong
}

// validatePointers returns the rules broken by the pointers to the diagnoses.
func (l *Line) validatePointers(diagnoses int) (wrong Problems) {
	if len(l.Pointers) < 1 || len(l.Pointers) > maxPointers {
		return Problems{{"diagnosis_pointers", fmt.Sprintf("must be a list of 1 to %d", maxPointers)}}
	}
	for i, pointer := range l.Pointers {
		field := fmt.Sprintf("diagnosis_pointers.%d", i)
		switch {
		case pointer < 1 || pointer > diagnoses:
			wrong = append(wrong, Problem{field, "must be the number of a diagnosis, counted from 1"})
		case slices.Contains(l.Pointers[:i], pointer):
			wrong = append(wrong, Problem{field, "is in the list already"})
		}
	}
	return wrong
}
