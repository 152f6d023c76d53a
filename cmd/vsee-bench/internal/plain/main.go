// Command plain is a server to compare the mock with. It has none of the mock's packages: these take time and memory at
// the start of every program that has them.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != child.Argument {
		_, _ = fmt.Fprintln(os.Stderr, "plain is a part of vsee-bench: run that")
		os.Exit(2)
	}
	if err := server.Run(context.Background(), server.Plain(os.Args[2])); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
