package scenarios_test

import (
	"runtime/debug"
	"testing"
)

// The tests load thousands of files and keep few of them, so they collect the garbage less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
