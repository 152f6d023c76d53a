package api

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type someHandlers struct{}

func (someHandlers) GetMe(context.Context, call) (reply, error) { return reply{data: "me"}, nil }
func (someHandlers) GetUser(context.Context, call) error        { return nil }
func (someHandlers) Extra(context.Context, call) (reply, error) { return reply{}, nil }

func TestAHandlerIsBoundByItsName(t *testing.T) {
	t.Parallel()
	bound, err := bind([]string{"getMe", "getUser", "getRoom"}, someHandlers{})
	const want = "operation getRoom of openapi.yaml has no function\n" +
		"function extra has no operation in openapi.yaml\n" +
		"function getUser must be a func(context.Context, call) (reply, error)"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if got, err := bound["getMe"](t.Context(), call{}); got.data != "me" || err != nil {
		t.Errorf("getMe is bound to a function with the reply %v, %v", got.data, err)
	}
}

func TestAReplyIsEncodedUnderDataOrSentAsItIs(t *testing.T) {
	t.Parallel()
	total := 2
	for name, tc := range map[string]struct {
		reply reply
		want  string
	}{
		"a value": {reply{data: []int{1}}, "200 application/json {\"data\":[1]}\n"},
		"a page":  {reply{data: []int{1}, total: &total}, "200 application/json {\"data\":[1],\"total_count\":2}\n"},
		"another status": {reply{status: 201, data: 1, version: "2.0"},
			"201 application/json {\"data\":1,\"version\":\"2.0\"}\n"},
		"a body": {reply{media: "image/png", body: []byte("PNG")}, "200 image/png PNG"},
	} {
		err := tc.reply.encode()
		got := fmt.Sprintf("%d %s %s", tc.reply.status, tc.reply.media, tc.reply.body)
		if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if err := (&reply{data: func() {}}).encode(); err == nil {
		t.Error("a value without a JSON form is encoded")
	}
}
