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
	return []string{"X-Apitoken", "X-Apikey", "X-Apisecret", "Authorization", "Cookie"}
}

// secretFields are the values of JSON fields that authenticate somebody.
var secretFields = regexp.MustCompile(`("(?:token|password|email_token)"\s*:\s*")[^"]*`)

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
	m.Body = secretFields.ReplaceAllString(m.Body, "${1}"+masked)
	return m
}
