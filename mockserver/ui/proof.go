package ui

import (
	"cmp"
	"fmt"
	"strings"
	"text/template"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// proof is a program that computes the signature of an attempt, to compare it with the one that was sent.
type proof struct{ Language, Text string }

// attempt is what a proof is made of.
type attempt struct {
	Secret, Signed string // the key as the clinic has it, and the signed text
	Sent           string // the header with the signature, as it was sent
	Base64         bool   // the key and the signature are base64; the key is a text and the signature hex otherwise
}

// programs are the proofs by language. Texts are quoted by the functions go, js, py and sh.
var programs = []struct{ language, text string }{
	{"Shell", `# prints the signature; the mock sent: {{.Sent}}
printf '%s' {{sh .Signed}} |
{{- if .Base64}}
  openssl dgst -sha256 -mac HMAC -binary \
    -macopt "hexkey:$(printf '%s' {{sh .Secret}} | sed 's/^whsec_//' | base64 -d | od -An -v -tx1 | tr -d ' \n')" |
  base64
{{- else}}
  openssl dgst -sha256 -hmac {{sh .Secret}}
{{- end}}
`},
	{"Node", `// prints the signature; the mock sent: {{.Sent}}
import { createHmac } from 'node:crypto'
{{- if .Base64}}
const key = Buffer.from({{js .Secret}}.replace(/^whsec_/, ''), 'base64')
{{- else}}
const key = {{js .Secret}}
{{- end}}
console.log(createHmac('sha256', key).update({{js .Signed}}).digest('{{if .Base64}}base64{{else}}hex{{end}}'))
`},
	{"Python", `# prints the signature; the mock sent: {{.Sent}}
import base64, hashlib, hmac
{{- if .Base64}}
key = base64.b64decode({{js .Secret}}.removeprefix('whsec_'))
{{- else}}
key = {{js .Secret}}.encode()
{{- end}}
mac = hmac.new(key, {{js .Signed}}.encode(), hashlib.sha256)
print({{if .Base64}}base64.b64encode(mac.digest()).decode(){{else}}mac.hexdigest(){{end}})
`},
	{"Go", `// prints the signature; the mock sent: {{.Sent}}
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/{{if .Base64}}base64{{else}}hex{{end}}"
	"fmt"
{{- if .Base64}}
	"strings"
{{- end}}
)

func main() {
{{- if .Base64}}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix({{go .Secret}}, "whsec_"))
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte({{go .Signed}}))
	fmt.Println(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
{{- else}}
	mac := hmac.New(sha256.New, []byte({{go .Secret}}))
	mac.Write([]byte({{go .Signed}}))
	fmt.Println(hex.EncodeToString(mac.Sum(nil)))
{{- end}}
}
`},
}

// proofs returns the programs for an attempt; none when nothing was signed.
func proofs(w controlapi.Webhook, d controlapi.Delivery, secret string) []proof {
	a := attempt{Secret: secret}
	name := func(own, preset string) string { return d.Headers.Get(cmp.Or(own, preset)) }
	switch w.Signature {
	case "standard":
		a.Base64, a.Sent = true, name(w.Headers.Signature, "webhook-signature")
		a.Signed = name(w.Headers.ID, "webhook-id") + "." + name(w.Headers.Timestamp, "webhook-timestamp") + "."
	case "stripe":
		a.Sent = name(w.Headers.Signature, "Stripe-Signature")
		stamp, _, _ := strings.Cut(strings.TrimPrefix(a.Sent, "t="), ",")
		a.Signed = stamp + "."
	case "github":
		a.Sent = name(w.Headers.Signature, "X-Hub-Signature-256")
	}
	if a.Sent == "" {
		return nil
	}
	a.Signed += d.Body
	quotes := template.FuncMap{"sh": quote, "js": script, "go": goText}
	var all []proof
	for _, p := range programs {
		parsed := template.Must(template.New("").Funcs(quotes).Parse(p.text))
		var text strings.Builder
		if err := parsed.Execute(&text, a); err == nil {
			all = append(all, proof{p.language, text.String()})
		}
	}
	return all
}

// goText writes a text as Go does.
func goText(text string) string { return fmt.Sprintf("%q", text) }

// script writes a text so that JavaScript and Python both read it.
func script(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return "'" + b.String() + "'"
}
