package clinic

import (
	"encoding/json"
	"testing"
)

// The data of an event has the same JSON as encoding/json writes for its fields.
func TestTheDataOfACheckIsWrittenLikeOtherJSON(t *testing.T) {
	t.Parallel()
	type fields EligibilityCheckedData
	for _, text := range []string{"", "Success", "a b~!", `"`, `\`, "<", ">", "&", "é", "\n", "\x7f", "\xff", "\u2028"} {
		for _, data := range []EligibilityCheckedData{{text, "1", "2", "3"}, {"0", text, "2", "3"}, {"0", "1", text, "3"},
			{"0", "1", "2", text}} {
			want, err := json.Marshal(fields(data))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := data.MarshalJSON(); string(got) != string(want) || err != nil {
				t.Errorf("%s, %v, want %s", got, err, want)
			}
		}
	}
}
