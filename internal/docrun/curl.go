package docrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// request is the request of a curl command line.
type request struct {
	method, url string
	header      http.Header
	data        []string
	form        [][2]string
	status      bool // the status line and the headers are printed too
}

// parseCurl reads the few flags of curl used by the pages. Any other flag is an error.
func parseCurl(args []string) (request, error) {
	r := request{header: http.Header{}}
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; arg {
		case "-s", "-S", "-sS", "--silent", "--location", "-L":
			continue
		case "-i", "--include":
			r.status = true
			continue
		}
		if !strings.HasPrefix(args[i], "-") {
			r.url = args[i]
			continue
		}
		if i+1 == len(args) {
			return r, fmt.Errorf("curl's %s has no value", args[i])
		}
		if err := r.setFlag(args[i], args[i+1]); err != nil {
			return r, err
		}
		i++
	}
	if r.url == "" {
		return r, errors.New("curl has no URL")
	}
	return r, nil
}

func (r *request) setFlag(flag, value string) error {
	switch flag {
	case "-X", "--request":
		r.method = value
	case "-H", "--header":
		name, text, _ := strings.Cut(value, ":")
		r.header.Add(strings.TrimSpace(name), strings.TrimSpace(text))
	case "-d", "--data", "--data-raw":
		r.data = append(r.data, value)
		r.setContentType("application/x-www-form-urlencoded")
	case "--data-urlencode":
		name, text, _ := strings.Cut(value, "=")
		r.data = append(r.data, name+"="+url.QueryEscape(text))
		r.setContentType("application/x-www-form-urlencoded")
	case "--json":
		r.data = append(r.data, value)
		r.setContentType("application/json")
	case "-F", "--form":
		name, text, _ := strings.Cut(value, "=")
		r.form = append(r.form, [2]string{name, text})
	default:
		return fmt.Errorf("this test does not know curl's %s", flag)
	}
	return nil
}

func (r *request) setContentType(contentType string) {
	if r.header.Get("Content-Type") == "" {
		r.header.Set("Content-Type", contentType)
	}
}

// body returns the body to send. A quoted form value loses its quotation marks, and a value beginning with @ is a file.
func (r *request) body(dir string) ([]byte, error) {
	if len(r.form) == 0 {
		return []byte(strings.Join(r.data, "&")), nil
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range r.form {
		name, isFile := strings.CutPrefix(field[1], "@")
		if !isFile {
			if err := w.WriteField(field[0], strings.Trim(field[1], `"`)); err != nil {
				return nil, err
			}
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // a file of the page
		if err != nil {
			return nil, err
		}
		part, err := w.CreateFormFile(field[0], name)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(text); err != nil {
			return nil, err
		}
	}
	r.header.Set("Content-Type", w.FormDataContentType())
	err := w.Close()
	return b.Bytes(), err
}

// curl sends the request of a command line and returns the output of the real curl.
func curl(ctx context.Context, dir string, args []string) (string, error) {
	r, err := parseCurl(args)
	if err != nil {
		return "", err
	}
	sent, err := r.body(dir)
	if err != nil {
		return "", fmt.Errorf("making the body of the request: %w", err)
	}
	if r.method == "" {
		r.method = http.MethodGet
		if len(sent) > 0 {
			r.method = http.MethodPost
		}
	}
	out, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(sent))
	if err != nil {
		return "", err
	}
	out.Header = r.header
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	in, err := client.Do(out)
	if err != nil {
		return "", err
	}
	defer in.Body.Close()
	text, err := io.ReadAll(in.Body)
	if r.status {
		var head strings.Builder
		_ = in.Header.Write(&head)
		return fmt.Sprintf("HTTP/1.1 %s\n%s\n%s", in.Status, strings.ReplaceAll(head.String(), "\r\n", "\n"), text), err
	}
	return string(text), err
}
