// Package foreign_test is a Ginkgo suite as somebody else has it, with the contract run inside.
package foreign_test

import (
	"encoding/json"
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

var began bool

var _ = BeforeSuite(func() {
	began = true
	if os.Getenv("FOREIGN_BROKEN") != "" {
		Fail("it cannot begin")
	}
})

var _ = AfterSuite(func() { Expect(began).To(BeTrue()) })

// A spec without an id is nobody's business but the suite's own.
var _ = Describe("Something else", func() {
	It("is as it was", func() { Expect(began).To(BeTrue()) })
})

func TestForeign(t *testing.T) {
	config, named, err := contract.FromEnv(os.Getenv)
	if err != nil || !named {
		t.Fatal(named, err)
	}
	err = contract.Register(config, func(run result.Run) {
		text, err := json.Marshal(run)
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(os.Getenv("FOREIGN_RUN"), text, 0o600)).To(Succeed())
	})
	if err != nil {
		t.Fatal(err)
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "Foreign")
}
