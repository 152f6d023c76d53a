package vseemock_test

import (
	"os"
	"strings"
	"testing"
)

// Every place where readers look for the license names it.
func TestTheLicenseIsNamedEverywhere(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"LICENSE":                         "MIT License\n\nCopyright (c) 2026 the vsee-mock authors\n",
		"README.md":                       "[MIT](LICENSE), © 2026 the vsee-mock authors.",
		"openapi.yaml":                    "\n  license: {name: MIT, ",
		"mockserver/control/openapi.yaml": "\n  license: {name: MIT, ",
		"Dockerfile":                      `org.opencontainers.image.licenses="MIT"`,
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q", file, want)
		}
	}
}
