package journal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// masker returns the masker of openapi.yaml. Loading takes a while, so it happens once.
var masker = sync.OnceValues(func() (*mask.Masker, error) {
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		return nil, err
	}
	return mask.New(doc), nil
})

func newJournal(t testing.TB) *journal.Journal {
	t.Helper()
	m, err := masker()
	if err != nil {
		t.Fatal(err)
	}
	return journal.New(m, &journal.Epoch{})
}

func exchangeIDs(rows []journal.Exchange) []string {
	var ids []string
	for _, e := range rows {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestTheNewestEntriesAreKept(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for range journal.MaxExchanges + 3 {
		j.AddExchange(journal.RawExchange{})
	}
	all := exchangeIDs(j.Exchanges("", journal.MaxExchanges*2))
	if len(all) != journal.MaxExchanges || all[0] != fmt.Sprint(journal.MaxExchanges+3) || all[len(all)-1] != "4" {
		t.Errorf("%d are kept, from %s to %s", len(all), all[0], all[len(all)-1])
	}
	for _, tc := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 2, []string{"503", "502"}},
		{"502", 2, []string{"501", "500"}},
		{"5", 2, []string{"4"}},
		{"4", 2, nil},
		{"1", 2, nil},
		{"504", 2, nil},
		{"x", 2, nil},
	} {
		if diff := cmp.Diff(tc.want, exchangeIDs(j.Exchanges(tc.after, tc.limit))); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", tc.after, diff)
		}
	}
	j.Clear()
	if got := j.Exchanges("", 10); got != nil {
		t.Errorf("after Clear there are %d", len(got))
	}
	d := journal.Delivery{EventID: "e", Mark: j.Mark()}
	if j.AddDelivery(&d); d.ID != "1" || j.Deliveries("", 1)[0].EventID != "e" {
		t.Errorf("the first delivery after Clear is %+v", d)
	}
}

// A clinic with long answers from its receiver does not fill the memory.
func TestTheJournalIsBoundedInBytesToo(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	answer := strings.Repeat("x", 64<<10)
	for range 1_000 {
		j.AddDelivery(&journal.Delivery{Answer: []byte(answer)})
	}
	kept := j.Deliveries("", 1_000)
	if len(kept) != 128 || kept[0].ID != "1000" {
		t.Errorf("%d deliveries of 64 KiB are kept, the newest %s", len(kept), kept[0].ID)
	}
	j.AddDelivery(&journal.Delivery{Answer: make([]byte, 10<<20)})
	if kept := j.Deliveries("", 10); len(kept) != 1 || kept[0].ID != "1001" {
		t.Errorf("after a huge one %d are kept", len(kept))
	}
}

// All content of an exchange counts: a warning or a path fills the memory as a body does.
func TestEveryPartOfAnExchangeCountsTowardsTheLimit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 64<<10)
	for name, e := range map[string]journal.RawExchange{
		"warnings":             {Facts: journal.Facts{Warnings: []string{long[:32<<10], long[:32<<10]}}},
		"violation":            {Facts: journal.Facts{Violation: long}},
		"query":                {URL: &url.URL{RawQuery: long}},
		"path":                 {URL: &url.URL{Path: long}},
		"header":               {Request: journal.RawMessage{Header: http.Header{"": {long}}}},
		"spare room of a body": {Reply: journal.RawMessage{Body: make([]byte, 1, 64<<10)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(t)
			for range 200 {
				j.AddExchange(e)
			}
			if got := j.Exchanges("", 200); len(got) != 128 {
				t.Errorf("%d exchanges of 64 KiB are kept", len(got))
			}
		})
	}
}

