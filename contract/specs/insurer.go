package specs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func insurerSpecs(l *list) {
	ownInsurerSpecs(l)
	insurers := func(t *trial) reply {
		r := t.Send(t.byAdmin(engine.Get("/insurances/")))
		r.Present("/data/insurers", "a clinic has insurers")
		return r
	}
	l.addSafe(inferred, "INS-002", "listInsurers", "GET /insurances lists each insurer once", func(t *trial) {
		r := insurers(t)
		ids := sorted(r.Column("/data/insurers", "id"))
		r.Value("/data/insurers/*/id", len(slices.Compact(slices.Clone(ids)))).Equal(len(ids),
			"each insurer must have an id of its own")
	})
	l.addSafe(inferred, "INS-003", "listInsurerOptions",
		"GET /insurances/list/insurers offers the insurers of GET /insurances", func(t *trial) {
			listed, options := insurers(t), t.Send(t.byAdmin(engine.Get("/insurances/list/insurers")))
			const rule = "the insurers must be those of the list"
			names, texts := namesOf(listed, "/data/insurers", "name"), namesOf(options, "/data", "text")
			listed.Value("/data/insurers/*/id", names[""]).Equal("", "each insurer must have an id")
			options.Value("/data/*/id", len(texts)).Equal(len(options.List("/data")), "each insurer must be offered once")
			for id, text := range texts {
				if name, is := names[id]; is {
					options.Value("/data/*/text", text).Same(listed.Value("/data/insurers/*/name", name), rule)
				}
			}
			ofList, ofOptions := lacks(names, texts), lacks(texts, names)
			if ofList && ofOptions { // one has other ids, and the guide's are right
				ofOptions = false
				for id := range guidesInsurers() {
					_, is := names[id]
					ofOptions = ofOptions || is
				}
				ofList = !ofOptions
			}
			listed.Value("/data/insurers/*/id", ofList).Equal(false, rule)
			options.Value("/data/*/id", ofOptions).Equal(false, rule)
		})
	l.addSafe(inferred, "INS-004", "listInsurers",
		"GET /insurances names the insurers of the guide as the guide does", func(t *trial) {
			r := insurers(t)
			for i := range r.List("/data/insurers") {
				at := "/data/insurers/" + strconv.Itoa(i)
				if name, is := guidesInsurers()[r.Text(at+"/id")]; is {
					r.Equal(at+"/name", name, "the name must be the guide's")
				}
			}
		})
}

// ownInsurerSpecs cover the lists of a clinic with insurers of its own.
func ownInsurerSpecs(l *list) {
	own := []controlapi.Insurer{{ID: "car7147", Name: "CIGNA HEALTH CARE"}, {ID: "car7551", Name: "AETNA"}}
	for _, c := range [][5]string{
		{"INS-001", "listInsurers", "/insurances/", "/insurers", "name"},
		{"INS-005", "listInsurerOptions", "/insurances/list/insurers", "", "text"},
	} {
		l.require(rule{ID: c[0], Operation: c[1], Evidence: seed, Needs: []need{aMock},
			Title: c[1] + " lists the clinic's insurers in its order, and no others"}, func(t *trial) {
			want := []any{}
			for _, i := range own {
				want = append(want, map[string]any{"id": i.ID, c[4]: i.Name})
			}
			t.Send(t.byAdmin(engine.Get(c[2]))).Equal("/data"+c[3], want, "the list must have the clinic's insurers in order")
		}, func(c *controlapi.ClinicSettings) { c.Insurers = own })
	}
}

// guidesInsurers are the names of the guide's insurers by their ids.
func guidesInsurers() map[string]string {
	return map[string]string{
		"car7551": "AETNA", "car7414": "AETNA BETTER HEALTH OF ILLINOIS", "car11406": "ANTHEM BLUE SHIELD",
		"car7147": "CIGNA HEALTH CARE",
		"car7580": "MONTGOMERY HEALTH INSURANCE", "car7556": "HEALTH CHOICE ARIZONA",
	}
}

// namesOf returns the names in a list by their ids, "" for any other value.
func namesOf(r reply, list, name string) map[string]string {
	names := map[string]string{}
	for i := range r.List(list) {
		item := list + "/" + strconv.Itoa(i) + "/"
		names[r.Text(item+"id")] = r.Text(item + name)
	}
	return names
}

// lacks reports whether a map lacks a key of another one.
func lacks(names, others map[string]string) bool {
	for id := range others {
		if _, has := names[id]; !has && id != "" {
			return true
		}
	}
	return false
}

// sorted returns the texts of a column in order, "" for any other value.
func sorted(column []any) []any {
	column = slices.Clone(column)
	for i, value := range column {
		column[i], _ = value.(string)
	}
	slices.SortFunc(column, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return column
}
