// Package metrics counts the work of a mock for Prometheus, in a registry of its own.
package metrics

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// State is the present state of a mock, read for each scrape.
type State struct {
	Clinics int
	Pending map[string]int // outstanding items by kind, due or not: check, claim, visit, delivery
}

// Metrics is the counts of one mock. It is safe for concurrent use.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	durations  *prometheus.HistogramVec
	warnings   *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	lateness   *prometheus.HistogramVec
	kinds      sync.Map // the counts of the kinds in lateness so far

	mu      sync.RWMutex
	replies map[outcome]reply // the counts of the outcomes so far: finding them by their labels takes longer
}

// outcome is an operation and the status of its reply.
type outcome struct {
	operation string
	status    int
}

// reply is the counts of an outcome.
type reply struct {
	count    prometheus.Counter
	duration prometheus.Observer
}

// New returns metrics without counts. read returns the present state.
func New(version string, read func() (State, error)) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		replies:  map[outcome]reply{},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vsee_mock_requests_total",
			Help: "Requests to VSee's API by operationId (empty for none) and status (0 for a connection reset on purpose).",
		}, []string{"operation", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vsee_mock_request_duration_seconds",
			Help: "Real time from a request to its reply, by operationId.",
		}, []string{"operation"}),
		warnings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vsee_mock_warnings_total",
			Help: "Warnings of probable mistakes in requests, as in X-Mock-Warnings, by operationId.",
		}, []string{"operation"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vsee_mock_deliveries_total",
			Help: "Attempts to deliver an event by outcome: delivered, or the reason of the failure.",
		}, []string{"outcome"}),
		lateness: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "vsee_mock_lateness_seconds",
			Help:    "Time on the clinic's clock from the due time of an item to its begin, by kind.",
			Buckets: []float64{0.001, 0.01, 0.1, 0.5, 1, 5, 30, 120},
		}, []string{"kind"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "vsee_mock_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.warnings, m.deliveries, m.lateness, build, stateCollector{read})
	return m
}

// AddRequest counts a request to VSee's API. operation is empty when the document has none for the request.
func (m *Metrics) AddRequest(operation string, status, warnings int, took time.Duration) {
	r := m.replyOf(outcome{operation, status})
	r.count.Inc()
	r.duration.Observe(took.Seconds())
	if warnings > 0 {
		m.warnings.WithLabelValues(operation).Add(float64(warnings))
	}
}

func (m *Metrics) replyOf(o outcome) reply {
	m.mu.RLock()
	r, ok := m.replies[o]
	m.mu.RUnlock()
	if ok {
		return r
	}
	r = reply{m.requests.WithLabelValues(o.operation, strconv.Itoa(o.status)), m.durations.WithLabelValues(o.operation)}
	m.mu.Lock()
	m.replies[o] = r
	m.mu.Unlock()
	return r
}

// AddDelivery counts an attempt to deliver an event. reason is empty for success.
func (m *Metrics) AddDelivery(reason string) {
	if reason == "" {
		reason = "delivered"
	}
	m.deliveries.WithLabelValues(reason).Inc()
}

// AddLateness counts a due item of a kind that begins so long after its due time.
func (m *Metrics) AddLateness(kind string, late time.Duration) {
	count, ok := m.kinds.Load(kind)
	if !ok {
		count, _ = m.kinds.LoadOrStore(kind, m.lateness.WithLabelValues(kind))
	}
	count.(prometheus.Observer).Observe(max(0, late.Seconds()))
}

// Handler serves the metrics as text.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

var (
	clinicsDesc = prometheus.NewDesc("vsee_mock_clinics", "Clinics of the mock.", nil, nil)
	pendingDesc = prometheus.NewDesc("vsee_mock_pending", "Outstanding items of all clinics by kind, due or not.",
		[]string{"kind"}, nil)
	errState = errors.New("the state of the clinics could not be read")
)

// stateCollector reads the state of a mock for a scrape.
type stateCollector struct{ read func() (State, error) }

// Describe implements prometheus.Collector.
func (stateCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- clinicsDesc
	descs <- pendingDesc
}

// Collect implements prometheus.Collector.
func (c stateCollector) Collect(found chan<- prometheus.Metric) {
	state, err := c.read()
	if err != nil {
		found <- prometheus.NewInvalidMetric(pendingDesc, errState) // the cause may name a clinic
		return
	}
	found <- prometheus.MustNewConstMetric(clinicsDesc, prometheus.GaugeValue, float64(state.Clinics))
	for kind, n := range state.Pending {
		found <- prometheus.MustNewConstMetric(pendingDesc, prometheus.GaugeValue, float64(n), kind)
	}
}
