package session_test

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/session"
)

func TestASelectionChooses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config config.Config
		want   string
	}{
		"an id":     {config.Config{IDs: []string{"AUTH-002"}}, "AUTH-002"},
		"a pattern": {config.Config{IDs: []string{"AUTH-01[0-2]"}}, "AUTH-010 AUTH-011 AUTH-012"},
		"a level":   {config.Config{IDs: []string{"AUTH-01[0-2]"}, Levels: []string{"may"}}, "AUTH-010"},
		"a label": {config.Config{IDs: []string{"AUTH-01[0-2]"}, Labels: []string{"op:getUser", "level:should"}},
			"AUTH-012"},
		"a shape": {config.Config{IDs: []string{"SHAPE-get-[acfmu]*"}, Labels: []string{"shape"}},
			"SHAPE-get-account SHAPE-get-availability SHAPE-get-claim SHAPE-get-current-visit SHAPE-get-file SHAPE-get-me " +
				"SHAPE-get-user"},
		"a need": {config.Config{IDs: []string{"USER-*"}, Needs: []string{"clock"}}, "USER-005"},
		"no need": {config.Config{Needs: []string{"clokc"}},
			`nothing is selected: there is no capability "clokc"; it is clock, webhook, mutating, visits, member or mock`},
		"no such id": {config.Config{IDs: []string{"AUTH-999"}},
			`nothing is selected: there is no requirement "AUTH-999"; did you mean AUTH-0`},
		"the start of ids": {config.Config{IDs: []string{"ELIG"}},
			`nothing is selected: there is no requirement "ELIG"; did you mean 'ELIG-*'?`},
		"a start within": {config.Config{IDs: []string{"AUTH-get-me-"}},
			`there is no requirement "AUTH-get-me-"; did you mean 'AUTH-get-me-*'?`},
		"a start of a word": {config.Config{IDs: []string{"AUTH-get-m"}}, "did you mean 'AUTH-get-m*'?"},
		"no pattern":        {config.Config{IDs: []string{"[]"}}, `nothing is selected: there is no requirement "[]"`},
		"no label": {config.Config{Labels: []string{"fast"}},
			`nothing is selected: no requirement has the label "fast"`},
		"never both": {config.Config{IDs: []string{"AUTH-001"}, Levels: []string{"may"}},
			"nothing is selected: no requirement matches all"},
	} {
		listed, err := session.List(t.Context(), tc.config)
		var got []string
		for _, l := range listed {
			got = append(got, l.ID)
		}
		if text := strings.Join(got, " "); err == nil && text != tc.want || err != nil &&
			!strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %s, %v, want %s", name, text, err, tc.want)
		}
	}
}
