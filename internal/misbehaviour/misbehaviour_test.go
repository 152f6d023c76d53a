package misbehaviour

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

func TestEachFieldHasItsRow(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Misbehaviour]()
	if fields.NumField() != len(keys) {
		t.Fatalf("%d fields have %d rows", fields.NumField(), len(keys))
	}
	for i, k := range keys {
		for _, tag := range []string{"yaml", "json"} {
			if name, _, _ := strings.Cut(fields.Field(i).Tag.Get(tag), ","); name != k.name {
				t.Errorf("the row %d is of %s, the field has the %s name %s", i, k.name, tag, name)
			}
		}
	}
}

func TestAMisbehaviourInWords(t *testing.T) {
	t.Parallel()
	m := Misbehaviour{
		Refused: 1, Duplicate: Duplicate{Times: 1}, Burst: 2, Hold: Hold{For: time.Minute}, Signature: SignatureOld,
		Timestamp: TimestampFuture,
		Altered:   true, ExtraField: true, Slow: scalar.Duration(time.Minute), Gzip: true, Attempts: 3,
	}
	want := []string{
		"refused: 1", "burst: 2", "hold: 1m0s", "signature: old", "timestamp: future", "altered: true", "extra_field: true",
		"slow: 1m0s", "gzip: true",
	}
	if diff := cmp.Diff(want, m.Words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAScenariosMisbehaviourWinsKeyByKey(t *testing.T) {
	t.Parallel()
	clinic := Misbehaviour{Hold: Hold{Next: true}, Gzip: true, Signature: SignatureBad}
	for name, tc := range map[string]struct{ scenario, want Misbehaviour }{
		"nothing": {Misbehaviour{}, clinic},
		"another key": {Misbehaviour{Altered: true}, Misbehaviour{Hold: Hold{Next: true}, Gzip: true,
			Signature: SignatureBad, Altered: true}},
		"the same key": {Misbehaviour{Signature: SignatureOld},
			Misbehaviour{Hold: Hold{Next: true}, Gzip: true, Signature: SignatureOld}},
		"another delay": {Misbehaviour{AfterRead: true}, Misbehaviour{AfterRead: true, Gzip: true, Signature: SignatureBad}},
	} {
		if diff := cmp.Diff(tc.want, tc.scenario.MergedOver(clinic)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLaterAttemptsMisbehaveLess(t *testing.T) {
	t.Parallel()
	twice := Duplicate{Times: 2}
	m := Misbehaviour{Refused: 1, Burst: 2, Hold: Hold{Next: true}, Signature: SignatureBad, Duplicate: twice, Attempts: 1}
	for attempt, want := range map[int]Misbehaviour{
		1: m,
		2: {Signature: SignatureBad, Duplicate: twice, Attempts: 1},
		3: {Duplicate: twice, Attempts: 1},
	} {
		if diff := cmp.Diff(want, m.ForAttempt(attempt)); diff != "" {
			t.Errorf("attempt %d (-want +got):\n%s", attempt, diff)
		}
	}
}

func TestASchemeThatSignsNoTimeCannotSignAStaleOne(t *testing.T) {
	t.Parallel()
	m := Misbehaviour{Signature: SignatureOld, Timestamp: TimestampStale}
	for scheme, want := range map[signature.Scheme]Misbehaviour{
		signature.Standard: m, signature.GitHub: {Signature: SignatureOld}, signature.Unsigned: {},
	} {
		if diff := cmp.Diff(want, m.ForScheme(scheme)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", scheme, diff)
		}
	}
}

func TestADuplicateIsANumberOrItsKeys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`2`: "2: 2", `{"times":2,"at_once":true}`: `{"times":2,"at_once":true}: 2 at once`, `{"times":3}`: "3: 3",
		`"2"`: ErrDuplicate.Error(), `{"at_once":true}`: ErrDuplicate.Error(),
		`{"times":2,"once":true}`: ErrDuplicate.Error(),
	} {
		var d Duplicate
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			if err.Error() != want {
				t.Errorf("%s: %s", text, err)
			}
			continue
		}
		written, err := json.Marshal(d)
		if got := string(written) + ": " + d.String(); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", text, got, err, want)
		}
	}
}
