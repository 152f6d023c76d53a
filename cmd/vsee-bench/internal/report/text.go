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
	r.Machine.text(&b, r.Settings)
	if len(r.Requests) > 0 {
		requests(&b, r.Requests)
	}
	for _, t := range r.Tables {
		rows := [][]string{append([]string{""}, t.Columns...)}
		for _, row := range t.Rows {
			rows = append(rows, row.cells(len(t.Columns)))
		}
		table(&b, t.Title, rows)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (m Machine) text(b *strings.Builder, s Settings) {
	fmt.Fprintf(b, "%s, %d cores, %s, %s", m.CPU, m.Cores, m.OS, m.Go)
	if m.Commit != "" {
		fmt.Fprintf(b, ", commit %s", m.Commit)
	}
	pinned := "The system pins no process to a core."
	if m.Pinned {
		pinned = "Server and driver have a core each."
	}
	fmt.Fprintf(b, ".\n%d connections, %s for each cell, medians of %d rounds. %s\n", s.Connections, s.Duration, s.Rounds,
		pinned)
}

// requests writes a table for each figure: a row for each server, and a column for each operation.
func requests(b *strings.Builder, cells []Request) {
	for _, t := range []struct {
		title string
		cell  func(Request) string
	}{
		{"CPU of the server per request, as a ratio to bare (and in µs)", func(r Request) string {
			if r.Ratio == 0 {
				return fmt.Sprintf("%s (%.1f)", cmp.Or(r.Void, "no bare"), r.CPU)
			}
			return fmt.Sprintf("%.2f (%.1f)", r.Ratio, r.CPU)
		}},
		{"Requests per second, and p99 in ms", func(r Request) string {
			return fmt.Sprintf("%.0f, %.1f", r.PerSecond, r.P99)
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
		table(b, t.title, rows)
	}
}

// cells returns the texts of a row: three digits at least, and no fraction for large numbers.
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

// table writes a Markdown table, its columns padded to one width. The first row is the header.
func table(b *strings.Builder, title string, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(b, "| %-*s ", widths[i], cell)
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				fmt.Fprintf(b, "| %s ", strings.Repeat("-", width))
			}
			b.WriteString("|\n")
		}
	}
}
