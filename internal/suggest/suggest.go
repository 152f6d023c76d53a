// Package suggest finds the name that was probably meant.
package suggest

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// longest is how many bytes of a name are compared: no name of ours is longer, and comparing takes the square of it.
const longest = 64

// Name returns the known name that is nearest to one that is not known, upper and lower case alike; "" when none is
// near. A third of its letters may differ, rounded up, and at most three.
func Name(unknown string, known []string) string {
	if len(unknown) > longest {
		return ""
	}
	best, nearest := min((len(unknown)+2)/3, 3)+1, ""
	for _, name := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(unknown), strings.ToLower(name)); d < best {
			best, nearest = d, name
		}
	}
	return nearest
}
