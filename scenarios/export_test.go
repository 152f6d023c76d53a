package scenarios

import "github.com/vsee-mock/vsee-mock/internal/rule"

// Rules returns the rules of each type of the language, by its name. What they say is in the JSON Schema, too, as far as
// a schema can say it.
func Rules() map[string]rule.Set {
	return map[string]rule.Set{
		"Scenario": scenarioRules, "When": whenRules, "Answer": answerRules, "Call": callRules, "Clinic": clinicRules,
		"Patient": patientRules, "Fault": faultRules, "Claim": claimRules, "Adjustment": adjustmentRules,
		"Misbehaviour": webhookRules, "ClaimWebhook": claimWebhookRules,
	}
}
