package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

//go:embed view
var files embed.FS

// view is the template of a view inside the common frame.
type view struct{ *template.Template }

// pageFiles are the templates and the assets of every UI in this process.
type pageFiles struct {
	views   map[string]view
	assets  fs.FS
	version string // of the assets, in their addresses
}

// static reads the templates and the assets when the page is first asked for: parsing them took two thirds of the time
// in which a mock starts. They are embedded, so it cannot fail in a tested build.
var static = sync.OnceValue(func() pageFiles {
	p := pageFiles{views: map[string]view{}}
	p.assets, _ = fs.Sub(files, "view/assets")
	sum := sha256.New()
	for _, name := range []string{"style.css", "script.js"} {
		text, _ := fs.ReadFile(p.assets, name)
		sum.Write(text)
	}
	p.version = hex.EncodeToString(sum.Sum(nil))[:12]
	base := template.Must(template.New("").Funcs(functions()).ParseFS(files, "view/frame.html", "view/part.html"))
	names, _ := fs.Glob(files, "view/*.html")
	for _, name := range names {
		key := strings.TrimSuffix(path.Base(name), ".html")
		if key != "frame" && key != "part" {
			own := template.Must(template.Must(base.Clone()).ParseFS(files, name))
			p.views[key] = view{own.Lookup("frame.html")}
		}
	}
	return p
})

// asset serves the style and the script. Their addresses change with them, so browsers keep them.
func (u *UI) asset() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := fs.ReadFile(static().assets, strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			u.write(w, r, nil, failure(http.StatusNotFound, "There is no such file."))
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
		send(w, r, http.StatusOK, text)
	})
}

// link is an entry of the menu.
type link struct {
	Label, To string
	Here      string // for aria-current: page, true for a view below it, or empty
}

// frame is the data of the common frame.
type frame struct {
	Title, View string
	Version     string // of the assets
	Theme       string // auto, light or dark
	Here        string // the address of the page
	Session     bool   // the browser can log out
	Clinic      *controlapi.Clinic
	Clinics     []string // the account codes, for the switcher
	Menu        []link
	Base        string // the address of the clinic's views
	Live        bool   // the view follows the clinic
	Moved       *moved // the receipt of a move of the clock
	Done        string // confirms a form; empty for none
	Back        string // leads from a refused form to its page; empty for none
	Data        any
}

// menu has the views of a clinic, in order: the path below the clinic's address, the label, and the views below it.
var menu = [...]struct {
	path, label, view string
	below             []string
}{
	{"", "Timeline", "timeline", []string{"exchange", "check", "claim", "visit"}},
	{"/patients", "Patients", "patients", []string{"patient"}},
	{"/webhooks", "Webhooks", "webhooks", []string{"event", "fire"}},
	{"/faults", "Faults", "faults", nil},
	{"/scenarios", "Scenarios", "scenarios", []string{"scenario"}},
	{"/reference", "API reference", "reference", []string{"operation", "evidence"}},
	{"/results", "Contract results", "results", nil},
}

// frame returns the data of a page: the view's, and those of its surroundings.
func (u *UI) frame(r *http.Request, c *call, a answer) frame {
	f := frame{
		Title: title(a.view), View: a.view, Version: static().version, Theme: "auto", Here: r.URL.RequestURI(),
		Session: u.Token != "" && u.sessions.has(r), Data: a.data,
	}
	if cookie, err := r.Cookie(themeCookie); err == nil {
		f.Theme = themeOf(cookie.Value)
	}
	if r.Method != http.MethodGet {
		f.Here = Prefix
	}
	if c == nil || c.account == "" {
		return f
	}
	one, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return f // the view says why
	}
	f.Clinic, f.Base, f.Moved = &one, c.address(""), movedOf(r)
	f.Live = r.Method == http.MethodGet
	if f.Live {
		f.Here, f.Done = withoutDone(r.URL), confirmation(r.FormValue("done"), one.Webhook.URL)
	} else {
		f.Back = cameFrom(r)
	}
	all, _ := c.client.ListClinics(c.Context(), controlapi.PageRequest{Limit: 1000})
	for _, other := range all.Data {
		f.Clinics = append(f.Clinics, other.AccountCode)
	}
	for _, entry := range menu {
		here := map[bool]string{true: "true"}[slices.Contains(entry.below, a.view)]
		if entry.view == a.view {
			here = "page"
		}
		f.Menu = append(f.Menu, link{entry.label, c.address(entry.path), here})
	}
	return f
}

