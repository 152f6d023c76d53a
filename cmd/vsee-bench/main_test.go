package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/measure"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// TestMain makes the test's program take the place of each program of the bench, so that none is built.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == child.Argument:
		if err := measure.Child(context.Background(), os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case len(os.Args) == 2 && os.Args[1] == "version":
	case len(os.Args) > 2 && os.Args[1] == "serve":
		on, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Printf("listening\n  base URL      http://%s/api_v3\n", on.Addr())
		_ = http.Serve(on, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	default:
		os.Exit(m.Run())
	}
}

// thisProgram is a builder that builds nothing.
func thisProgram(_ context.Context, bench, _ string) (measure.Programs, error) {
	return measure.Programs{Bench: bench, Plain: bench, Mock: bench, Contract: bench}, nil
}

func TestATinyRunHasEachRow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves the servers of the bench out")
	}
	file := filepath.Join(t.TempDir(), "bench.json")
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"--quick", "--duration", "20ms", "--rounds", "1", "--connections", "2", "--format",
		"json", "--json", file, "--operations", "list,multipart"}, thisProgram, &stdout, &stderr)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	var r report.Report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stdout.String(), string(again)+"\n"); diff != "" {
		t.Errorf("JSON is changed by reading it:\n%s", diff)
	}
	if saved, err := os.ReadFile(file); err != nil || !bytes.Equal(saved, stdout.Bytes()) {
		t.Errorf("--json wrote something else than stdout has: %v", err)
	}

	var want, got []string
	for _, role := range server.Roles() {
		for _, operation := range []string{"list", "multipart"} {
			want = append(want, role+" "+operation)
		}
	}
	for _, c := range r.Requests {
		got = append(got, c.Server+" "+c.Operation)
		if c.PerSecond <= 0 || c.P99 <= 0 {
			t.Errorf("%s %s has no figures: %+v", c.Server, c.Operation, c)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	rows := map[string]int{}
	for _, table := range r.Tables {
		rows[table.Section] = len(table.Rows)
		for _, row := range table.Rows {
			if len(row.Values) == 0 && row.Void == "" || len(row.Values) > len(table.Columns) {
				t.Errorf("%s: %s has the values %v, of %v", table.Section, row.Name, row.Values, table.Columns)
			}
		}
	}
	if diff := cmp.Diff(map[string]int{
		"requests": 1, "start": 5, "deliveries": 2, "timers": 3, "memory": 2, "advance": 1, "search": 18, "growth": 12,
		"page": 2,
	}, rows); diff != "" {
		t.Errorf("rows of each section (-want +got):\n%s", diff)
	}
	if lines := strings.Split(stderr.String(), "\n"); !slices.Contains(lines, "requests, round 1 of 1: list") {
		t.Errorf("stderr shows no progress: %s", &stderr)
	}
}

func TestAWrongCommandLineIsRefusedWithAHint(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no rounds":          {[]string{"--rounds", "0"}, 2, "--rounds must be from 1 to 100"},
		"no connections":     {[]string{"--connections", "0"}, 2, "--connections must be from 1 to 1000"},
		"a short duration":   {[]string{"--duration", "1us"}, 2, "--duration must be from 1ms to 1m, such as 1s"},
		"an unknown section": {[]string{"--only", "x"}, 2, "--only must be one of"},
		"an unknown request": {[]string{"--operations", "x"}, 2, "--operations must be one of"},
		"a missing directory": {[]string{"--only", "memory", "--quick", "--json", filepath.Join(t.TempDir(), "no", "x")}, 1,
			"name a file in a directory that exists"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), tc.args, thisProgram, &stdout, &stderr)
			if code != tc.code || !strings.Contains(stderr.String(), tc.want) || stdout.Len() > 0 {
				t.Errorf("exit code %d, want %d; %s%s, want %s", code, tc.code, &stdout, &stderr, tc.want)
			}
		})
	}
}

func TestAFailedBuildSaysWhereToRunTheBench(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := run(ended, nil, measure.Build, &stdout, &stderr)
	if want := "run the bench inside the repository"; code != 1 || !strings.Contains(stderr.String(), want) {
		t.Errorf("exit code %d, %s, want %s", code, &stderr, want)
	}
}
