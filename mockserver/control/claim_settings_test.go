package control_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// published is a clinic's settings for claims as VSee has published them.
const published = `{"enabled": true,
	"carrier": {"Cigna": "car7556", "Anthem Blue Cross Blue Shield": "car11406", "ANTHEM BLUE SHIELD": "car11406",
		"MONTGOMERY HEALTH INSURANCE": "car7580", "HEALTH CHOICE ARIZONA": "car7556", "MEDICAID LOUISIANA": "car11400"},
	"relationship": {"self": {"standardrelationship": "1", "hipaarelationship": "18"},
	"spouse": {"standardrelationship": "2", "hipaarelationship": "01"},
		"child": {"standardrelationship": "3", "hipaarelationship": "19"}, "other": {"standardrelationship": "4",
		"hipaarelationship": "G8"}},
	"procedure_codes": {"10022": {"id": "pcode35772", "units": "1.0", "tos": "01", "pos": "11", "fee": "30"},
		"99211": {"id": "pcode35602", "units": "1.0", "tos": "01", "pos": "11", "fee": "28"},
		"1035F": {"id": "pcode100247", "units": "1.0", "tos": "01", "pos": "11", "fee": "29"}},
	"diagnosis_codes": {"Z20-822": "dcode1033895691", "R05-9": "dcode1033895692", "R50-9": "dcode1033894809",
	"R51-9": "dcode1033895693", "B34-9": "dcode1033895695"},
	"proc_code_modifiers": {"20": "mcode2", "21": "mcode3", "F1": "mcode43"},
	"facility_code": {"3": "fac94", "41": "fac94", "AWC": "fac95", "AMC": "fac230", "MSC": "fac3", "STM": "fac94"},
	"default": {"provider_profile": "prof18", "finclass": "fclass4", "chart": "AUTO", "coverage": "1",
	"eligibilitystc": "30", "accttype": "4", "cron_job_delay": 20}}`

// A clinic's settings as VSee has published them are accepted unchanged, and shown again as sent. Their
// cron_job_delay is the clinic's cron_delay.
func TestVSeesPublishedSettingsOfClaimsAreTaken(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	c.ok(http.MethodPost, "/clinics", `{"account_code": "published", "claims": `+published+`}`, nil)
	var shown struct {
		Claims    any    `json:"claims"`
		CronDelay string `json:"cron_delay"`
	}
	c.ok(http.MethodGet, "/clinics/published", "", &shown)
	var sent any
	if err := json.Unmarshal([]byte(published), &sent); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, shown.Claims); diff != "" || shown.CronDelay != "20s" {
		t.Errorf("a check takes %s; the settings (-sent +shown):\n%s", shown.CronDelay, diff)
	}
	c.ok(http.MethodPatch, "/clinics/published", `{"claims": {"default": {"finclass": "fclass5"}}, "cron_delay": "7s"}`,
		&shown)
	form, _ := shown.Claims.(map[string]any)["default"].(map[string]any)
	if form["finclass"] != "fclass5" || form["chart"] != "AUTO" || form["cron_job_delay"] != 7.0 ||
		shown.CronDelay != "7s" {
		t.Errorf("a check takes %s, by %v", shown.CronDelay, form)
	}
}