// cameFrom returns the address of the page with the form of a request; empty when the browser does not name it.
func cameFrom(r *http.Request) string {
	page, err := url.Parse(r.Referer())
	if err != nil || page.Path == "" || ownAddress(page.Path) != page.Path {
		return ""
	}
	return withoutDone(page)
}

// withoutDone returns an address on this host without the name of a confirmation.
func withoutDone(address *url.URL) string {
	query := address.Query()
	query.Del("done")
	return (&url.URL{Path: address.Path, RawPath: address.RawPath, RawQuery: query.Encode()}).String()
}

// confirmation returns the sentence about a form's success. The next address has the name; an unknown one has none.
func confirmation(name, receiver string) string {
	switch name {
	case "added":
		return "Added."
	case "removed":
		return "Removed."
	case "set":
		return "Set."
	case "saved":
		if receiver == "" {
			return "Saved: without a URL, no events are sent."
		}
		return "Saved: events go to " + receiver
	}
	return ""
}

func title(view string) string { return strings.ToUpper(view[:1]) + view[1:] }

// functions are those of the templates.
func functions() template.FuncMap {
	return template.FuncMap{
		"clock":        func(t time.Time) string { return t.UTC().Format("15:04:05") },
		"day":          func(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006") },
		"full":         func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000 MST") },
		"iso":          func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
		"pretty":       pretty,
		"date":         func(t time.Time) string { return t.UTC().Format("2 Jan 2006") },
		"span":         longSpan,
		"tone":         toneOfStatus,
		"toneOfAnswer": toneOfAnswer,
		"sign":         func(tone string) string { return signs[tone] },
		"toneOfEvent":  toneOfEvent,
		"refused":      func(status int) bool { return status >= 400 && status < 500 },
		"toneOfClaim":  toneOfClaim,
		"userType":     userType,
		"assigned":     assigned,
		"cents":        cents,
		"why": func(base, because string, scenario *controlapi.ScenarioPlace, misses []controlapi.NearMiss) reason {
			return reason{base, because, scenario, misses}
		},
		"took": func(d controlapi.Span) string {
			return fmt.Sprintf("%.2f ms", float64(time.Duration(d))/float64(time.Millisecond))
		},
		"sentence":       sentence,
		"has":            strings.Contains,
		"place":          place,
		"toneOfFinding":  func(kind string) string { return findings[kind].tone },
		"wordsOfFinding": func(kind string) string { return findings[kind].words },
		"toneOfToken":    func(status string) string { return map[bool]string{true: good, false: plain}[status == "valid"] },
		"plural":         plural,
		"blocks":         blocks,
		"evidenceOf":     func(grade string) apispec.Evidence { return apispec.Evidence{Grade: grade} },
		"themes": func() map[string]string {
			return map[string]string{"auto": "System theme", "light": "Light", "dark": "Dark"}
		},
		"firstRequest": func(one *controlapi.Clinic) string { return firstRequest(*one, mask) },
		"message": func(title string, m controlapi.Message) any {
			return struct {
				Title string
				controlapi.Message
			}{title, m}
		},
	}
}

// sentence returns a text with a capital letter and a full stop.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}

// pretty returns a JSON text with line breaks, and any other text as it is.
func pretty(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}

// span writes a duration for people: 10 s, 1 h 5 min.
func span(d time.Duration) string {
	text := d.Round(time.Millisecond).String()
	if d >= time.Second {
		text = d.Round(time.Second).String()
	}
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return strings.TrimSpace(strings.NewReplacer("ms", " ms", "h", " h ", "m", " min ", "s", " s").Replace(text))
}

// The tones of marks. Each has a colour and a sign of its own.
const (
	good    = "good"
	warning = "warning"
	bad     = "bad"
	waiting = "waiting"
	plain   = "plain"
)

// signs tell the tones apart without their colours.
var signs = map[string]string{good: "✓", warning: "!", bad: "✕", waiting: "", plain: "•"}

// toneOfAnswer returns the tone of an insurer's text.
func toneOfAnswer(text string) string {
	if text == scenarios.Success {
		return good
	}
	return warning
}

// toneOfStatus returns the tone of the status of a reply; 0 stands for no reply.
func toneOfStatus(status int) string {
	switch {
	case status == 0 || status >= http.StatusInternalServerError:
		return bad
	case status >= http.StatusBadRequest:
		return warning
	}
	return good
}
