//go:build unix

package outfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestADeviceIsWrittenToAndStays(t *testing.T) {
	t.Parallel()
	device := filepath.Join(t.TempDir(), "null")
	if err := syscall.Mknod(device, syscall.S_IFCHR|0o666, 1<<8|3); err != nil {
		t.Skipf("making a device, which takes root: %v", err)
	}
	before, err := os.Stat(device)
	if err != nil {
		t.Fatal(err)
	}
	if err := put(t, device, "text"); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			t.Skip("the temporary folder is mounted without devices")
		}
		t.Fatal(err)
	}
	after, err := os.Lstat(device)
	if err != nil || !os.SameFile(before, after) || after.Mode()&fs.ModeCharDevice == 0 {
		t.Errorf("it is %v now, %v", after.Mode(), err)
	}
}
