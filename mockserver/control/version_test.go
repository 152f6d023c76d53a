package control_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A client behind a proxy can tell the mock's replies, errors included, from the proxy's.
func TestEachReplySaysWhichMockAnswers(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken, o.Version = "s3cret", "1.2.3" })
	for line, want := range map[string]int{
		"GET /livez": 200, "GET /openapi.yaml": 200, "GET /nothing": 404, "PUT /livez": 405, "GET /clinics": 401,
		"DELETE /clinics/vclinic s3cret": 204, "GET /clinics s3cret": 200, "GET /clinics/nobody s3cret": 404,
	} {
		words := strings.Fields(line + " none")
		request, err := http.NewRequestWithContext(t.Context(), words[0], mock.URL+"/_mock"+words[1], http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+words[2])
		reply, err := mocktest.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		if got := reply.Header.Get("X-Mock-Version"); got != "1.2.3" || reply.StatusCode != want {
			t.Errorf("%s: %d, version %q", line, reply.StatusCode, got)
		}
	}
}
