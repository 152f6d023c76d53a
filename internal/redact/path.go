package redact

import (
	"net/url"
	"slices"
	"strings"
)

// methods are the methods kept in a request line.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// Line redacts a request's method and URL: the document's template for the path, and the query field by field. Host and
// user are left out.
func (r *Redactor) Line(method string, u *url.URL) string {
	if !slices.Contains(methods, method) {
		method = r.token("method", method)
	}
	line := method + " " + r.Path(u.EscapedPath())
	if u.RawQuery != "" {
		line += "?" + r.pairs(u.RawQuery)
	}
	return line
}

// Path redacts an escaped path: the segments of the document's template stay, and each other segment becomes a token.
func (r *Redactor) Path(path string) string {
	path, slash := strings.CutSuffix(path, "/")
	path, suffixed := strings.CutSuffix(path, ".json")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	from, template := r.template(segments)
	for i, segment := range segments {
		switch {
		case i >= from:
			segments[i] = template[i-from]
		case segment != "" && !slices.Contains(r.allow.Segments, segment) && !r.literal(segment):
			segments[i] = r.token("segment", segment)
		}
	}
	kept := "/" + strings.Join(segments, "/")
	if suffixed {
		kept += ".json"
	}
	if slash && kept != "/" {
		kept += "/"
	}
	return kept
}

// template returns the template matching the last segments, and the index of the first of them. Of several templates,
// the longest wins, then the one with the most fixed segments. Without a match, from is beyond the segments.
func (r *Redactor) template(segments []string) (from int, template []string) {
	best := 0
	from = len(segments)
	for _, path := range r.allow.Paths {
		parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
		at := len(segments) - len(parts)
		if at < 0 {
			continue
		}
		if score := matchScore(parts, segments[at:]); score > best {
			best, from, template = score, at, parts
		}
	}
	return from, template
}

// matchScore returns a score for segments as parts of a template, 0 for no match.
func matchScore(parts, segments []string) int {
	score := len(parts) * (maxDepth + 1)
	for i, part := range parts {
		switch {
		case part == segments[i]:
			score++
		case !strings.HasPrefix(part, "{"):
			return 0
		}
	}
	return score
}

// literal reports whether a segment is a fixed part of a template.
func (r *Redactor) literal(segment string) bool {
	return slices.ContainsFunc(r.allow.Paths, func(path string) bool {
		return slices.Contains(strings.Split(path, "/"), segment) && !strings.HasPrefix(segment, "{")
	})
}
