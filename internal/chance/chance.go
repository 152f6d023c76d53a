// Package chance draws from the seed of a clinic: the same seed gives the same draws, in every run and in any order.
package chance

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Source is a clinic's source of chance.
type Source struct {
	Account string // the clinic's account code
	Seed    uint64
}

// Bytes returns the nth 32 random bytes for a subject.
func (s Source) Bytes(subject string, n uint64) [sha256.Size]byte {
	text := binary.BigEndian.AppendUint64(make([]byte, 0, 128), s.Seed) // the room suits most subjects
	text = binary.BigEndian.AppendUint64(text, n)
	text = append(text, subject...)
	text = append(text, 0)
	return sha256.Sum256(append(text, s.Account...))
}

// Draw draws for one subject, such as a check.
type Draw struct {
	Source
	Subject string
	N       int // of the subject
}

// OfCheck returns the draw for the nth check of a subscriber with an insurer. It does not depend on other checks, so
// tests in parallel do not change it.
func (s Source) OfCheck(carrier, subscriber string, nth int) Draw {
	return Draw{s, "check of " + carrier + " " + subscriber, nth}
}

// OfClaim returns the draw for the nth stage of a claim.
func (s Source) OfClaim(id string, nth int) Draw { return Draw{s, "claim " + id, nth} }

// Part returns a number in (0, 1) for one question about the subject.
func (d Draw) Part(question string) float64 {
	sum := d.Bytes(question+" of "+d.Subject, uint64(d.N)) //nolint:gosec // a count
	return Fraction(sum[:8])
}

// Between returns a time span from one to another, in whole milliseconds above the first.
func (d Draw) Between(question string, from, to time.Duration) time.Duration {
	return from + time.Duration(d.Part(question)*float64(to-from)).Truncate(time.Millisecond)
}

// Fraction returns a number in (0, 1) from the top 52 bits. With more bits, adding 0.5 would round the largest value up
// to 1.
func Fraction(bits []byte) float64 {
	const shift = 12
	return (float64(binary.BigEndian.Uint64(bits)>>shift) + 0.5) / (1 << (64 - shift))
}
