package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Text writes the report as Markdown.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	r.writeHead(&b)
	writeRequests(&b, r.Requests)
	for _, t := range r.Tables {
		rows := [][]string{append([]string{""}, t.Columns...)}
		for _, row := range t.Rows {
			rows = append(rows, row.cells(len(t.Columns)))
		}
		writeTable(&b, t.Title, rows)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHead writes the machine, the settings, and the warnings about the figures.
func (r Report) writeHead(b *strings.Builder) {
	m, s := r.Machine, r.Settings
	fmt.Fprintf(b, "%s, %d cores, %s, %s", m.CPU, m.Cores, m.OS, m.Go)
	if m.Commit != "" {
		fmt.Fprintf(b, ", commit %s", m.Commit)
	}
	fmt.Fprintf(b, "; connections: %d, duration: %s, rounds: %d.\n", s.Connections, s.Duration, s.Rounds)
	if !m.Pinned {
		b.WriteString("\nServer and driver share the cores: the system pins no process, or has only one core.\n")
	}
	if s.Quick {
		b.WriteString("\nA quick run: the figures mean nothing.\n")
	}
	if share := busy(r.Requests); len(r.Requests) > 0 && share < quiet {
		fmt.Fprintf(b, "\nThe servers had %.0f %% of a core: other programs were running. Repeat this on a quiet machine.\n",
			100*share)
	}
}

// quiet is the part of a core that a server under load has at least on a quiet machine.
const quiet = 0.8

// busy returns the median of the cores kept busy by a server, over the cells that count.
func busy(cells []Request) float64 {
	var all []float64
	for _, c := range cells {
		if c.Void == "" {
			all = append(all, c.Busy)
		}
	}
	return Median(all)
}

// writeRequests writes a table for each figure: a row for each server, and a column for each operation.
func writeRequests(b *strings.Builder, cells []Request) {
	for _, t := range []struct {
		title string
		cell  func(Request) string
	}{
		{"CPU of the server per request, as a ratio to bare (and in µs)", func(r Request) string {
			if r.Ratio == 0 {
				return fmt.Sprintf("%s (%.1f)", cmp.Or(r.Void, "bare is void"), r.CPU)
			}
			return fmt.Sprintf("%.2f (%.1f)", r.Ratio, r.CPU)
		}},
		{"Requests per second (and p99 in ms)", func(r Request) string {
			return fmt.Sprintf("%.0f (%.1f)", r.PerSecond, r.P99)
		}},
		{"Resident memory in MB, before and after the load", func(r Request) string {
			return fmt.Sprintf("%.0f, %.0f", r.Before, r.After)
		}},
	} {
		rows := [][]string{append([]string{""}, distinct(cells, func(r Request) string { return r.Operation })...)}
		for _, server := range distinct(cells, func(r Request) string { return r.Server }) {
			row := []string{server}
			for _, c := range cells {
				if c.Server == server {
					row = append(row, t.cell(c))
				}
			}
			rows = append(rows, row)
		}
		if len(rows) > 1 {
			writeTable(b, t.title, rows)
		}
	}
}

// distinct returns the distinct texts of cells, in order.
func distinct(cells []Request, of func(Request) string) []string {
	var found []string
	for _, c := range cells {
		if text := of(c); !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	return found
}

// cells returns the texts of a row: three digits at least, and no fraction of a large number.
func (r Row) cells(columns int) []string {
	cells := []string{r.Name}
	for _, value := range r.Values {
		digits := max(0, 2-int(math.Log10(max(1, math.Abs(value)))))
		cells = append(cells, strconv.FormatFloat(value, 'f', digits, 64))
	}
	if r.Void != "" {
		cells = append(cells, r.Void)
	}
	return append(cells, make([]string, columns+1-len(cells))...)
}

// writeTable writes a Markdown table with columns of one width. The first row is the header.
func writeTable(b *strings.Builder, title string, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)), len("---"))
		}
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(b, "| %-*s ", widths[i], cell)
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			fmt.Fprintf(b, "| %s ", strings.Repeat("-", width))
		}
		b.WriteString("|\n")
	}
}
