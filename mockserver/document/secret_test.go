package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The document marks the headers, parameters and fields with a credential, and their places in each operation.
func TestTheDocumentSaysWhichFieldsAreSecret(t *testing.T) {
	t.Parallel()
	doc := load(t)
	want := []string{"X-ApiKey", "X-ApiSecret", "X-ApiToken", "auth_code", "email_token", "one_time_link_token",
		"password",
		"refresh_token", "sso_token", "token"}
	if diff := cmp.Diff(want, doc.Secrets()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	data := doc.Operation("signOn").Reply.Fields["data"].Fields
	for name, tc := range map[string]struct {
		shape *document.Shape
		want  bool
	}{
		"password":          {doc.Operation("login").Request.Fields["password"], true},
		"username":          {doc.Operation("login").Request.Fields["username"], false},
		"refresh token":     {doc.Operation("refreshToken").Request.Fields["refresh_token"], true},
		"the token object":  {data["token"], false},
		"the token":         {data["token"].Fields["token"], true},
		"its expiry":        {data["token"].Fields["expiry"], false},
		"its refresh token": {data["token"].Fields["refresh_token"].Fields["token"], true},
		"VSee's token":      {data["vsee"].Fields["token"], true},
		"a card's number":   {doc.Operation("importCards").Request.Fields["insurances"].Item.Fields["subscriber_num"], false},
	} {
		if tc.shape == nil || tc.shape.Secret != tc.want {
			t.Errorf("%s: %+v, want secret %v", name, tc.shape, tc.want)
		}
	}
	for id, want := range map[string]bool{"login": true, "refreshToken": true, "signOn": false, "updateMe": false,
		"getMe": false} {
		if got := doc.Operation(id).Request.HoldsSecrets(); got != want {
			t.Errorf("%s takes credentials: %v, want %v", id, got, want)
		}
	}
}
