package scenarios

import (
	"bytes"
	"encoding/json"

	"github.com/vsee-mock/vsee-mock/internal/rule"
)

// CatalogueJSON is catalogue.json as it is in the build.
var CatalogueJSON = parsed

// Parsed returns a set as catalogue.json has it, one scenario a line.
func Parsed(set Set) ([]byte, error) {
	var text bytes.Buffer
	for i, s := range set {
		one := parsedScenario{Scenario: s, Lines: []int{}}
		for _, line := range s.lines() {
			one.Lines = append(one.Lines, *line)
		}
		line, err := json.Marshal(one)
		if err != nil {
			return nil, err
		}
		text.WriteString(map[bool]string{true: "[", false: ",\n"}[i == 0])
		text.Write(line)
	}
	text.WriteString("]\n")
	return text.Bytes(), nil
}

// Rules returns the rules of each type of the language, by the type's name. The JSON Schema repeats them, as far as a
// schema can express them.
func Rules() map[string]rule.Set {
	return map[string]rule.Set{
		"Scenario": scenarioRules, "When": whenRules, "Answer": answerRules, "Call": callRules,
		"CardChange": cardChangeRules, "Clinic": clinicRules, "RateLimit": rateLimitRules,
		"Patient": patientRules, "Fault": faultRules(), "Claim": claimRules, "Adjustment": adjustmentRules,
		"Visit":        visitRules,
		"Chance":       chanceRules,
		"Misbehaviour": webhookRules, "ClaimWebhook": claimWebhookRules,
	}
}
