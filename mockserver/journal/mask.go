package journal

import (
	"regexp"
	"strings"
)

// masked stands for what must not be kept.
const masked = "***"

// maxBody is how much of a body is kept.
const maxBody = 16 << 10

// secretHeaders are the headers that authenticate somebody.
func secretHeaders() []string {
	return []string{"X-Apitoken", "X-Apikey", "X-Apisecret", "Authorization", "Cookie", "Set-Cookie"}
}

// secretFields are the values of fields that authenticate somebody, in JSON, in a form or a query, and in multipart.
var secretFields = []*regexp.Regexp{
	regexp.MustCompile(`(?i)("(?:` + secretNames + `)"\s*:\s*")(?:[^"\\]|\\.)*`),
	regexp.MustCompile(`(?i)((?:^|[?&])(?:` + secretNames + `)=)[^&#]*`),
	regexp.MustCompile(`(?is)(name="?(?:` + secretNames + `)"?(?:[;\r\n].*?)?\r?\n\r?\n).*?(\r?\n--|$)`),
}

const secretNames = `token|password|email_token|refresh_token|sso_token`

func mask(m Message) Message {
	m.Header = m.Header.Clone()
	for _, name := range secretHeaders() {
		if m.Header.Get(name) != "" {
			m.Header.Set(name, masked)
		}
	}
	if len(m.Body) > maxBody {
		m.Body = strings.Clone(m.Body[:maxBody]) // or all of it would stay
	}
	m.Body = maskFields(m.Body)
	return m
}

// maskFields masks the values of fields that authenticate somebody in a body or a path.
func maskFields(text string) string {
	for _, fields := range secretFields {
		text = fields.ReplaceAllString(text, "${1}"+masked+"${2}")
	}
	return text
}
