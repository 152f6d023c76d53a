package mockserver_test

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The log tells of silent traps in scenarios when they are loaded, and the control API whenever it shows them.
func TestTheServerWarnsOfSilentTrapsInScenarios(t *testing.T) {
	t.Parallel()
	load := func(text string) scenarios.Set {
		s, err := scenarios.Load("trap.yaml", []byte("title: T\nanswer: Success\nwhen: "+text+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		catalogue, err := scenarios.Catalogue()
		if err != nil {
			t.Fatal(err)
		}
		return scenarios.Set{s}.Before(catalogue)
	}
	mock, book := startLogged(t, func(o *mockserver.Options) { o.Scenarios = load("{carrier_code: AETNA}") })
	warned := func() (texts []string) {
		for _, line := range book.lines(t) {
			if text, ok := line["warning"].(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	if got := warned(); len(got) != 1 || !strings.HasPrefix(got[0], "when.carrier_code looks like the name of") {
		t.Errorf("the log has %q", got)
	}
	mock.Server.UseScenarios(load(`{email: "^pat"}`), nil)
	if got := warned(); len(got) != 2 || !strings.HasPrefix(got[1], "when.email looks like a regular expression") {
		t.Errorf("after a change the log has %q", got)
	}
	var page struct {
		Data []struct {
			ID       string
			Warnings []string
		}
	}
	get(t, mock.URL+"/_mock/scenarios?limit=1").into(t, &page)
	if len(page.Data) != 1 || page.Data[0].ID != "trap" || len(page.Data[0].Warnings) != 1 {
		t.Errorf("the control API shows %+v", page)
	}
}
