package requirement

import (
	"strings"
	"unicode"
)

// Cell returns the id of what a table requires of each operation, by the letters of its group, the operationId and the
// name of the row: AUTH-get-user-nothing. An operation that is new is in each table without anybody counting.
func Cell(group, operation, row string) string {
	id := group + "-" + kebab(operation) + "-" + row
	if earlier, ok := numbered()[id]; ok {
		return earlier
	}
	return id
}

// numbered are the cells that had a number before there were tables: an id is for good.
func numbered() map[string]string {
	return map[string]string{
		"AUTH-list-insurers-token":           "AUTH-001",
		"AUTH-list-insurers-own-code":        "AUTH-002",
		"AUTH-get-user-admin":                "AUTH-006",
		"AUTH-list-insurers-nothing":         "AUTH-007",
		"AUTH-get-me-unknown-token":          "AUTH-008",
		"AUTH-sign-on-unknown-code":          "AUTH-011",
		"AUTH-get-user-patient":              "AUTH-012",
		"AUTH-start-eligibility-check-admin": "ELIG-002",
		"PATH-get-me-json":                   "PATH-002",
		"PATH-list-insurers-slash":           "PATH-006",
		"PATH-get-me-dev":                    "PATH-007",
		"PATH-get-me-next":                   "PATH-008",
		"PATH-get-me-stable":                 "PATH-009",
	}
}

// kebab writes the words of a name in small letters, with hyphens between them.
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
