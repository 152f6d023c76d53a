package portal

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
)

// user is the signed-on user, in the form shown on the page.
type user struct{ Name, Email, ID, Code, Type, Clinic, Account, Expiry string }

// signedOn is the page with the name of the signed-on user and their landing path.
type signedOn struct {
	user
	Next    string
	Waiting bool // the browser was not sent there: the page has a link
}

// refusal is the page with the reason why no other page is shown.
type refusal struct {
	Why       string
	NeedsUser bool // the browser must sign on first
}

func refusalAnswer(status int, why string) answer {
	return answer{status: status, page: refusal{why, status == http.StatusUnauthorized}}
}

// pages writes the pages of the portal.
type pages struct {
	template *template.Template
	policy   string // the permitted sources: the page's own style and nothing else
}

func newPages() pages {
	sum := sha256.Sum256([]byte(pageCSS))
	return pages{
		template: template.Must(template.New("page").Parse(pageHTML)),
		policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
			base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

// render returns a page; nothing for none.
func (p pages) render(page any) ([]byte, error) {
	if page == nil {
		return nil, nil
	}
	data := struct {
		Style    template.CSS
		SignedOn *signedOn
		Place    *place
		Refusal  *refusal
	}{Style: template.CSS(pageCSS)} //nolint:gosec // it is embedded
	switch page := page.(type) {
	case signedOn:
		data.SignedOn = &page
	case place:
		data.Place = &page
	case refusal:
		data.Refusal = &page
	case document:
		return page.pdf(), nil
	}
	var b bytes.Buffer
	if err := p.template.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("writing a page of the portal: %w", err)
	}
	return b.Bytes(), nil
}
