package fault

import (
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Draw returns the nth 32 bytes of a source of chance by its name, the same for the same name and n.
type Draw func(name string, n uint64) [32]byte

// chances are two numbers strictly between 0 and 1: one decides whether a fault affects a request, the other how late
// it makes the reply.
func (d Draw) chances(name string, n uint64) (whether, late float64) {
	sum := d(name, n)
	return chance.Fraction(sum[:8]), chance.Fraction(sum[8:16])
}

// latency returns the latency at the fraction u of the distribution. With a long tail, half of the latencies are the
// near end, one in a hundred is beyond the far end, by at most the distance between the ends, and the rest are between
// the two.
func latency(l scenarios.Latency, u float64) time.Duration {
	between := func(from, to time.Duration, part float64) time.Duration {
		return from + time.Duration(part*float64(to-from))
	}
	const near, far = 0.5, 0.99
	switch {
	case !l.Tail:
		return between(l.From, l.To, u)
	case u < near:
		return l.From
	case u < far:
		return between(l.From, l.To, (u-near)/(far-near))
	default:
		return between(l.To, 2*l.To-l.From, (u-far)/(1-far))
	}
}
