package storetest

import (
	"errors"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func testFiles(t *testing.T, s clinic.Store) {
	a, b := create(t, s, "a"), create(t, s, "b")
	file := func(id, data string) clinic.File {
		return clinic.File{ID: id, UserID: "1", Upload: clinic.Upload{Type: "image/png", Data: []byte(data)}}
	}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutFile(file("1", "one"))
		tx.PutFile(file("2", "before"))
		tx.PutFile(file("2", "two, longer")) // replaces
		tx.PutFile(file("3", "three"))
		tx.RemoveFile("3")
		tx.RemoveFile("9") // changes nothing
		tx.RemoveFile("")
	})
	as := func(v clinic.View, what string, stored int, want ...string) {
		t.Helper()
		var got []string
		for _, id := range []string{"1", "2", "3", "4"} {
			if f, ok := v.File(id); ok {
				diff(t, what, file(id, string(f.Data)), f)
				got = append(got, string(f.Data))
			}
		}
		diff(t, what, want, got)
		all := []string{}
		for f := range v.Files() {
			all = append(all, f.ID)
		}
		diff(t, what+", count", [2]int{len(got), len(got)}, [2]int{len(all), v.FileCount()})
		diff(t, what+", bytes", stored, v.FileBytes())
	}
	ofA := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, id := range []string{"1", "2", "3", "4"} {
			if of, err := s.ClinicOfFile(t.Context(), id); err == nil && of == a {
				got = append(got, id)
			} else if !errors.Is(err, clinic.ErrUnknown) {
				t.Errorf("%s: the file %s is of %q, %v", what, id, of, err)
			}
		}
		diff(t, what, want, got)
	}
	view(t, s, a, func(v clinic.View) { as(v, "put", 14, "one", "two, longer") })
	ofA("clinic of a file", "1", "2")
	if of, err := s.ClinicOfToken(t.Context(), "1"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("the id of a file as a token is of %q, %v", of, err)
	}
	view(t, s, b, func(v clinic.View) { as(v, "another clinic", 0) })
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutFile(file("1", "changed"))
		tx.PutFile(file("4", "four"))
		tx.RemoveFile("2")
		as(tx, "within an update", 11, "changed", "four")
		tx.Clear()
		tx.PutFile(file("3", "anew"))
		return failure
	})
	diff(t, "error", true, errors.Is(err, failure))
	ofA("clinic of a file, rolled back", "1", "2")
	update(t, s, a, func(tx clinic.Tx) {
		as(tx, "rolled back", 14, "one", "two, longer")
		tx.ClearActivity(nil)
	})
	ofA("clinic of a file, without activity", "1", "2")
	update(t, s, a, func(tx clinic.Tx) {
		tx.Clear()
		as(tx, "cleared", 0)
		tx.PutFile(file("4", "four"))
	})
	ofA("clinic of a file, cleared", "4")
	if err := s.Delete(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	ofA("clinic of a file, deleted")
}
