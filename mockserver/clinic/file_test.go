package clinic_test

import (
	"errors"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// The number of a clinic's files has a limit. Deleting a file makes room.
func TestTheNumberOfFilesOfAClinicHasALimit(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{})
	token := signOn(t, c).Token.Text
	add := func() (clinic.File, error) {
		return c.AddFile(t.Context(), token, clinic.UserDocument, clinic.Upload{Name: "a", Data: []byte("x")})
	}
	for n := range clinic.MaxFiles {
		if _, err := add(); err != nil {
			t.Fatalf("file %d: %s", n, err)
		}
	}
	var refused *clinic.Error
	if _, err := add(); !errors.As(err, &refused) || refused.Kind != clinic.Invalid ||
		refused.Message != "the clinic must not have more than 10000 files: delete some" {
		t.Errorf("one too many: %v", err)
	}
	files, err := c.Files(t.Context(), token, clinic.FileFilter{})
	if err != nil || len(files) != clinic.MaxFiles {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if err := c.DeleteFile(t.Context(), token, files[0].ID); err != nil {
		t.Error(err)
	}
	last, err := add()
	if files, _ := c.Files(t.Context(), token, clinic.FileFilter{}); err != nil || files[0].ID != last.ID {
		t.Errorf("the newest is not the last one stored, %v", err)
	}
}
