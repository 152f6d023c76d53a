package api

import (
	"sync"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// kept are the replies made from rows of the store. A row never changes, so its reply is encoded and validated once.
// The zero value is ready, and safe for concurrent use.
type kept[Row any] struct {
	mu      sync.RWMutex
	replies map[*Row]reply
}

// maxKept is the number of kept replies. Beyond it, all are forgotten: most are of earlier rows.
const maxKept = 1_000

// reply returns the reply of a row. newReply makes it for the first time.
func (k *kept[Row]) reply(of *Row, newReply func() (reply, error)) (reply, error) {
	k.mu.RLock()
	known, ok := k.replies[of]
	k.mu.RUnlock()
	if ok {
		return known, nil
	}
	made, err := newReply()
	if err == nil {
		err = made.encode()
	}
	if err != nil {
		return made, err
	}
	made.data, made.valid = nil, &atomic.Bool{}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.replies == nil || len(k.replies) == maxKept {
		k.replies = map[*Row]reply{}
	}
	k.replies[of] = made
	return made, nil
}

// keptReplies are the kept replies of the operations that read a row.
type keptReplies struct {
	insurers kept[clinic.Settings]
	signedOn kept[clinic.User] // without the token
	me       kept[clinic.User]
	users    kept[clinic.User]
}
