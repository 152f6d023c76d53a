package mockserver_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestAutoClinicsMakeAClinicOfEachUnknownAccountCode(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.AutoClinics = true })
	base := mock.URL + "/api_v3"
	as := func(key, secret string) func(*http.Request) {
		return both(with("X-AccountCode", "fresh"), both(with("X-ApiKey", key), with("X-ApiSecret", secret)))
	}
	if got := post(t, base+"/users/sso", multipartBody(edward), as("k", "s")); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := post(t, base+"/users/sso", multipartBody(edward), as("k", "other")); got.status != http.StatusUnauthorized {
		t.Errorf("another secret than the clinic was made with is answered %d", got.status)
	}
	guide := both(both(with("X-AccountCode", "guide"), with("X-ApiKey", "k")), byToken("guide-token"))
	post(t, base+"/users/sso", multipartBody(edward), guide)
	if got := get(t, base+"/insurances", byToken("guide-token")); got.status != http.StatusOK {
		t.Errorf("the token that came with the first sign-on is answered %d", got.status)
	}
	got := get(t, base+"/me", both(with("X-AccountCode", "token-first"), byToken("my-admin-token")))
	if code := got.at(t, "data", "account_code"); code != "token-first" {
		t.Errorf("account_code = %v", code)
	}
	if got := get(t, base+"/me", both(with("X-AccountCode", "Not A Code"),
		byToken("t"))); got.status != http.StatusUnauthorized {
		t.Errorf("an impossible account code is answered %d", got.status)
	}
}

// The first requests of a clinic may come at the same time: one of them makes it, and its token is good for all.
func TestAutoClinicsTakeTheTokenOfConcurrentFirstRequests(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.AutoClinics = true })
	me := mock.URL + "/api_v3/me"
	t.Run("first", func(t *testing.T) {
		for i := range 8 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				if got := get(t, me, both(with("X-AccountCode", "fresh"), byToken("t"))); got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
				}
			})
		}
	})
	other := get(t, me, both(with("X-AccountCode", "fresh"), byToken("other")))
	if message := other.message(t, http.StatusUnauthorized); message != "X-ApiToken is not known" {
		t.Errorf("another token than the clinic's: %q", message)
	}
}
