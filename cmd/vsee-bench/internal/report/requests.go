package report

import (
	"slices"
	"time"
)

// Sample is one measured period of one server under the requests of one operation.
type Sample struct {
	Replies   int
	Took      time.Duration
	P99       time.Duration // between a request and its reply
	ServerCPU time.Duration
	DriverCPU time.Duration
	RSSBefore int64 // of the server, in bytes
	RSSAfter  int64
}

// Request is a cell of the table of requests: one server and one operation.
type Request struct {
	Server    string  `json:"server"`
	Operation string  `json:"operation"`
	CPU       float64 `json:"cpu_us"` // of the server, in microseconds per request
	Ratio     float64 `json:"ratio"`  // of that to the bare server's; 0 where one of the two is void
	PerSecond float64 `json:"per_s"`  // replies
	P99       float64 `json:"p99_ms"` // between a request and its reply
	Before    float64 `json:"rss_before_mb"`
	After     float64 `json:"rss_after_mb"`
	Busy      float64 `json:"server_cores"`   // cores kept busy by the server
	Driver    float64 `json:"driver_cores"`   // cores kept busy by the driver
	Void      string  `json:"void,omitempty"` // the reason for not counting the cell
}

// DriverBusy is the reason for a void cell: the server has waited for the driver.
const DriverBusy = "void: the driver was the bottleneck"

// NewRequest returns the medians of samples. It is void when the driver's core was busier than the server's.
func NewRequest(server, operation string, samples []Sample) Request {
	of := func(value func(Sample) float64) float64 {
		var all []float64
		for _, s := range samples {
			all = append(all, value(s))
		}
		return Median(all)
	}
	r := Request{
		Server: server, Operation: operation,
		CPU:       of(func(s Sample) float64 { return 1e6 * s.ServerCPU.Seconds() / float64(s.Replies) }),
		PerSecond: of(func(s Sample) float64 { return float64(s.Replies) / s.Took.Seconds() }),
		P99:       of(func(s Sample) float64 { return 1e3 * s.P99.Seconds() }),
		Before:    of(func(s Sample) float64 { return MB(s.RSSBefore) }),
		After:     of(func(s Sample) float64 { return MB(s.RSSAfter) }),
		Busy:      of(func(s Sample) float64 { return s.ServerCPU.Seconds() / s.Took.Seconds() }),
		Driver:    of(func(s Sample) float64 { return s.DriverCPU.Seconds() / s.Took.Seconds() }),
	}
	if r.Driver > r.Busy {
		r.Void = DriverBusy
	}
	return r
}

// Compare sets the ratio of each cell to the cell of the bare server for the same operation.
func Compare(cells []Request, bare string) {
	for i, c := range cells {
		at := slices.IndexFunc(cells, func(b Request) bool { return b.Server == bare && b.Operation == c.Operation })
		if at >= 0 && c.Void == "" && cells[at].Void == "" {
			cells[i].Ratio = Ratio(c.CPU, cells[at].CPU)
		}
	}
}

// Median returns the median, between the middle two of an even number; 0 for none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
