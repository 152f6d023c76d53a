package contract

import "testing"

// BenchmarkStart makes ready to face a target, without asking it: openapi.yaml and the catalogue of scenarios read, what
// they require listed, what checks the replies made.
func BenchmarkStart(b *testing.B) {
	mock := Config{BaseURL: "http://127.0.0.1:1/api_v3", ControlURL: "http://127.0.0.1:1/_mock"}
	for b.Loop() {
		if _, _, err := prepare(b.Context(), mock); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList lists what is required.
func BenchmarkList(b *testing.B) {
	for b.Loop() {
		if _, err := List(b.Context(), Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
