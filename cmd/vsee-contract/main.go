// Command vsee-contract tests whether a server behaves as openapi.yaml and the scenarios describe.
package main

import (
	"os"

	"github.com/vsee-mock/vsee-mock/cmd/internal/contractcmd"
)

// version is set by the build of a release.
var version = "dev"

func main() { os.Exit(contractcmd.Main(version)) }
