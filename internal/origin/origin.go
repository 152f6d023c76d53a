// Package origin finds the scheme and host of a server in the form used by a caller, behind a proxy too.
package origin

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Of returns the origin of a request's URL, such as https://mock.example:8443, without a slash at its end. A proxy
// names the original scheme and host in X-Forwarded-Proto and X-Forwarded-Host, or in Forwarded (RFC 7239). A malformed
// value is ignored. Of trusts the headers of any caller: use it for links in the reply to this caller only.
func Of(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if !isHost(host) { // HTTP/1.0 has none
		host = "localhost"
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
			host = local.String()
		}
	}
	proto, forwarded := forwardedBy(r.Header)
	for _, said := range []string{proto, first(r.Header.Get("X-Forwarded-Proto"))} {
		if said = strings.ToLower(said); said == "http" || said == "https" {
			scheme = said
		}
	}
	for _, said := range []string{forwarded, first(r.Header.Get("X-Forwarded-Host"))} {
		if isHost(said) {
			host = said
		}
	}
	return scheme + "://" + host
}

// first returns the first value of a list: each proxy appends its own.
func first(list string) string {
	value, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(value)
}

// forwardedBy returns the parameters proto and host of the first element of Forwarded.
func forwardedBy(header http.Header) (proto, host string) {
	for pair := range strings.SplitSeq(first(header.Get("Forwarded")), ";") {
		name, value, _ := strings.Cut(pair, "=")
		value = strings.TrimSpace(value)
		if inside, ok := strings.CutPrefix(value, `"`); ok && strings.HasSuffix(inside, `"`) {
			value = strings.TrimSuffix(inside, `"`)
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "proto":
			proto = value
		case "host":
			host = value
		}
	}
	return proto, host
}

var hostAndPort = regexp.MustCompile(
	`^([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\])(?::([0-9]+))?$`)

// maxHost is the greatest length of a host's name in the DNS, with its last dot.
const maxHost = 254

// isHost reports whether a text is a host and no more, with or without a port.
func isHost(text string) bool {
	parts := hostAndPort.FindStringSubmatch(text)
	if parts == nil || len(parts[1]) > maxHost {
		return false
	}
	if port, err := strconv.ParseUint(parts[2], 10, 16); parts[2] != "" && (err != nil || port == 0) {
		return false
	}
	if inside, ok := strings.CutPrefix(parts[1], "["); ok {
		_, err := netip.ParseAddr(strings.TrimSuffix(inside, "]"))
		return err == nil
	}
	return true
}
