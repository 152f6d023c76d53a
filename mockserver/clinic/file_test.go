package clinic_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// After any calls, the files are those that were uploaded and not deleted, and the images of the cards. No card has the
// image of nobody, and each image sent with a card is on one.
func TestFilesAndCardsAgreeAfterAnyCalls(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := filePlay{t: t, c: newClinic(t, clinic.Settings{}), draw: rand.New(rand.NewPCG(seed, 0)),
				uploaded: map[string]bool{}}
			f.token = signOn(t, f.c).Token.Text
			for range 60 {
				f.step()
				f.verify()
			}
		})
	}
}

// filePlay plays random calls about one patient's files.
type filePlay struct {
	t        *testing.T
	c        *clinic.Clinic
	token    string
	draw     *rand.Rand
	uploaded map[string]bool // by id
}

// any returns the id of one of the patient's files, or of none.
func (f *filePlay) any() string {
	ids := append(slices.Sorted(maps.Keys(f.files())), "none")
	return ids[f.draw.IntN(len(ids))]
}

func (f *filePlay) files() map[string]clinic.File {
	f.t.Helper()
	list, err := f.c.Files(f.t.Context(), f.token, clinic.FileFilter{})
	if err != nil {
		f.t.Fatal(err)
	}
	byID := map[string]clinic.File{}
	for _, file := range list {
		byID[file.ID] = file.File
	}
	return byID
}

func (f *filePlay) step() {
	ctx, order := f.t.Context(), clinic.Orders()[f.draw.IntN(2)]
	image := &clinic.Upload{Name: "a.png", Type: "image/png", Data: []byte("x")}
	switch f.draw.IntN(7) {
	case 0:
		if file, err := f.c.AddFile(ctx, f.token, "", *image); err == nil {
			f.uploaded[file.ID] = true
		}
	case 1:
		id := f.any()
		if f.c.DeleteFile(ctx, f.token, id) == nil {
			delete(f.uploaded, id)
		}
	case 2:
		_, _ = f.c.RenameFile(ctx, f.token, f.any(), "b")
	case 3:
		_, _ = f.c.UpdateUser(ctx, f.token, clinic.Patch{Fields: []clinic.Field{
			{"insurance.primary.carrier_code", "car7556"}, {clinic.FrontImage, f.any()},
		}})
	case 4:
		images := [3]*clinic.Upload{image, {}, nil}
		_, _ = f.c.UpdateCard(ctx, f.token, clinic.Self, clinic.CardPatch{
			Order: order, Fields: map[string]string{"insurer_code": "car7556"},
			Front: images[f.draw.IntN(3)], Back: images[f.draw.IntN(3)],
		})
	case 5:
		_, _ = f.c.DeleteCard(ctx, f.token, clinic.Self, order)
	case 6:
		_, _ = f.c.ImportCards(ctx, f.token, clinic.Self, []clinic.CardPatch{
			{Order: order, Fields: map[string]string{"insurer_code": "car7556"}, Back: image},
		})
	}
}

func (f *filePlay) verify() {
	f.t.Helper()
	user, err := f.c.User(f.t.Context(), f.token, clinic.Self)
	if err != nil {
		f.t.Fatal(err)
	}
	want := maps.Clone(f.uploaded)
	for _, order := range clinic.Orders() {
		card := user.Insurance.Card(order)
		for _, id := range []string{card.Front, card.Back} {
			if id != "" {
				want[id] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(f.files()))); diff != "" {
		f.t.Fatalf("files (-want +got):\n%s", diff)
	}
}
