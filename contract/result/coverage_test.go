package result_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// A part is one line of text in JSON, and is the same after it has been read again.
func TestAPartIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	for text, part := range map[string]result.Part{
		`getMe 200`:           {Operation: "getMe", Status: 200},
		`getMe 200 text/html`: {Operation: "getMe", Status: 200, MediaType: "text/html"},
		`getMe 200 application/json /data/*/id`: {
			Operation: "getMe", Status: 200, MediaType: "application/json", Pointer: "/data/*/id",
		},
		`getMe 200 application/json /state="a = b"`: {
			Operation: "getMe", Status: 200, MediaType: "application/json", Pointer: "/state", Value: `"a = b"`,
		},
		`getMe 200 application/json =1`: {
			Operation: "getMe", Status: 200, MediaType: "application/json", Value: "1",
		},
		`claim.updated 2.0`:             {Operation: "claim.updated", Envelope: "2.0"},
		`claim.updated unversioned /id`: {Operation: "claim.updated", Envelope: "unversioned", Pointer: "/id"},
	} {
		var again result.Part
		if err := again.UnmarshalText([]byte(text)); err != nil || part.String() != text || again != part {
			t.Errorf("%s, read as %+v, %v; want %s", part, again, err, text)
		}
	}
	var c result.Coverage
	if err := json.Unmarshal([]byte(`{"seen": ["getMe"]}`), &c); err == nil {
		t.Errorf("a part without a status is read as %+v", c)
	}
}

func TestEachPartHasTheOneAroundIt(t *testing.T) {
	t.Parallel()
	var got []string
	part, ok := result.Part{Operation: "x", Status: 200, MediaType: "a/b", Pointer: "/c/d", Value: "1"}, true
	for ; ok; part, ok = part.Parent() {
		got = append(got, part.Kind()+" "+part.Within())
	}
	want := []string{
		"values of enumerations 200 a/b /c/d=1", "fields 200 a/b /c/d", "fields 200 a/b /c", "media types 200 a/b",
		"statuses 200",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
