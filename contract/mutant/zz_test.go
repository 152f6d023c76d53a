package mutant_test

import (
	"fmt"
	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	n := map[string]int{}
	all := mutant.All()
	for _, m := range all {
		p := strings.Split(m.Name, "/")
		n[p[0]]++
	}
	fmt.Println(len(all), n)
	for _, mo := range mutant.Modes() {
		fmt.Println(mo, len(mutant.Faced(all, mo, 1)))
	}
}
