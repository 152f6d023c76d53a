package specs

import (
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
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
		rule
		field string
		form  form
	}{
		{rule{
			ID: "SIGN-009", Title: "signOn refuses a user without a first name",
			Evidence: documented,
		}, "", patientForm().Without("first_name")},
		{rule{
			ID: "SIGN-010", Title: "signOn refuses a user without a last name",
			Evidence: documented,
		}, "", patientForm().Without("last_name")},
		{rule{
			ID: "SIGN-011", Title: "signOn refuses a member without a code",
			Evidence: documented,
		}, "", patientForm().Without("code")},
		{rule{
			ID: "SIGN-012", Title: "signOn refuses a code of 129 characters",
			Evidence: documented,
		}, "code", patientForm().With("code", "contract-"+strings.Repeat("c", 120))},
		{rule{
			ID: "SIGN-013", Title: "signOn refuses a type unknown for users",
			Evidence: documented,
		}, "type", patientForm().With("type", "999")},
		{rule{
			ID: "SIGN-014", Title: "signOn refuses an impossible birth date",
			Evidence: ours,
		}, "dob", patientForm().With("dob", "2020-02-31")},
		{rule{
			ID: "SIGN-015", Title: "signOn refuses an unknown gender", Evidence: ours,
		}, "gender", patientForm().With("gender", "5")},
		{rule{
			ID: "SIGN-016", Title: "signOn refuses a field with a mistyped name",
			Evidence: ours,
		}, "frist_name", patientForm().And("frist_name", "x")},
		{rule{
			ID: "SIGN-048", Title: "signOn refuses an empty first name", Evidence: ours,
		}, "first_name", patientForm().With("first_name", "")},
		{rule{
			ID: "SIGN-042", Title: "signOn refuses an e-mail address without @",
			Evidence: ours,
		}, "email", patientForm().And("email", "contract")},
	} {
		c.Operation = "signOn"
		l.require(c.rule, func(t *trial) {
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
