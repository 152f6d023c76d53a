package mockserver_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Every text of eligibility_response can be produced: eligible by a scenario of the catalogue, and each reject reason
// by its number.
func TestEveryReplyTextCanBeProduced(t *testing.T) {
	t.Parallel()
	numbers := map[string]string{scenarios.Success: "70000001"}
	for _, r := range scenarios.Reasons() {
		numbers[r.Text] = "110000" + r.Code
	}
	if len(numbers) != 54 {
		t.Errorf("there are %d texts", len(numbers))
	}
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "texts"})
	patients := map[string]string{}
	for text, number := range numbers {
		id, token := patient(t, c, number, number)
		start(t, c, id, token)
		patients[text] = id
	}
	c.Advance(t, 10*time.Second)
	for text, id := range patients {
		if got := response(t, c, id, "primary"); got != text {
			t.Errorf("number %s is answered %q, want %q", numbers[text], got, text)
		}
	}
}
