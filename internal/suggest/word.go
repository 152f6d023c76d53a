package suggest

import "strings"

// ByWord returns the known names that begin or end with an unknown one, a word or several: first_name and last_name for
// name. They are in the order of known.
func ByWord(unknown string, known []string) []string {
	var found []string
	for _, name := range known {
		if unknown != "" && (strings.HasPrefix(name, unknown+"_") || strings.HasSuffix(name, "_"+unknown)) {
			found = append(found, name)
		}
	}
	return found
}
