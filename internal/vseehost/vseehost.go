// Package vseehost reads the account code of a clinic from the host of a VSee URL.
package vseehost

import (
	"net"
	"slices"
	"strings"
)

// Account returns the account code in a host name, "" for none: api-{account}.vseepreview.com is the API of a clinic,
// {account}.vseepreview.com its portal. The domain may also be vsee.me, or localhost for this computer. isAPI reports
// whether api- stands before the code; a code may contain hyphens and even begin with api-. A port is ignored.
func Account(host string) (account string, isAPI bool) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	label, domain, _ := strings.Cut(strings.ToLower(host), ".")
	if label == "www" || !slices.Contains([]string{"localhost", "vseepreview.com", "vsee.me"}, domain) {
		return "", false
	}
	return strings.CutPrefix(label, "api-")
}
