package api

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// prefixes are those under which the same clinics are reached (seed; documented for next and stable).
func prefixes() []string {
	return []string{"/api_v3", "/vc/dev/api_v3", "/vc/next/api_v3", "/vc/stable/api_v3"}
}

// resource cuts a prefix, one trailing slash and an optional .json off a percent-encoded path, all of which VSee
// accepts everywhere, and returns the prefix and the path as openapi.yaml has it. It returns false for a path under no
// prefix.
func resource(path string) (prefix, below string, ok bool) {
	for _, prefix := range prefixes() {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok || !strings.HasPrefix(rest, "/") {
			continue
		}
		return prefix, singular(strings.TrimSuffix(strings.TrimSuffix(rest, "/"), ".json")), true
	}
	return "", "", false
}

// baseOf returns the URL of the API as the caller of a request has it.
func baseOf(r *http.Request, prefix string) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + prefix
}

// singular returns the path of claims as openapi.yaml has it. The guide's anchor writes /insurance/claims, where insurers
// are under /insurances, so that both are likely to be asked for (ours).
func singular(path string) string {
	const claims = "/insurances/claims"
	if rest, ok := strings.CutPrefix(path, claims); ok && (rest == "" || rest[0] == '/') {
		return "/insurance/claims" + rest
	}
	return path
}

// domains are those below which a host api-{account} names a clinic: VSee's, and the one that leads to this computer.
func domains() []string { return []string{"localhost", "vseepreview.com", "vsee.me"} }

// hostAccount returns the account code that a host such as api-{account}.localhost:8080 names, "" for none. An account
// code may contain hyphens and even begin with api-.
func hostAccount(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	label, domain, _ := strings.Cut(strings.ToLower(host), ".")
	account, ok := strings.CutPrefix(label, "api-")
	if !ok || !slices.Contains(domains(), domain) {
		return ""
	}
	return account
}
