package vseehost_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/vseehost"
)

func TestAHostNamesTheClinicOfAnAPIOrAPortal(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]struct {
		account string
		isAPI   bool
	}{
		"api-vclinic.localhost:8080":  {"vclinic", true},
		"API-VClinic.VSeePreview.com": {"vclinic", true},
		"api-api-x-y.vsee.me":         {"api-x-y", true},
		"vclinic.localhost:8080":      {"vclinic", false},
		"vclinic.vseepreview.com":     {"vclinic", false},
		"www.vseepreview.com":         {"", false},
		"api-a-b-c.localhost":         {"a-b-c", true},
		"api.vseepreview.com":         {"api", false},
		"[::1]:8080":                  {"", false},
		"api-vclinic":                 {"", false},
		"api-gateway.internal":        {"", false},
		"localhost:8080":              {"", false},
		"127.0.0.1":                   {"", false},
		"api-vclinic.example.com":     {"", false},
		"api-vclinic.more.vsee.me":    {"", false},
		"":                            {"", false},
	} {
		if account, isAPI := vseehost.Account(host); account != want.account || isAPI != want.isAPI {
			t.Errorf("%q: %q, %t; want %q, %t", host, account, isAPI, want.account, want.isAPI)
		}
	}
}
