package serve

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// newCertificate writes a certificate for 127.0.0.1, signed by its own key, and the key.
func newCertificate(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemFile(t, "CERTIFICATE", certificate), pemFile(t, "PRIVATE KEY", plain)
}

func pemFile(t *testing.T, kind string, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// trusting returns a client that trusts a certificate and no other.
func trusting(t *testing.T, certFile string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(certFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// begin serves until the test ends, and returns the line of the JSON log about listening.
func begin(t *testing.T, flags ...string) (listening struct {
	Addresses []string
	Base      string `json:"base_url"`
	Secure    string `json:"https_base_url"`
},
) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	server := serving(t, append(flags, "--listen", "127.0.0.1:0", "--log-level", "off", "--log-format", "json")...)
	go func() { ended <- server.Run(&command.App{Ctx: ctx, Stdout: in, Stderr: io.Discard, Version: "dev"}) }()
	lines := bufio.NewReader(out)
	line, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &listening) != nil {
		t.Fatalf("%v: %s", err, line)
	}
	t.Cleanup(func() {
		stop()
		_, _ = lines.ReadBytes('\n') // the line about the stop
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listening
}

func TestHTTPSIsServedBesideHTTPByTheSameMock(t *testing.T) {
	t.Parallel()
	certFile, keyFile := newCertificate(t)
	at := begin(t, "--tls-cert", certFile, "--tls-key", keyFile, "--listen-tls", "127.0.0.1:0")
	client := trusting(t, certFile)
	do := func(method, address, body string) map[string]any {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		reply, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		var v map[string]any
		if err := json.NewDecoder(reply.Body).Decode(&v); err != nil || reply.StatusCode > 299 || reply.ProtoMajor != 1 {
			t.Fatalf("%s: %s, %s, %v", address, reply.Status, reply.Proto, err)
		}
		return v
	}
	secure := strings.TrimSuffix(at.Secure, "/api_v3")
	made := do(http.MethodPost, secure+"/_mock/clinics", `{"account_code": "north"}`)
	if made["base_url"] != at.Secure {
		t.Errorf("over HTTPS the base URL is %v, want %s", made["base_url"], at.Secure)
	}
	if found := do(http.MethodGet, strings.TrimSuffix(at.Base, "/api_v3")+"/_mock/clinics/north", ""); found["base_url"] !=
		at.Base {
		t.Errorf("over HTTP the base URL is %v, want %s", found["base_url"], at.Base)
	}
	check := Healthcheck{Listen: at.Addresses[0], Timeout: 2 * time.Second}
	if err := check.Run(&command.App{Ctx: t.Context(), Stdout: io.Discard}); err != nil {
		t.Error(err)
	}
}

func TestTheBannerNamesTheAddressOfHTTPS(t *testing.T) {
	t.Parallel()
	certFile, keyFile := newCertificate(t)
	var out strings.Builder
	ctx, stop := context.WithCancel(t.Context())
	stop()
	server := serving(t, "--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--tls-cert", certFile,
		"--tls-key", keyFile, "--log-level", "off")
	if err := server.Run(&command.App{Ctx: ctx, Stdout: &out, Stderr: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "/api_v3\n  HTTPS         https://127.0.0.1:") {
		t.Error(out.String())
	}
}

func TestAWrongCertificateIsAnErrorThatNamesItsFlag(t *testing.T) {
	t.Parallel()
	certFile, keyFile := newCertificate(t)
	_, otherKey := newCertificate(t)
	none, folder := filepath.Join(t.TempDir(), "none"), t.TempDir()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, tc := range map[string]struct {
		cert, key, listen string
		want              string
		usage             bool
	}{
		"no key":         {certFile, "", "", "--tls-cert has no use without --tls-key: give both", true},
		"no certificate": {"", keyFile, "", "--tls-key has no use without --tls-cert: give both", true},
		"no file of the certificate": {none, keyFile, "",
			"--tls-cert must be a file that can be read: no such file or directory", true},
		"no file of the key": {certFile, none, "", "--tls-key must be a file that can be read: no such file", true},
		"a folder":           {folder, keyFile, "", "--tls-cert must be a file that can be read: it is not a", true},
		"an endless file":    {certFile, "/dev/zero", "", "--tls-key must be a file that can be read: it is not a", true},
		"another's key":      {certFile, otherKey, "", "private key does not match public key; give a", true},
		"in place of each other": {keyFile, certFile, "", "--tls-cert and --tls-key do not fit: tls: failed to find " +
			"certificate PEM data in certificate input, but did find a private key", true},
		"no PEM":       {"tls.go", keyFile, "", "tls: failed to find any PEM data in certificate input", true},
		"no address":   {certFile, keyFile, "8443", "--listen-tls needs HOST:PORT", true},
		"a taken port": {certFile, keyFile, taken.Addr().String(), "or choose another port with --listen-tls", false},
	} {
		flags := []string{"--listen", "127.0.0.1:0", "--tls-cert=" + tc.cert, "--tls-key=" + tc.key}
		if tc.listen != "" {
			flags = append(flags, "--listen-tls", tc.listen)
		}
		var out strings.Builder
		err := serving(t, flags...).Run(&command.App{Ctx: t.Context(), Stdout: &out, Stderr: &out})
		var usage command.UsageError
		if err == nil || !strings.Contains(err.Error(), tc.want) || errors.As(err, &usage) != tc.usage || out.Len() > 0 ||
			strings.Contains(err.Error(), certFile) || strings.Contains(err.Error(), keyFile) {
			t.Errorf("%s: %v %s, want %s", name, err, out.String(), tc.want)
		}
	}
}
