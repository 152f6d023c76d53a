package requirement

import (
	"strings"
	"unicode"
)

// Cell returns the id of a requirement in a table that has a row for each operation. It joins the letters of the group,
// the operationId and the name of the row: AUTH-get-user-nothing. A new operation so gets ids without a counter.
func Cell(group, operation, row string) string {
	id := group + "-" + kebab(operation) + "-" + row
	if earlier, ok := numbered()[id]; ok {
		return earlier
	}
	return id
}

// numbered maps a cell's id to a number that it had before there were tables. Ids never change.
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

// kebab converts a name in camel case to small letters with hyphens.
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

// Shape returns the id of the requirement that owns the shape of the messages of an operation or of an event's type:
// SHAPE-get-user.
func Shape(operation string) string {
	return "SHAPE-" + kebab(strings.NewReplacer(".", "-", "_", "-").Replace(operation))
}
