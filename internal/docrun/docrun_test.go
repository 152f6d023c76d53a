package docrun_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/docrun"
	"github.com/vsee-mock/vsee-mock/internal/gobuild"
)

// failures collects the complaints about a page.
type failures struct {
	testing.TB
	said []string
}

func (f *failures) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func page(lines ...string) string { return "```console\n" + strings.Join(lines, "\n") + "\n```\n" }

// echo replies with the received request, and an id of its own.
func echo(t *testing.T) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseMultipartForm(1 << 20)
		_, _ = fmt.Fprintf(w, `{"method":"%s","name":"%s","token":"%s","id":"%08x-0000-4000-8000-000000000000"}`,
			r.Method, r.FormValue("name"), r.Header.Get("X-Token"), n.Add(1))
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAPageIsRight(t *testing.T) {
	t.Parallel()
	url := echo(t).URL
	for name, text := range map[string]string{
		"a reply with an id of another run": page(
			`$ curl `+url+` --form 'name="Edward"'`,
			`{"method":"POST","name":"Edward","token":"","id":"12345678-0000-4000-8000-000000000000"}`),
		"a value of the last reply": page(
			`$ curl `+url+` --header "X-Token: abc"`, `{"method":"GET",...`,
			`$ TOKEN=x…  # the value of token`,
			`$ curl `+url+` -H "X-Token: $TOKEN"`, `...,"token":"abc",...`),
		"an id of the page in a later command": page(
			`$ curl `+url, `...,"id":"abcdef01-0000-4000-8000-000000000000"}`,
			`$ curl `+url+` -H 'X-Token: abcdef01-0000-4000-8000-000000000000'`,
			`...,"token":"0000000...-0000-4000-8000-000000000000",...`),
		"a command over several lines": page(`$ curl `+url+" \\", `    -d 'name=a'`, `...,"name":"a",...`),
		"a command that is not run":    page(`$ docker run anything`, `whatever`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runner := docrun.Runner{Skipped: map[string]string{"docker": "needs Docker"}}
			runner.Page(t, text)
		})
	}
}

func TestAPageIsWrong(t *testing.T) {
	t.Parallel()
	url := echo(t).URL
	for name, text := range map[string]string{
		"another reply":           page(`$ curl `+url, `{"method":"PUT",...`),
		"a reply that goes on":    page(`$ curl `+url, `{"method":"GET"`),
		"an unknown program":      page(`$ rm -r x`),
		"a flag that is not read": page(`$ curl --insecure ` + url),
		"a pipe":                  page(`$ curl ` + url + ` | jq`),
		"a value that is missing": page(`$ curl `+url, `...`, `$ TOKEN=x # the value of data.token`),
		"nobody who answers":      page(`$ curl http://127.0.0.1:1/`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := &failures{TB: t}
			new(docrun.Runner).Page(kept, text)
			if len(kept.said) != 1 {
				t.Errorf("complaints: %q", kept.said)
			}
		})
	}
}

func TestAFileOfAPageIsWritten(t *testing.T) {
	t.Parallel()
	url := echo(t).URL
	text := "<!-- file: stories/mine.yaml -->\n```yaml\ntitle: Mine\n```\n" +
		page(`$ curl `+url+` --form 'name=@stories/mine.yaml'`, `{"method":"POST",...`)
	new(docrun.Runner).Page(t, text)
}

func TestAProgramRunsInTheFolderOfThePage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "show")
	if err := gobuild.WriteProgram(path, []byte("#!/bin/sh\necho \"$1 $NAME\"; cat file.txt\n")); err != nil {
		t.Fatal(err)
	}
	runner := docrun.Runner{Programs: map[string]string{"show": path}}
	runner.Page(t, "<!-- file: file.txt -->\n```\nof the page\n```\n"+page(`$ export NAME=said`, `$ show 'two words'`,
		`two words said`, `of the page`))
}
