// Package suggest finds the name a user probably meant.
package suggest

import "strings"

// Name returns the known name nearest to an unknown one; "" when none is near. One of every four letters may differ, as
// counted by Distance, and at least one in a name of two or more. Of several equally near names it returns the first.
func Name(unknown string, known []string) string {
	if len(unknown) < 2 {
		return ""
	}
	best, nearest := max(len(unknown)/4, 1)+1, ""
	for _, name := range known {
		if d := len(unknown) - len(name); d >= best || -d >= best {
			continue // this test is cheap, while the cost of comparing is quadratic in the length
		}
		if d := Distance(unknown, name); d < best {
			best, nearest = d, name
		}
	}
	return nearest
}

// Distance returns the number of edits between two texts: characters to insert, remove, replace or swap with their
// neighbour. Upper and lower case are alike, but texts with no other difference are one edit apart.
func Distance(a, b string) int {
	if a != b && strings.EqualFold(a, b) {
		return 1
	}
	one, other := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	before, last, row := make([]int, len(other)+1), make([]int, len(other)+1), make([]int, len(other)+1)
	for j := range last {
		last[j] = j
	}
	for i := range one {
		row[0] = i + 1
		for j := range other {
			cost := 1
			if one[i] == other[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && one[i] == other[j-1] && one[i-1] == other[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(other)]
}
