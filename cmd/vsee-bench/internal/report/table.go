package report

import "math"

// Table is the outcome of one section.
type Table struct {
	Section string   `json:"section"`
	Title   string   `json:"title"`
	Columns []string `json:"columns"` // of the values, each with its unit
	Rows    []Row    `json:"rows"`
}

// Row is one line of a table.
type Row struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values,omitempty"`
	Void   string    `json:"void,omitempty"` // the reason for having no values
}

// Add appends a row.
func (t *Table) Add(name string, values ...float64) {
	t.Rows = append(t.Rows, Row{Name: name, Values: values})
}

// Ratio returns a/b; 0 when b is 0, as it may be where the system counts time in large steps.
func Ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Exponent returns the exponent e of a cost that grows by n to the power of e, from its values at n and at 10 n: 0 for
// a flat cost, 1 for a linear one.
func Exponent(at, atTenfold float64) float64 {
	if at == 0 || atTenfold == 0 {
		return 0
	}
	return math.Log10(atTenfold / at)
}

// MB returns bytes as megabytes of 2^20.
func MB[Number int64 | float64](bytes Number) float64 { return float64(bytes) / (1 << 20) }
