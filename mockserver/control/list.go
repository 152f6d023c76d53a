package control

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// maxPage is the maximum number of rows on a page.
const maxPage = 10_000

// readPage reads ?limit= and ?after=.
func readPage(r *http.Request) (clinic.Page, error) {
	p := clinic.Page{Limit: clinic.DefaultLimit}
	sent, err := parameters(r, "limit", "after")
	if err != nil {
		return p, err
	}
	p.After = sent.Get("after")
	if said := sent.Get("limit"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil || n < 1 || n > maxPage {
			return p, badRequest("limit must be a whole number from 1 to %d", maxPage)
		}
		p.Limit = n
	}
	return p, nil
}

// parameters reads the query of a request. Unknown and repeated parameters are errors.
func parameters(r *http.Request, known ...string) (url.Values, error) {
	sent, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query behind ? is not well-formed: separate parameters by & and write %%25 for a " +
			"percent sign")
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		switch {
		case !slices.Contains(known, name):
			meant := suggest.Name(name, known)
			if meant != "" {
				return nil, badRequest("unknown parameter %q; did you mean %q?", safeName(name), meant)
			}
			return nil, badRequest("unknown parameter %q: this call takes %s", safeName(name),
				cmp.Or(strings.Join(known, " and "), "none"))
		case len(sent[name]) > 1:
			return nil, badRequest("%s appears twice in the query: send it once", name)
		case !utf8.ValidString(sent.Get(name)):
			return nil, badRequest("%s is not valid UTF-8", name)
		}
	}
	return sent, nil
}

// listHandler answers with a page of rows: find gets them, shape turns one into its JSON, and id names it.
func listHandler[F, T any](
	find func(*clinic.Clinic, context.Context, clinic.Page) ([]F, error), shape func(F) T, id func(F) string,
) clinicHandler {
	return func(r *http.Request, one *clinic.Clinic) (any, error) {
		p, err := readPage(r)
		if err != nil {
			return nil, err
		}
		more := p
		more.Limit++
		found, err := find(one, r.Context(), more)
		if err != nil {
			return nil, err
		}
		var reply controlapi.Page[T]
		if len(found) > p.Limit {
			found = found[:p.Limit]
			reply.Next = id(found[p.Limit-1])
		}
		reply.Data = make([]T, 0, len(found))
		for _, row := range found {
			reply.Data = append(reply.Data, shape(row))
		}
		return reply, nil
	}
}
