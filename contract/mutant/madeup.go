package mutant

import (
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// madeUp replaces an operation's refusal of a status, if the call matches, with a made-up success.
func madeUp(operation string, status int, fits func(call) bool) func(*memory) lie {
	return taken(operation, status, func(c call, _ reply) bool { return fits(c) })
}

// refusedFor matches a refusal with a text in its message.
func refusedFor(text string) func(call, reply) bool {
	return func(_ call, r reply) bool { return strings.Contains(r.text("message"), text) }
}

// taken is like madeUp, but it looks at the refusal too, not at the call alone.
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

// instead answers each call of an operation with a made-up success, and forwards none.
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

// tokenOfReply returns the token member, with its name, from the data of the sign-on example. It belongs to no user.
func tokenOfReply() string {
	body := []byte(successOf("signOn"))
	token, _ := find(body, "data", "token")
	return string(body[token.Start:token.Value.End()])
}

// successOf returns a successful reply of an operation: the first example in openapi.yaml. An image has no example
// there. A body other than an image still counts as a success for a requirement that a call is refused.
func successOf(operation string) string {
	o, _ := embedded.Spec().Operation(operation)
	for _, example := range o.Examples(http.StatusOK) {
		return string(example)
	}
	return `{"data":{}}`
}
