package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

// sample returns a sample of a thousand replies in a second, with these times of the CPU.
func sample(server, driver time.Duration) report.Sample {
	return report.Sample{
		Replies: 1_000, Took: time.Second, P99: 2 * time.Millisecond, ServerCPU: server, DriverCPU: driver,
		RSSBefore: 10 << 20, RSSAfter: 20 << 20,
	}
}

func TestARatioIsOfTheCPUPerRequestToTheBareServers(t *testing.T) {
	t.Parallel()
	more := sample(80*time.Millisecond, time.Millisecond)
	more.Replies = 2_000
	cells := []report.Request{
		report.NewRequest("bare", "list", []report.Sample{sample(20*time.Millisecond, time.Millisecond)}),
		report.NewRequest("bare", "form", []report.Sample{sample(10*time.Millisecond, time.Millisecond)}),
		report.NewRequest("mock", "list", []report.Sample{more, sample(60*time.Millisecond, time.Millisecond)}),
		report.NewRequest("mock", "form", []report.Sample{sample(30*time.Millisecond, time.Millisecond)}),
		report.NewRequest("mock", "user", []report.Sample{sample(30*time.Millisecond, time.Millisecond)}),
	}
	report.Compare(cells, "bare")
	var ratios []float64
	for _, c := range cells {
		ratios = append(ratios, c.Ratio)
	}
	if diff := cmp.Diff([]float64{1, 1, 2.5, 3, 0}, ratios); diff != "" {
		t.Errorf("ratios (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(report.Request{
		Server: "mock", Operation: "list", CPU: 50, Ratio: 2.5, PerSecond: 1_500, P99: 2, Before: 10, After: 20, Busy: 0.07,
		Driver: 0.001,
	}, cells[2]); diff != "" {
		t.Errorf("the medians of two samples (-want +got):\n%s", diff)
	}
}

func TestACellIsVoidWhenTheDriverIsBusierThanTheServer(t *testing.T) {
	t.Parallel()
	cells := []report.Request{
		report.NewRequest("bare", "list", []report.Sample{sample(20*time.Millisecond, 21*time.Millisecond)}),
		report.NewRequest("mock", "list", []report.Sample{sample(60*time.Millisecond, time.Millisecond)}),
	}
	report.Compare(cells, "bare")
	if cells[0].Void != report.DriverBusy || cells[0].Ratio != 0 || cells[1].Void != "" || cells[1].Ratio != 0 {
		t.Errorf("%+v", cells)
	}
	var b strings.Builder
	if err := (report.Report{Requests: cells}).Text(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| void: the driver was the bottleneck (20.0) |", "| bare is void (60.0) "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\nwithout %s", &b, want)
		}
	}
}

func TestAMedianIsInTheMiddle(t *testing.T) {
	t.Parallel()
	for want, values := range map[float64][]float64{0: nil, 5: {5}, 2.5: {4, 1}, 3: {9, 1, 3}} {
		if got := report.Median(values); got != want {
			t.Errorf("the median of %v is %v, want %v", values, got, want)
		}
	}
}

func TestAnExponentIsZeroForAFlatCostAndOneForALinearOne(t *testing.T) {
	t.Parallel()
	for atTenfold, want := range map[float64]float64{7: 0, 70: 1, 700: 2} {
		if got := report.Exponent(7, atTenfold); got != want {
			t.Errorf("from 7 to %v: %v, want %v", atTenfold, got, want)
		}
	}
}

func TestTheTextNamesTheMachineAndWarnsOfFiguresWithoutMeaning(t *testing.T) {
	t.Parallel()
	table := report.Table{Title: "Sizes", Columns: []string{"ms", "ratio"}}
	table.Add("small", 1.234, 0.5)
	table.Add("large", 12345.6)
	table.Rows = append(table.Rows, report.Row{Name: "none", Void: "void: too many"})
	var b strings.Builder
	if err := (report.Report{
		Machine:  report.Machine{CPU: "Some CPU", Cores: 2, OS: "linux", Go: "go1.26", Commit: "0123456789ab"},
		Settings: report.Settings{Duration: "1s", Connections: 32, Rounds: 2, Quick: true},
		Tables:   []report.Table{table},
	}).Text(&b); err != nil {
		t.Fatal(err)
	}
	want := `Some CPU, 2 cores, linux, go1.26, commit 0123456789ab; connections: 32, duration: 1s, rounds: 2.

Server and driver share the cores: the system pins no process, or has only one core.

A quick run: the figures mean nothing.

### Sizes

|       | ms             | ratio |
| ----- | -------------- | ----- |
| small | 1.23           | 0.50  |
| large | 12346          |       |
| none  | void: too many |       |
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
