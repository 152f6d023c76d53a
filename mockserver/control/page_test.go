package control_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// pages follows a list from page to page and returns its ids or account codes. Each page but the last is full.
func pages(c *client, path string, limit int) []string {
	c.t.Helper()
	var ids []string
	after := ""
	for {
		var page struct {
			Data []struct {
				ID      string
				Account string `json:"account_code"`
			}
			Next string
		}
		c.ok("GET", fmt.Sprintf("%s?limit=%d&after=%s", path, limit, url.QueryEscape(after)), "", &page)
		for _, row := range page.Data {
			ids = append(ids, cmp.Or(row.ID, row.Account))
		}
		if page.Next == "" {
			return ids
		}
		if len(page.Data) != limit {
			c.t.Fatalf("%s: a page that is not the last has %d rows, want %d", path, len(page.Data), limit)
		}
		after = page.Next
	}
}

// Every list can be read in pages of any size, each row once.
func TestTheListsOfClinicsAndScenariosHavePages(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	clinics := []string{"vclinic"}
	for n := range 4 {
		code := fmt.Sprintf("one-%d", n)
		mock.NewClinic(t, clinic.Settings{AccountCode: code})
		clinics = append(clinics, code)
	}
	slices.Sort(clinics)
	var scenarios []string
	for _, s := range mock.Server.Scenarios() {
		scenarios = append(scenarios, s.ID)
	}
	for path, want := range map[string][]string{"/clinics": clinics, "/scenarios": scenarios,
		"/clinics/vclinic/scenarios": scenarios} {
		for _, limit := range []int{1, 2, 50, len(want) - 1, len(want), len(want) + 1, 10_000} {
			if d := diff.Diff(want, pages(c, path, limit)); d != "" {
				t.Errorf("%s in pages of %d (-want +got):\n%s", path, limit, d)
			}
		}
	}
	var first struct {
		Data []struct{ ID string }
		Next string
	}
	c.ok("GET", "/scenarios", "", &first)
	if len(first.Data) != 100 || first.Next != first.Data[99].ID {
		t.Errorf("a page has %d scenarios and names %q as the last", len(first.Data), first.Next)
	}
}

// The last clinic of a page may be deleted before the next page is read.
func TestAPageOfClinicsFollowsOneThatWasDeleted(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	for _, code := range []string{"a", "b", "c"} {
		mock.NewClinic(t, clinic.Settings{AccountCode: code})
	}
	if status, text := c.do("DELETE", "/clinics/b", ""); status != 204 {
		t.Fatalf("%d %s", status, text)
	}
	var page struct {
		Data []struct {
			Account string `json:"account_code"`
		}
	}
	c.ok("GET", "/clinics?after=b", "", &page)
	if len(page.Data) != 2 || page.Data[0].Account != "c" || page.Data[1].Account != "vclinic" {
		t.Errorf("after b come %v", page.Data)
	}
}

// Each list refuses unknown parameters, and changes nothing.
func TestAListNamesTheParameterThatWasMeant(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	lists := []string{"/clinics", "/scenarios"}
	for _, list := range []string{"users", "checks", "claims", "events", "deliveries", "journal", "scenarios"} {
		lists = append(lists, "/clinics/vclinic/"+list)
	}
	for _, list := range lists {
		for query, want := range map[string]string{
			"limti=1":         `unknown parameter "limti"; did you mean "limit"?`,
			"Limit=1":         `unknown parameter "Limit"; did you mean "limit"?`,
			"page=2":          `unknown parameter "page": this call takes limit and after`,
			"%00=2":           `unknown parameter "(a name that cannot be shown)": this call takes limit and after`,
			"limit=1&limit=2": "limit appears twice in the query: send it once",
			"after=a&after=a": "after appears twice in the query: send it once",
			"after=%ff":       "after is not valid UTF-8",
			"limit=%zz": "the query behind ? is not well-formed: separate parameters by & and write %25 for a " +
				"percent sign",
			"limit=1;after=2": "the query behind ? is not well-formed: separate parameters by & and write %25 for a " +
				"percent sign",
			"limit=99999999999999999": "limit must be a whole number from 1 to 10000",
		} {
			c.refused("GET", list+"?"+query, "", 400, want)
		}
	}
	for _, list := range []string{"users", "checks", "claims", "visits", "events", "deliveries", "journal", "changes"} {
		for _, none := range []string{"foo", "-5", "0"} {
			c.refused("GET", "/clinics/vclinic/"+list+"?after="+none, "", 400,
				"after must be the id of a row of this list: next of the page before")
		}
	}
	const after = "after must be the id of a scenario in force: next of the page before"
	c.refused("GET", "/scenarios?after=nothing", "", 400, after)
	c.refused("GET", "/clinics/vclinic/scenarios?after=nothing", "", 400, after)
	c.refused("GET", "/clinics/vclinic/faults?limit=1", "", 400, `unknown parameter "limit": this call takes none`)
	c.refused("PUT", "/clinics/vclinic/scenarios?limit=1", `{"files": {"mine.yaml": "`+`title: Mine\nwhen: {card: `+
		`primary}\nanswer: Success\n"}}`, 400,
		`unknown parameter "limit": this call takes none`)
	c.refused("GET", "/clinics/vclinic/scenarios?after=mine", "", 400, after)
}
