package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func TestTheClassesDecideBetweenRedAndWarning(t *testing.T) {
	t.Parallel()
	const breaking, unclear, additive = result.Breaking, result.Unclear, result.Additive
	type classes []result.Class
	for name, tc := range map[string]struct {
		failOn       []string
		additive     string
		fails, warns classes
	}{
		"by default":           {nil, "", classes{breaking, unclear}, nil},
		"breaking alone":       {[]string{"breaking"}, "note", classes{breaking}, classes{unclear}},
		"additive as warnings": {nil, "warn", classes{breaking, unclear}, classes{additive}},
		"additive fail":        {nil, "fail", classes{breaking, unclear, additive}, nil},
		"additive alone":       {[]string{"additive"}, "note", classes{additive}, classes{breaking, unclear}},
	} {
		fails, warns := config.Config{FailOn: tc.failOn, Additive: tc.additive}.Policy()
		if diff := cmp.Diff([2]classes{tc.fails, tc.warns}, [2]classes{fails, warns}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnUnknownClassIsRefused(t *testing.T) {
	t.Parallel()
	c := config.Config{
		BaseURL: "http://127.0.0.1:1/api_v3", ControlURL: "http://127.0.0.1:1/_mock", FailOn: []string{"braking", "unclear"},
		Additive: "no",
	}
	const want = "VSEE_FAIL_ON must be breaking, unclear or additive, or several of them\nVSEE_ADDITIVE must be note, " +
		"warn or fail"
	if err := c.Check(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
