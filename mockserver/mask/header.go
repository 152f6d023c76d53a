package mask

import (
	"net/http"
	"strings"
)

// standard are the headers of HTTP itself for credentials, as reduce returns them.
const standard = " authorization proxyauthorization cookie cookie2 setcookie setcookie2 "

// Header returns a copy of a message's headers with the values of credentials masked. It returns nil for nil.
func (m *Masker) Header(h http.Header) http.Header {
	shown := h.Clone()
	for name, values := range shown {
		for i, value := range values {
			if m.secret(name) || strings.Contains(standard, " "+reduce(name)+" ") {
				values[i] = Masked
			} else {
				values[i], _ = m.text(value, 1)
			}
		}
	}
	return shown
}
