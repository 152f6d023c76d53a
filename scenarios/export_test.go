package scenarios

import "github.com/vsee-mock/vsee-mock/internal/rule"

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
