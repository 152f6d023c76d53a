package claims_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
)

func TestDollarsAreReadToTheCent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]claims.Cents{"0": 0, "28": 2800, "28.5": 2850, "28.05": 2805,
		"9999999.99": 999_999_999, "0.10": 10} {
		got, err := claims.ParseCents(text)
		if err != nil || got != want {
			t.Errorf("%s is %d cents, %v; want %d", text, got, err, want)
		}
		if again, err := claims.ParseCents(got.String()); err != nil || again != want {
			t.Errorf("%s is written %s", text, got)
		}
	}
	for _, text := range []string{"", "-1", "1.", ".5", "1.005", "1e2", "1,000", " 1", "10000000", "$1", "٣"} {
		if got, err := claims.ParseCents(text); err == nil {
			t.Errorf("%q is taken for %d cents", text, got)
		}
	}
}

// ICD-10 codes come with a dot or a hyphen, in any case, and are shown with a dot.
func TestDiagnosesHaveANormalForm(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"R05.9": "R05.9", "r05-9": "R05.9", "Z20-822": "Z20.822", "U07.1": "U07.1", "I10": "I10", "C7A.00": "C7A.00",
		"S72.001A": "S72.001A",
	} {
		if got, ok := claims.NormalDiagnosis(code); !ok || got != want {
			t.Errorf("%s is %s, %t; want %s", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "R", "R5", "R059", "R05.", "R05..9", "R05 9", "R05.98765", "105.9", "cough"} {
		if got, ok := claims.NormalDiagnosis(code); ok {
			t.Errorf("%s is taken for %s", code, got)
		}
	}
}
