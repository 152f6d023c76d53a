package engine

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// adding are the operations of writes that take no field of a user away. After any other write, or a move of the clock,
// an old reading may have a field that a later one has not.
var adding = []string{"", "signOn", "updateMe", "saveCard", "importCards"}

// wrote notes a write to the target: what was read before it may differ now.
func (t *Trial) wrote(operation string) {
	t.written = operation
	clear(t.shown)
}

// observeAgain compares a reply about a user with the one to the same request before it. Nothing was written in
// between, so a field cannot go, even if openapi.yaml lets a reply leave it out.
func (t *Trial) observeAgain(m *message, q Request) {
	if q.Method != http.MethodGet || q.Of.ID == "" || isOfMany(m.operation) || !slices.Contains(adding, t.written) {
		return
	}
	request, is := q.Path+" "+q.Header[TokenHeader], map[string]bool{}
	addFields(is, m.value, "")
	was := t.shown[request]
	t.shown[request] = is
	for _, pointer := range slices.Sorted(maps.Keys(was)) {
		at := strings.LastIndexByte(pointer, '/')
		if !is[pointer] && (at == 0 || is[pointer[:at]]) && declares(m.operation, pointer) && !m.tainted(pointer) {
			m.observe(finding{
				Key:      result.Key{Kind: result.Missing, Pointer: pointer, Expected: result.AsBefore, Got: result.Absent},
				evidence: requirement.Inferred,
				rule:     pointer[at+1:] + " was in the reply before, and nothing was written since",
			})
		}
	}
}

// addFields adds the pointers of all fields of a value, with * for items.
func addFields(to map[string]bool, value any, pointer string) {
	switch value := value.(type) {
	case []any:
		to[pointer+"/*"] = true
		for _, item := range value {
			addFields(to, item, pointer+"/*")
		}
	case map[string]any:
		for name, member := range value {
			at := pointer + "/" + strict.Escape(strict.Name(name))
			to[at] = true
			addFields(to, member, at)
		}
	}
}
