package signature_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

func TestASchemeReadsTheSignaturesItWrites(t *testing.T) {
	t.Parallel()
	for _, name := range signature.Names() {
		scheme := signature.Scheme(name)
		if !scheme.Known() {
			t.Errorf("%s is not known", name)
		}
		if !scheme.Signs() {
			continue
		}
		row, macs := scheme.Row(), []string{}
		for _, secret := range []string{"whsec_YQ==", "whsec_Yg=="} {
			mac, err := row.MAC(secret, "id", "12", []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			macs = append(macs, mac)
		}
		if !row.Several {
			macs = macs[:1]
		}
		stamp, read := row.Read(row.Write("12", macs))
		if diff := cmp.Diff(macs, read); diff != "" || stamp != "" && stamp != "12" {
			t.Errorf("%s: the stamp %q (-written +read):\n%s", name, stamp, diff)
		}
		if row.Timed && stamp == "" && row.Headers.Timestamp == "" {
			t.Errorf("%s signs a time and sends none", name)
		}
	}
}

func TestTheSchemesInASentence(t *testing.T) {
	t.Parallel()
	names := signature.Names()
	if got, want := signature.Choices(), strings.Join(names[:len(names)-1], ", ")+" or none"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if signature.Scheme("md5").Known() || signature.Unsigned.Signs() {
		t.Error("md5 is known, or none signs")
	}
}
