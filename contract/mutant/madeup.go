package mutant

import (
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// madeUp answers what an operation refuses with a status, if it fits, with a success that nobody had.
func madeUp(operation string, status int, fits func(call) bool) func(*memory) lie {
	return taken(operation, status, func(c call, _ reply) bool { return fits(c) })
}

// refusedFor fits a refusal whose message has a text.
func refusedFor(text string) func(call, reply) bool {
	return func(_ call, r reply) bool { return strings.Contains(r.text("message"), text) }
}

// taken is as madeUp, where the refusal must fit too.
func taken(operation string, status int, fits func(call, reply) bool) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status == status && fits(c, r) {
				return reply{http.StatusOK, r.header, []byte(successOf(operation))}, nil
			}
			return r, err
		}
	}
}

// instead answers each call of an operation with a success that nobody had, and hands none on.
func instead(operation string) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			if c.operation() == operation {
				return reply{http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(successOf(operation))}, nil
			}
			return on(c)
		}
	}
}

// tokenOfReply returns the member of the data of a sign-on that is not the user's.
func tokenOfReply() string {
	body := []byte(successOf("signOn"))
	token, _ := find(body, "data", "token")
	return string(body[token.Start:token.Value.End()])
}

// successOf returns a successful reply of an operation, the first that openapi.yaml shows. An image is shown nowhere; a body
// that is none is a success too for a requirement that a call is refused.
func successOf(operation string) string {
	o, _ := embedded.Spec().Operation(operation)
	for _, example := range o.Examples(http.StatusOK) {
		return string(example)
	}
	return `{"data":{}}`
}
