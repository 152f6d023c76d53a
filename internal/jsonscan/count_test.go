package jsonscan_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// countValues returns the number of values in a value, itself included.
func countValues(v jsonscan.Value) int {
	n := 1
	for _, item := range v.Items {
		n += countValues(item)
	}
	for _, member := range v.Members {
		n += countValues(member.Value)
	}
	return n
}

// A text of 1 MiB can have half a million values, and each takes more than a hundred bytes of memory.
func TestATextOfTooManyValuesIsRefusedBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	var members strings.Builder
	for n := range jsonscan.MaxValues {
		members.WriteString(`,"` + strconv.Itoa(n) + `":0`)
	}
	for name, text := range map[string]string{
		"numbers": "[0" + strings.Repeat(",0", jsonscan.MaxValues) + "]",
		"lists":   "[[]" + strings.Repeat(",[]", jsonscan.MaxValues) + "]",
		"objects": `[{"a":0}` + strings.Repeat(`,{"a":0}`, jsonscan.MaxValues/2) + "]",
		"members": `{"a":0` + members.String() + "}",
	} {
		v, err := jsonscan.Parse([]byte(text), jsonscan.MaxDepth, 0)
		if jsonscan.Broken(err) != jsonscan.Count || !strings.Contains(err.Error(), "has more than 50000 values") {
			t.Errorf("%s: %v", name, err)
		}
		if n := countValues(v); n > jsonscan.MaxValues+1 {
			t.Errorf("%s: %d values were read", name, n)
		}
		if v, err := jsonscan.Parse([]byte(text), jsonscan.MaxDepth, jsonscan.Loose); err != nil ||
			countValues(v) < jsonscan.MaxValues {
			t.Errorf("%s: a loose reading has %d values: %v", name, countValues(v), err)
		}
	}
	most := "[0" + strings.Repeat(",0", jsonscan.MaxValues-2) + "]"
	if v, err := jsonscan.Parse([]byte(most), jsonscan.MaxDepth, 0); err != nil || countValues(v) != jsonscan.MaxValues {
		t.Errorf("%d values: %v", countValues(v), err)
	}
}
