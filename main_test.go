package vseemock_test

import (
	"runtime/debug"
	"testing"
)

// The tests parse the whole source and keep little of it, so they collect the garbage less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
