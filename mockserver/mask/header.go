package mask

import (
	"net/http"
	"strings"
)

// credentialHeaders are the headers of HTTP itself for credentials, as reduce returns them.
const credentialHeaders = " authorization proxyauthorization cookie cookie2 setcookie setcookie2 "

// Header returns a copy of a message's headers with the values of credentials masked. It returns nil for nil.
func (m *Masker) Header(h http.Header) http.Header {
	shown := h.Clone()
	for name, values := range shown {
		for i, value := range values {
			if m.isSecretName(name) || strings.Contains(credentialHeaders, " "+lettersAndDigits(name)+" ") {
				values[i] = Masked
			} else {
				values[i], _ = m.maskText(value, 1)
			}
		}
	}
	return shown
}
