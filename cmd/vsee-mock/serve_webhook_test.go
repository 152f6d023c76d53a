package main

import (
	"io"
	"testing"
)

// serving returns a serve with the given flags.
func serving(t *testing.T, flags ...string) *serve {
	t.Helper()
	parser := newParser(io.Discard, io.Discard, func() {})
	context, err := parser.Parse(append([]string{"serve"}, flags...))
	if err != nil {
		t.Fatal(err)
	}
	return context.Selected().Target.Addr().Interface().(*serve)
}

func TestServeSignsAsOfTheTimeOfItsFlag(t *testing.T) {
	t.Parallel()
	for want, flags := range map[string][]string{"real": nil, "clinic": {"--webhook-timestamp", "clinic"}} {
		options, err := serving(t, flags...).options(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if got := options.Clinics[0].Webhook.Timestamp; got != want {
			t.Errorf("%v: %q", flags, got)
		}
	}
}
