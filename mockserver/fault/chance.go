package fault

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Draw returns the nth 32 bytes of a source of chance by its name, the same for the same name and n.
type Draw func(name string, n uint64) [32]byte

// chances are two numbers between 0 and 1, neither of which they ever are: whether a fault befalls a request, and how
// late it makes the reply.
func (d Draw) chances(name string, n uint64) (whether, late float64) {
	sum := d(name, n)
	return fraction(sum[:8]), fraction(sum[8:16])
}

// fraction makes a number between 0 and 1 of the 52 bits for which the middle between two of them can be told from 1.
func fraction(bits []byte) float64 {
	const shift = 12
	return (float64(binary.BigEndian.Uint64(bits)>>shift) + 0.5) / (1 << (64 - shift))
}

// beyond is how many times its far end a long tail can be.
const beyond = 10

// quantile is the standard normal distribution's of 0.99.
const quantile = 2.3263478740408408

// latency returns the latency below which a part u of all is. A long tail is log-normal, with its median and its 99th
// percentile where they were asked for, but never longer than ten times the latter.
func latency(l scenarios.Latency, u float64) time.Duration {
	if !l.Tail {
		return l.From + time.Duration(u*float64(l.To-l.From))
	}
	from, to := float64(l.From), float64(l.To)
	deviations := math.Sqrt2 * math.Erfinv(2*u-1) / quantile
	return time.Duration(min(from*math.Pow(to/from, deviations), beyond*to))
}
