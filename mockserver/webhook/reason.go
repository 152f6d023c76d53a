package webhook

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
)

// Reason is why an attempt has failed: one word of a closed set.
type Reason string

// The reasons of a failure. After the last five nothing was sent.
const (
	Refused    Reason = "refused"    // no listener at the address
	Timeout    Reason = "timeout"    // no answer within the time limit
	DNS        Reason = "dns"        // the host has no address
	TLS        Reason = "tls"        // the certificate, or the handshake
	Connection Reason = "connection" // the connection could not be made, or broke
	Redirect   Reason = "redirect"   // an answer of 3xx; it is not followed
	Status     Reason = "status"     // another answer than 2xx
	Gone       Reason = "gone"       // an answer of 410: the endpoint is disabled

	Disabled Reason = "disabled" // the endpoint has answered 410 before
	Blocked  Reason = "blocked"  // the host is not among those open to calls
	Dropped  Reason = "dropped"  // the event is dropped on purpose
	Scenario Reason = "scenario" // a scenario has the receiver refuse this attempt
	Contract Reason = "contract" // the payload breaks openapi.yaml

	BrokenOff Reason = "broken off" // the mock was stopped meanwhile: whether the receiver has it is not known
)

// transportReason explains a missing answer.
func transportReason(err error) (Reason, string) {
	var timeout net.Error
	var dns *net.DNSError
	var proxy *net.OpError
	switch {
	case errors.As(err, &proxy) && proxy.Op == "proxyconnect":
		return Connection, "no connection to the proxy could be made"
	case errors.As(err, &dns) && !dns.IsTimeout:
		return DNS, "the webhook's host has no address"
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused, "no server listens at the webhook's address"
	case errors.As(err, &timeout) && timeout.Timeout():
		return Timeout, "the receiver did not answer in time"
	case isTLSError(err):
		return TLS, "no secure connection could be made: check that the certificate is trusted here, and that the port " +
			"serves https"
	}
	return Connection, "the connection could not be made, or broke"
}

func isTLSError(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &certificate) || errors.As(err, &authority)
}

// statusReason explains the status of an answer; it is empty for success.
func statusReason(status int) (Reason, string) {
	switch {
	case status >= 200 && status <= 299:
		return "", ""
	case status == http.StatusGone:
		return Gone, "the receiver answered 410: the endpoint is disabled until its URL is set again"
	case status >= 300 && status <= 399:
		return Redirect, fmt.Sprintf("the receiver answered %d; redirects are not followed", status)
	}
	return Status, fmt.Sprintf("the receiver answered %d", status)
}
