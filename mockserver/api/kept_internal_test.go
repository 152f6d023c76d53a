package api

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func TestAReplyIsEncodedOnceForARow(t *testing.T) {
	t.Parallel()
	var k kept[clinic.User]
	made := 0
	of := func(u *clinic.User) string {
		r, err := k.reply(u, func() (reply, error) {
			made++
			return reply{data: u.ID, shows: u.ID}, nil
		})
		if err != nil || r.shows != u.ID || r.valid == nil {
			t.Errorf("the reply is %+v, %v", r, err)
		}
		return string(r.body)
	}
	first, second := &clinic.User{ID: "1"}, &clinic.User{ID: "2"}
	for range 2 {
		if of(first) != "{\"data\":\"1\"}\n" || of(second) != "{\"data\":\"2\"}\n" {
			t.Errorf("the bodies are %s and %s", of(first), of(second))
		}
	}
	if made != 2 {
		t.Errorf("%d replies were made for two rows", made)
	}
	for range maxKept {
		of(&clinic.User{ID: "n"})
	}
	if len(k.replies) > maxKept {
		t.Errorf("%d replies are kept", len(k.replies))
	}
}
