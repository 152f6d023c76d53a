package specs

import (
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// storedSpecs cover the storage of every documented field of a sign-on.
func storedSpecs(l *list) {
	l.add(documented, "SIGN-032", "signOn", "signOn stores every documented field as sent", func(t *trial) {
		f := fullForm()
		write := t.Send(t.sso(f))
		t.ReadBack(write, t.userWays(t.signedOn(f, write)), sentFields(f)...)
	})
	l.add(inferred, "SIGN-033", "signOn",
		"signOn stores capitals, outer blanks and special characters as sent", func(t *trial) {
			for _, text := range specialTexts() {
				f := special(patientForm(), text).And("username", engine.Unique())
				write := t.Send(t.sso(f))
				t.ReadBack(write, t.userWays(t.signedOn(f, write)), sentFields(f)...)
			}
		})
	l.add(ours, "SIGN-045", "signOn", "signOn and POST /me store texts of 255 characters as sent", func(t *trial) {
		long := "e\u0301𠮷" + strings.Repeat("é", 252)
		f := special(patientForm(), long)
		write := t.Send(t.sso(f))
		u := t.signedOn(f, write)
		t.ReadBack(write, t.userWays(u), sentFields(f)...)
		written := special(form{}, strings.ToUpper(long))
		t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
	})
	l.add(ours, "SIGN-043", "signOn",
		"signOn stores the name of an insurer that the clinic does not have", func(t *trial) {
			f := patientForm().And("insurance.primary.carrier_name_others", "contract-insurer")
			write := t.Send(t.sso(f))
			t.ReadBack(write, t.userWays(t.signedOn(f, write)), sentFields(f)...)
		})
	l.add(documented, "SIGN-034", "signOn", "signOn accepts a code of 128 characters", func(t *trial) {
		code := engine.Unique()
		code += strings.Repeat("c", 128-len(code))
		r := t.Send(t.sso(patientForm().With("code", code)).Status(result.Limit, ok))
		t.hideTokens(r)
		r.Value("/data/code").Sent(code, "the code must be as sent")
	})
}

// refusedSpecs cover forms that a sign-on must refuse.
func refusedSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		field     string
		form      form
	}{
		{"SIGN-009", "a user without a first name", documented, "", patientForm().Without("first_name")},
		{"SIGN-010", "a user without a last name", documented, "", patientForm().Without("last_name")},
		{"SIGN-011", "a member without a code", documented, "", patientForm().Without("code")},
		{"SIGN-012", "a code of 129 characters", documented,
			"code", patientForm().With("code", "contract-"+strings.Repeat("c", 120))},
		{"SIGN-013", "a type unknown for users", documented, "type", patientForm().With("type", "999")},
		{"SIGN-014", "an impossible birth date", ours, "dob", patientForm().With("dob", "2020-02-31")},
		{"SIGN-015", "an unknown gender", ours, "gender", patientForm().With("gender", "5")},
		{"SIGN-016", "a field with a mistyped name", ours, "frist_name", patientForm().And("frist_name", "x")},
		{"SIGN-048", "an empty first name", ours, "first_name", patientForm().With("first_name", "")},
		{"SIGN-042", "an e-mail address without @", ours, "email", patientForm().And("email", "contract")},
	} {
		l.add(c.evidence, c.id, "signOn", "signOn refuses "+c.title, func(t *trial) {
			q := t.sso(c.form).As(result.BadField)
			if c.field == "code" {
				q = q.As(result.Limit)
			}
			if c.field != "" {
				q = q.Tests("/" + c.field)
			}
			for _, e := range encodings() {
				q.Body = e.body(c.form)
				t.Send(q).Refused()
			}
		})
	}
}
