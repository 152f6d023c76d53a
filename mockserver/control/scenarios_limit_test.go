package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Scenarios too expensive for the server are refused, and the ones in force stay.
func TestScenariosThatTakeLongToLoadAreRefused(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	put(c, "vclinic", false, map[string]string{"mine.yaml": mine})
	starred := map[string]string{}
	for i := range 3_000 {
		starred[fmt.Sprintf("s%05d.yaml", i)] = fmt.Sprintf("title: T\nwhen: {code: \"%d*\"}\nanswer: Success\n", 10_000+i)
	}
	for want, files := range map[string]map[string]string{
		"too many texts with * or ? to compare": starred,
		"has more than 200 blank lines in a row": {"a.yaml": "title: |\n" + strings.Repeat("\n", 60_000) +
			"answer: Success\n"},
		"nests deeper than 32 levels":       {"a.yaml": "title: " + strings.Repeat("[", 100_000)},
		"has more than 1000 tabs in a line": {"a.yaml": "title: \"" + strings.Repeat("\t", 100_000) + "\""},
		"a file has at most 256 KiB":        {"a.yaml": strings.Repeat("#", 300_000)},
		"code must have at most 500 characters; ": {"a.yaml": "title: T\nwhen: {code: \"" + strings.Repeat("*a", 1_000) +
			"\"}\nanswer: Success\n"},
	} {
		body, err := json.Marshal(map[string]any{"files": files})
		if err != nil {
			t.Fatal(err)
		}
		if status, reply := c.do("PUT", "/clinics/vclinic/scenarios", string(body)); status != http.StatusBadRequest ||
			!strings.Contains(reply, want) {
			t.Errorf("%d, %.300s, want %q", status, reply, want)
		}
	}
	var own struct{ Data []struct{ ID string } }
	c.ok("GET", "/clinics/vclinic/scenarios", "", &own)
	if len(own.Data) == 0 || own.Data[0].ID != "mine" {
		t.Errorf("%.200v is in force", own)
	}
}