func TestTheRequestItselfIsNotMasked(t *testing.T) {
	t.Parallel()
	const canary = "c0ffee"
	header := http.Header{"X-Apitoken": {canary}, "Accept": {"*/*"}, "Content-Type": {"application/json"}}
	body := []byte(`{"password":"` + canary + `", "username": "pat"}`)
	j := newJournal(t)
	j.AddExchange(journal.RawExchange{Request: journal.RawMessage{Header: header, Body: body}})
	for range 2 {
		got := j.Exchanges("", 1)[0]
		if shown := fmt.Sprint(got); strings.Contains(shown, canary) || !strings.Contains(shown, "*/*") ||
			!strings.Contains(shown, "pat") {
			t.Errorf("the journal shows %s", shown)
		}
	}
	if header.Get("X-ApiToken") != canary || !strings.Contains(string(body), canary) {
		t.Error("the request was masked")
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	body := `{"first_name": "Pat", "street_addr": "` + strings.Repeat("x", 100_000) + `"}`
	j.AddExchange(journal.RawExchange{Request: journal.RawMessage{
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
	}})
	want := fmt.Sprintf(`{"first_name": "Pat", "street_addr"(%d more bytes, not kept)`,
		len(body)-len(`{"first_name": "Pat", "street_addr"`))
	if diff := cmp.Diff(want, j.Exchanges("", 1)[0].Request.Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// An image does not push the fields behind it out of the journal.
func TestAnImageIsReplacedByANote(t *testing.T) {
	t.Parallel()
	image := []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\r\n", 20_000))
	other := append(slices.Clone(image), 'x')
	body := "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\n\r\n" + string(other) +
		"\r\n--B\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.png\"\r\n\r\n" + string(image) +
		"\r\n--B\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nafter\r\n--B--\r\n"
	j := newJournal(t)
	j.AddExchange(journal.RawExchange{Request: journal.RawMessage{
		Header: http.Header{"Content-Type": {"multipart/form-data; boundary=B"}}, Body: []byte(body),
		Files: []journal.File{{Type: "image/png", Data: image}, {Type: "image/png", Data: other}},
	}})
	want := strings.ReplaceAll(strings.ReplaceAll(body, string(other), "(image/png, 60009 bytes)"), string(image),
		"(image/png, 60008 bytes)")
	if diff := cmp.Diff(want, j.Exchanges("", 1)[0].Request.Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// An exchange begun before a reset is in no journal after it and shifts no id.
func TestAnExchangeThatBeganBeforeAClearIsNotKept(t *testing.T) {
	t.Parallel()
	m, err := masker()
	if err != nil {
		t.Fatal(err)
	}
	var epoch journal.Epoch
	cleared, other := journal.New(m, &epoch), journal.New(m, &epoch)
	before := epoch.Mark()
	cleared.Clear()
	after := epoch.Mark()
	for _, j := range []*journal.Journal{cleared, other} {
		j.AddExchange(journal.RawExchange{Mark: before, Facts: journal.Facts{Method: "before"}})
		j.AddDelivery(&journal.Delivery{Mark: before, EventID: "before"})
		j.AddExchange(journal.RawExchange{Mark: after, Facts: journal.Facts{Method: "after"}})
		j.AddDelivery(&journal.Delivery{Mark: after, EventID: "after"})
	}
	shown := func(j *journal.Journal) (rows []string) {
		for _, e := range j.Exchanges("", 10) {
			rows = append(rows, e.ID+" "+e.Method)
		}
		for _, d := range j.Deliveries("", 10) {
			rows = append(rows, d.ID+" "+d.EventID)
		}
		return rows
	}
	if diff := cmp.Diff([]string{"1 after", "1 after"}, shown(cleared)); diff != "" {
		t.Errorf("the one that was cleared (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2 after", "1 before", "2 after", "1 before"}, shown(other)); diff != "" {
		t.Errorf("another clinic's (-want +got):\n%s", diff)
	}
	late := journal.Delivery{Mark: before, EventID: "before"}
	if cleared.AddDelivery(&late); late.ID != "" || late.EventID != "before" {
		t.Errorf("an attempt that is not kept has become %+v", late)
	}
}

// Nor does it shift the number of a request, the base of the request's id.
func TestARequestThatBeganBeforeAClearIsNotNumbered(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	before := j.Mark()
	if n, ok := j.NextRequest(before); n != 1 || !ok {
		t.Errorf("the first request is %d, %v", n, ok)
	}
	j.Clear()
	if n, ok := j.NextRequest(before); ok {
		t.Errorf("a request of before is %d", n)
	}
	if n, ok := j.NextRequest(j.Mark()); n != 1 || !ok {
		t.Errorf("the first request after is %d, %v", n, ok)
	}
}

func TestTheDeliveriesOfAnEventAreFound(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for n := range 6 {
		j.AddDelivery(&journal.Delivery{EventID: fmt.Sprint(n % 2), Attempt: n, URL: "http://u:secret@h/?token=secret&x=1"})
	}
	var got []int
	for _, d := range j.DeliveriesOf("1") {
		got = append(got, d.Attempt)
		if d.URL != "http://u:***@h/?token=***&x=1" {
			t.Errorf("the URL is %s", d.URL)
		}
	}
	if diff := cmp.Diff([]int{5, 3, 1}, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

// exchangeOfSize is an exchange with so many bytes of text in its bodies.
func exchangeOfSize(size int) journal.RawExchange {
	header := http.Header{"Content-Type": {"application/json"}, "X-Apitoken": {"t"}}
	body := []byte(`{"password": "` + strings.Repeat("x", size) + `"}`)
	return journal.RawExchange{
		URL:     &url.URL{Path: "/api_v3/users/login", RawQuery: "%70assword=x"},
		Request: journal.RawMessage{Header: header, Body: body}, Reply: journal.RawMessage{Header: header, Body: body},
	}
}

// Nothing is decoded when an exchange is added: the cost does not depend on the bodies.
func TestAddingAnExchangeCostsLittleWhateverItsBodies(t *testing.T) { //nolint:paralleltest // counts allocations
	j := newJournal(t)
	for range 2 * journal.MaxExchanges { // so the ring stops growing
		j.AddExchange(exchangeOfSize(1))
	}
	const most = 4 // the row, the id, the beginnings of the bodies
	for _, size := range []int{0, 1_000, 16_000, 1_000_000} {
		e := exchangeOfSize(size)
		if got := testing.AllocsPerRun(100, func() { j.AddExchange(e) }); got > most {
			t.Errorf("with bodies of %d bytes %v allocations are made, want at most %d", size, got, most)
		}
	}
}

// BenchmarkAddExchange measures the work of the journal while a request is served.
func BenchmarkAddExchange(b *testing.B) {
	for _, size := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			j := newJournal(b)
			e := exchangeOfSize(size)
			b.ReportAllocs()
			for b.Loop() {
				j.AddExchange(e)
			}
		})
	}
}

// BenchmarkExchanges measures reading a page of the journal, including the masking.
func BenchmarkExchanges(b *testing.B) {
	j := newJournal(b)
	for range 100 {
		j.AddExchange(exchangeOfSize(1_000))
	}
	for b.Loop() {
		j.Exchanges("", 100)
	}
}
