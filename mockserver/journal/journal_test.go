package journal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

func ids(rows []journal.Exchange) []string {
	var ids []string
	for _, e := range rows {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestTheNewestEntriesAreKept(t *testing.T) {
	t.Parallel()
	j := journal.New()
	for range journal.MaxExchanges + 3 {
		j.AddExchange(journal.Exchange{})
	}
	all := ids(j.Exchanges("", journal.MaxExchanges*2))
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
		if diff := cmp.Diff(tc.want, ids(j.Exchanges(tc.after, tc.limit))); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", tc.after, diff)
		}
	}
	j.Clear()
	if got := j.Exchanges("", 10); got != nil {
		t.Errorf("after Clear there are %d", len(got))
	}
	if d := j.AddDelivery(journal.Delivery{EventID: "e"}); d.ID != "1" || j.Deliveries("", 1)[0].EventID != "e" {
		t.Errorf("the first delivery after Clear is %+v", d)
	}
}

// A clinic whose receiver answers at length does not fill the memory.
func TestWhatIsKeptIsBoundedInBytesToo(t *testing.T) {
	t.Parallel()
	j := journal.New()
	answer := strings.Repeat("x", 64<<10)
	for range 1_000 {
		j.AddDelivery(journal.Delivery{Answer: answer})
	}
	kept := j.Deliveries("", 1_000)
	if len(kept) != 128 || kept[0].ID != "1000" {
		t.Errorf("%d deliveries of 64 KiB are kept, the newest %s", len(kept), kept[0].ID)
	}
	j.AddDelivery(journal.Delivery{Answer: strings.Repeat("x", 10<<20)})
	if kept := j.Deliveries("", 10); len(kept) != 1 || kept[0].ID != "1001" {
		t.Errorf("after a huge one %d are kept", len(kept))
	}
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	const canary = "c0ffee"
	header := http.Header{"X-Apitoken": {canary}, "X-Apikey": {canary}, "X-Apisecret": {canary}, "Authorization": {canary}, "Accept": {"*/*"}}
	j := journal.New()
	j.AddExchange(journal.Exchange{
		Request: journal.Message{Header: header, Body: `{"password":"` + canary + `", "email_token" : "` + canary + `"}`},
		Reply:   journal.Message{Body: `{"token":{"token":"` + canary + `","refresh_token":{"token":"` + canary + `"}}}`},
	})
	got := j.Exchanges("", 1)[0]
	if kept := fmt.Sprint(got); strings.Contains(kept, canary) || !strings.Contains(kept, "*/*") {
		t.Errorf("the journal keeps %s", kept)
	}
	if header.Get("X-ApiToken") != canary {
		t.Error("the request itself was masked")
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	t.Parallel()
	j := journal.New()
	j.AddExchange(journal.Exchange{Request: journal.Message{Body: strings.Repeat("x", 100_000)}})
	if got := len(j.Exchanges("", 1)[0].Request.Body); got != 16<<10 {
		t.Errorf("%d bytes are kept", got)
	}
}
