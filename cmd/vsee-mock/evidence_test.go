package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// docs/evidence.md is the output of the command; -update writes it anew.
func TestTheEvidenceIsOnItsPage(t *testing.T) {
	t.Parallel()
	_, stdout, _ := play(t, "evidence")
	golden.Is(t, "../../docs/evidence.md", stdout)
}

func TestTheEvidenceIsChosenByItsGrade(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := play(t, "evidence", "--grade", "inferred,ours", "--json")
	if code != command.ExitOK {
		t.Fatal(stderr)
	}
	var got struct {
		Counts map[string]map[string]int
		Ledger []apispec.Known
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	chosen := map[string]bool{"inferred": true, "ours": true}
	counted, graded := 0, 0
	for _, counts := range got.Counts {
		for grade, n := range counts {
			counted += n
			if !chosen[grade] && n > 0 {
				t.Errorf("%d of grade %s are counted", n, grade)
			}
		}
	}
	for _, known := range got.Ledger {
		if chosen[known.Grade] {
			graded++
		} else if len(known.Fields) == 0 {
			t.Errorf("%s is of grade %s, and none of its fields is of another", known.Name, known.Grade)
		}
		for _, field := range known.Fields {
			graded++
			if !chosen[field.Grade] {
				t.Errorf("%s %s is of grade %s", known.Name, field.Name, field.Grade)
			}
		}
	}
	if counted != graded || graded == 0 {
		t.Errorf("%d are counted, and %d are there", counted, graded)
	}
	if _, page, _ := play(t, "evidence", "--grade", "ours"); !strings.Contains(page, "| header | `webhook-id`") ||
		strings.Contains(page, "| seed | integration") {
		t.Errorf("what is ours:\n%s", page)
	}
}
