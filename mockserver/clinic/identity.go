package clinic

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// The first ids of a clinic are those of the guide's examples, so that a newcomer gets the same replies as the guide
// shows.
const (
	firstUserID     = 132406 // the clinic's admin; the first patient is the guide's 132407
	firstCheckID    = 2505465
	firstExternalID = 5991794
	firstClaimID    = 7100001 // ours: the guide shows none
	firstRoomID     = 171     // the first visit, room and slot are those of the samples on VSee's page of visits
	firstVisitID    = 1525
	firstBlockID    = 10996909
)

// The counters for things kept by a reset that keeps users.
const (
	userCounter      = "user"
	vseeIDCounter    = "vseeid"
	fileCounter      = "file"
	tokenCounter     = "tokens"
	userTokenCounter = "tokens of users"
	roomCounter      = "room"
	roomCodeCounter  = "room code"
)

// eventCounter is the counter of events, from 1.
const eventCounter = "event"

// idSource makes the ids and tokens of one clinic. They look random and follow from the seed, the account code and a
// count alone, so that a run can be repeated to the byte.
type idSource struct {
	account string
	seed    uint64
}

func (s idSource) randomBytes(subject string, n uint64) [sha256.Size]byte {
	return chance.Source{Account: s.account, Seed: s.seed}.Bytes(subject, n)
}

// hexDigits is the length of VSee's tokens.
const hexDigits = 32

// hex returns 32 lower-case hex digits: the form of VSee's tokens.
func (s idSource) hex(subject string, n uint64) string {
	var text [hexDigits]byte
	return string(s.appendHex(text[:0], subject, n))
}

func (s idSource) appendHex(b []byte, subject string, n uint64) []byte {
	sum := s.randomBytes(subject, n)
	return hex.AppendEncode(b, sum[:hexDigits/2])
}

// RandomSeed returns a seed for a clinic that was given none. It has 32 bits, so that every reader of JSON can send it
// back to repeat a run.
func RandomSeed() uint64 {
	var bits [4]byte
	_, _ = rand.Read(bits[:]) // never fails
	return uint64(binary.BigEndian.Uint32(bits[:]))
}

// idGenerator makes the ids and tokens of a clinic that is being changed; each draw counts.
type idGenerator struct {
	idSource
	tx Tx
}

func newIDGenerator(tx Tx) idGenerator {
	settings := tx.Settings()
	return idGenerator{idSource: idSource{account: settings.AccountCode, seed: settings.Seed}, tx: tx}
}

// tokenSubject is the subject of tokens.
const tokenSubject = "token"

func (d idGenerator) token() string { return d.hex(tokenSubject, d.tx.NextCount(tokenCounter)) }

// twoTokens returns the next two tokens, in one piece of memory.
func (d idGenerator) twoTokens() (first, second string) {
	var text [2 * hexDigits]byte
	both := d.appendHex(text[:0], tokenSubject, d.tx.NextCount(tokenCounter))
	one := string(d.appendHex(both, tokenSubject, d.tx.NextCount(tokenCounter)))
	return one[:hexDigits], one[hexDigits:]
}

// permanentToken returns a token for a field that outlives a reset, such as a code or a username. A second counter
// counts these tokens.
func (d idGenerator) permanentToken() string {
	d.tx.NextCount(userTokenCounter)
	return d.token()
}

// uuid returns the next UUID for a kind of things. Each kind has its own counter, so changes to one kind do not change
// the ids of another.
func (d idGenerator) uuid(subject string, created time.Time) string {
	return d.idSource.uuid(subject, d.tx.NextCount(subject), created)
}

// uuid returns the nth UUID for a kind of things. The format is that of CakePHP 2: version 4, but the first 8 digits
// are the Unix second of creation.
func (s idSource) uuid(subject string, n uint64, created time.Time) string {
	sum := s.randomBytes(subject, n)
	u := sum[:16]
	binary.BigEndian.PutUint32(u, uint32(created.Unix())) //nolint:gosec // VSee's form holds 32 bits, until 2106
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	text := make([]byte, 0, len("00000000-0000-4000-8000-000000000000"))
	for _, part := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10]} {
		text = append(hex.AppendEncode(text, part), '-')
	}
	return string(hex.AppendEncode(text, u[10:]))
}

// vseeID returns the id of a user's VSee account: a prefix, and a UUID without dashes.
func (d idGenerator) vseeID(created time.Time) string {
	return "ccpreview+" + strings.ReplaceAll(d.uuid(vseeIDCounter, created), "-", "")
}

// webhookSecret returns 24 bytes in the form of Standard Webhooks.
func (s idSource) webhookSecret() string {
	sum := s.randomBytes("webhook", 0)
	return signature.SecretPrefix + base64.StdEncoding.EncodeToString(sum[:24])
}
