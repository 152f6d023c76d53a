package contenttype_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
)

func TestBoundariesAreTakenAsClientsWriteThem(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]string{
		"multipart/form-data; boundary=abc":                    "abc",
		`multipart/form-data; boundary="a b"`:                  "a b",
		"multipart/form-data; boundary=a(b):c":                 "a(b):c",
		"multipart/form-data; Boundary=a/b; charset=utf-8":     "a/b",
		"multipart/form-data; charset=utf-8; boundary=--x==":   "--x==",
		"multipart/form-data":                                  "",
		"multipart/form-data; boundary=":                       "",
		"multipart/form-data; boundary=----dart-http.boundary": "----dart-http.boundary",
		"multipart/form-data; boundary=X; boundary=--curl":     "--curl",
		`multipart/form-data; boundary="X"; BOUNDARY="--c;d"`:  "--c;d",
		"multipart/form-data; boundary=X; boundary=":           "X",
		"multipart/form-data;boundary = X ;charset=utf-8":      "X",
		`multipart/form-data; boundary="a\"b"; x="boundary=y"`: `a"b`,
		`multipart/form-data; boundary="abc`:                   "abc",
		`multipart/form-data; boundary="abc\`:                  `abc\`,
		`multipart/form-data; boundary; =; ;boundary=X`:        "X",
	} {
		if got := contenttype.Boundary(contentType); got != want {
			t.Errorf("%s: %q, want %q", contentType, got, want)
		}
	}
}

func TestEachBoundaryOfAContentTypeIsFound(t *testing.T) {
	t.Parallel()
	const header = `multipart/form-data; boundary=X; charset=utf-8; boundary="a;b"; boundary=c,d`
	got := slices.Collect(contenttype.Boundaries(header))
	if diff := cmp.Diff([]string{"X", "a;b", "c,d"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestADispositionOfAnyTypeHasItsParameters(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]map[string]string{
		`form-data; name="a"; filename=""`: {"name": "a", "filename": ""},
		`attachment; name = "a"`:           {"name": "a"},
		`form-data; name*=UTF-8''%61`:      {"name": "a"},
		`form-data; name="a`:               nil,
		``:                                 nil,
	} {
		if diff := cmp.Diff(want, contenttype.Disposition(header)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", header, diff)
		}
	}
}
