//go:build ignore

package contract

import "testing"

// BenchmarkStart prepares a run without sending a request: it reads openapi.yaml and the catalogue of scenarios,
// lists their requirements, and makes the validators of replies.
func BenchmarkStart(b *testing.B) {
	mock := Config{BaseURL: "http://127.0.0.1:1/api_v3", ControlURL: "http://127.0.0.1:1/_mock"}
	for b.Loop() {
		if _, _, err := prepare(b.Context(), mock); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList lists the requirements.
func BenchmarkList(b *testing.B) {
	for b.Loop() {
		if _, err := List(b.Context(), Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
