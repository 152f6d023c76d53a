package webhook

import (
	"errors"
	"fmt"
	"net"
	"testing"
)

func TestAResolverThatDoesNotAnswerIsATimeout(t *testing.T) {
	t.Parallel()
	for want, err := range map[Reason]error{
		Timeout:    &net.DNSError{IsTimeout: true},
		DNS:        &net.DNSError{IsNotFound: true},
		Connection: errors.New("something else"),
	} {
		if got, _ := transportReason(fmt.Errorf("wrapped: %w", err)); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
}
