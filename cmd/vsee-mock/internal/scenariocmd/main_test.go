package scenariocmd

import (
	"runtime/debug"
	"testing"
)

// The tests make hundreds of mocks and keep few of them, so they collect the garbage less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
