package claims

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is a rule broken by a field of a request.
type Problem struct {
	Field string // with dots and the numbers of items, such as lines.0.fee; empty for the claim as a whole
	Rule  string // the rest of the sentence, without the value that was sent
}

func (p Problem) Error() string { return strings.TrimSpace(p.Field + " " + p.Rule) }

// Problems are all broken rules of a request, in the order of its fields.
type Problems []Problem //nolint:errname // like document.Violations

func (ps Problems) Error() string {
	texts := make([]string, 0, len(ps))
	for _, p := range ps {
		texts = append(texts, p.Error())
	}
	return strings.Join(texts, "; ")
}

// And returns the problems with those of further fields. A field in it that has a problem already, and its items, have
// no second one: it would follow from the first.
func (ps Problems) And(more ...Problem) Problems {
	all := slices.Clip(ps)
	for _, p := range more {
		if p.Field == "" || !ps.concern(p.Field) {
			all = append(all, p)
		}
	}
	return all
}

// concern reports whether a field, a part of it or the field around it has a problem.
func (ps Problems) concern(field string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool {
		return p.Field == field || strings.HasPrefix(p.Field, field+".") ||
			p.Field != "" && strings.HasPrefix(field, p.Field+".")
	})
}

// maxNamed is the maximum number of allowed codes in a message.
const maxNamed = 10

// unlisted returns the problem of a code that is missing from a table of the settings, with the codes in it, or the
// place that lists them.
func unlisted[V any](field, table string, codes map[string]V) Problem {
	if len(codes) > maxNamed {
		return Problem{field, fmt.Sprintf("is not in the clinic's claims settings: claims.%s of "+
			"GET /_mock/clinics/{account} lists the %d codes", table, len(codes))}
	}
	named := slices.Sorted(maps.Keys(codes))
	if len(named) == 0 {
		return Problem{field, "is not in the clinic's claims settings, which have none: set claims." + table}
	}
	return Problem{field, "is not in the clinic's claims settings: use " + strings.Join(named, ", ")}
}
