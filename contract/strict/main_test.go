package strict_test

import (
	"runtime/debug"
	"testing"
)

// The tests judge thousands of replies and keep none of them, so they collect the garbage less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
