package contract_test

import (
	"encoding/json"
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// foreignRun is a variable that makes this test binary a Ginkgo suite of another module, with the contract run inside.
// Its value is the file for the results.
const foreignRun = "FOREIGN_RUN"

var began bool

var _ = BeforeSuite(func() {
	began = true
	if os.Getenv("FOREIGN_BROKEN") != "" {
		Fail("it cannot begin")
	}
})

var _ = AfterSuite(func() { Expect(began).To(BeTrue()) })

// A spec without an id is the suite's own.
var _ = Describe("Something else", func() {
	It("is as it was", func() { Expect(began).To(BeTrue()) })
})

func TestForeign(t *testing.T) {
	t.Parallel()
	if os.Getenv(foreignRun) == "" {
		t.Skip("the tests of embedding run this suite, each in a process of its own")
	}
	config, named, err := contract.FromEnv(os.Getenv)
	if err != nil || !named {
		t.Fatal(named, err)
	}
	err = contract.Register(config, func(run result.Run) {
		text, err := json.Marshal(run)
		Expect(err).NotTo(HaveOccurred())
		Expect(os.WriteFile(os.Getenv(foreignRun), text, 0o600)).To(Succeed())
	})
	if err != nil {
		t.Fatal(err)
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "Foreign")
}
