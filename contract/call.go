package contract

import (
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The columns of tables of requirements: the operations of openapi.yaml.
const (
	listInsurers = iota
	getMe
	updateMe
	getUser
	startEligibilityCheck
	signOn
	columns
)

// row has something for each operation, "" for nothing.
type row [columns]string

// operations are the operationIds of openapi.yaml.
func operations() row {
	return row{"listInsurers", "getMe", "updateMe", "getUser", "startEligibilityCheck", "signOn"}
}

// call is a call of an operation that goes through. Its parts are made when they are asked for: only then is its patient
// signed on.
type call struct {
	method string
	path   func() string
	body   func() payload
	header func() map[string]string
	shows  func(r response) // requires that a reply is the one to it
}

// call returns a call of the operation in a column.
func (w *world) call(column int) call {
	f := somebody()
	patient := sync.OnceValue(func() user { return w.signOn(f) })
	if column == startEligibilityCheck {
		patient = sync.OnceValue(w.insured)
	}
	c := call{http.MethodGet, nil, func() payload { return payload{} }, func() map[string]string { return byToken(patient().token) }, func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.text("data", "id")).To(Equal(patient().id), "the id of the patient")
	}}
	path := ""
	c.path = func() string { return path }
	switch column {
	case listInsurers:
		path = "/insurances"
		c.header = func() map[string]string { return byToken(w.clinic.AdminToken) }
		c.shows = func(r response) {
			GinkgoHelper()
			isOK(r)
			Expect(r.at("data", "insurers")).NotTo(BeEmpty(), "the list of insurers")
		}
	case getMe:
		path = "/me"
	case updateMe:
		path, c.method = "/me", http.MethodPost
		c.body = func() payload { return asMultipart(form{{"city", "Ann Arbor"}}) }
	case getUser:
		c.path = func() string { return "/users/" + patient().id }
	case startEligibilityCheck:
		c.path, c.method = func() string { return checkPath(patient().id, w.carrier()) }, http.MethodPost
		c.shows = func(r response) {
			GinkgoHelper()
			isOK(r)
			Expect(r.text("data", "carrier_code")).To(Equal(w.carrier()), "the carrier of the check")
		}
	case signOn:
		path, c.method, c.header = "/users/sso", http.MethodPost, w.byKey
		c.body = func() payload { return asMultipart(f) }
	}
	return c
}

// isOK requires that a reply is a success.
func isOK(r response) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(ok), "the status")
}
