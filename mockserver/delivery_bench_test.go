package mockserver_test

import (
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// fire records events about a user without sending them: they wait, or are due later.
func fire(b *testing.B, mock *mocktest.Mock, c *mocktest.Clinic, user string, n int) {
	b.Helper()
	one, _ := mock.Server.Clinics().Clinic(c.AccountCode)
	allowed := func(outbox.Event, clinic.Webhook) error { return nil }
	for range n {
		if _, err := one.Fire(b.Context(), clinic.EligibilityChecked, user, nil, allowed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDelivery sends events to a trivial receiver on loopback: signed, validated against openapi.yaml, recorded
// and logged in the journal. x-bare is the ratio to the time for posting the same bytes in a loop, in the same run.
func BenchmarkDelivery(b *testing.B) {
	arrived := make(chan struct{}, 1)
	var kept *http.Request
	var body []byte
	count, want := 0, -1
	url := newServer(b, func(_ http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			b.Error(err)
		}
		if kept == nil {
			kept, body = r, data
		}
		if count++; count == want {
			arrived <- struct{}{}
		}
	})
	mock := mocktest.Start(b)
	c := mock.NewClinic(b, clinic.Settings{AccountCode: "bench", Webhook: clinic.Webhook{
		URL: url, Misbehaviour: clinic.Misbehaviour{AfterRead: true}, // so all of them fall due together
	}})
	id, _ := patient(b, c, "pat", "123")
	release := func(n int) {
		want = count + n
		if got := get(b, c.BaseURL+"/users/"+id, byToken(c.AdminToken)); got.status != http.StatusOK {
			b.Fatalf("%d %s", got.status, got.body)
		}
		<-arrived
	}
	fire(b, mock, c, id, 1)
	release(1)

	client := mocktest.Client()
	b.ResetTimer()
	for range b.N {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, newReader(body))
		if err != nil {
			b.Fatal(err)
		}
		request.Header = kept.Header.Clone()
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	bare := b.Elapsed()
	b.StopTimer()
	fire(b, mock, c, id, b.N)
	b.ResetTimer()
	b.StartTimer()
	release(b.N)
	b.ReportMetric(float64(b.Elapsed())/float64(bare), "x-bare")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkPendingDelivery keeps events due later, and reports the memory for a million of them.
func BenchmarkPendingDelivery(b *testing.B) {
	const events = 50_000
	mock := mocktest.Start(b)
	c := mock.NewClinic(b, clinic.Settings{AccountCode: "bench", Webhook: clinic.Webhook{
		URL: "http://127.0.0.1:1", Misbehaviour: clinic.Misbehaviour{Hold: scenarios.Hold{For: 24 * time.Hour}},
	}})
	id, _ := patient(b, c, "pat", "123")
	before := heapBytes()
	for b.Loop() {
		fire(b, mock, c, id, events)
	}
	b.ReportMetric(float64(heapBytes()-before)/float64(b.N*events), "MB/million")
	if pending, err := mock.Server.Pending(b.Context()); err != nil || pending.Deliveries != b.N*events {
		b.Errorf("%d pending, %v", pending.Deliveries, err)
	}
}

// heapBytes returns how many bytes are in use.
func heapBytes() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
