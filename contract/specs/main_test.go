package specs_test

import (
	"runtime/debug"
	"testing"
)

// A run allocates gigabytes and keeps little, so the tests collect the garbage less often, as vsee-contract does.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}
