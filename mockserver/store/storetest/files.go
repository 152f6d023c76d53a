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
		diff(t, what+", bytes", stored, v.FileBytes())
	}
	view(t, s, a, func(v clinic.View) { as(v, "put", 14, "one", "two, longer") })
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
	update(t, s, a, func(tx clinic.Tx) {
		as(tx, "rolled back", 14, "one", "two, longer")
		tx.Clear()
		as(tx, "cleared", 0)
	})
}
