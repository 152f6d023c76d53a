package document_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

func TestAWrongPathHasANearOne(t *testing.T) {
	t.Parallel()
	d := load(t)
	for path, want := range map[string]string{
		"/user/132407": "/users/{id}", "/user/132407.json": "/users/{id}", "/sso": "/users/sso", "/userz/sso/": "/users/sso",
		"/insurance": "/insurances/", "/visit/7": "/visits/{visit_id}",
		"/users/1/car7556/eligibilty": "/users/{id}/{carrier_code}/eligibility",
		"":                            "", "/": "", "/%zz": "", "/nothing/here": "", "/patients": "", "/a/b/c/d/e": "",
	} {
		if got := d.NearPath(path); got != want {
			t.Errorf("%q: near is %q, want %q", path, got, want)
		}
	}
}

func TestFindKnowsPathsMethodsAndParameters(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tc := range []struct {
		method, path string
		id           string
		params       document.Params
	}{
		{"GET", "/insurances", "listInsurers", nil},
		{"GET", "/insurances/", "listInsurers", nil},
		{"GET", "/insurances.json", "listInsurers", nil},
		{"POST", "/me", "updateMe", nil},
		{"POST", "/me.json", "updateMe", nil},
		{"GET", "/me/", "getMe", nil},
		{"GET", "/users/132407.json", "getUser", document.Params{{"id", "132407"}}},
		{"GET", "/users/132407", "getUser", document.Params{{"id", "132407"}}},
		{"GET", "/users/-", "getUser", document.Params{{"id", "-"}}},
		{"POST", "/users/1/%28sandbox%29%20HUMANA/eligibility", "startEligibilityCheck",
			document.Params{{"id", "1"}, {"carrier_code", "(sandbox) HUMANA"}}},
		{"POST", "/users/1/a%2Fb%25/eligibility", "startEligibilityCheck",
			document.Params{{"id", "1"}, {"carrier_code", "a/b%"}}},
	} {
		op, params, err := d.Find(tc.method, tc.path)
		if err != nil {
			t.Errorf("%s %s: %s", tc.method, tc.path, err)
			continue
		}
		if diff := cmp.Diff(tc.params, params); op.ID != tc.id || diff != "" {
			t.Errorf("%s %s is %s (-want +got):\n%s", tc.method, tc.path, op.ID, diff)
		}
	}
	for _, path := range []string{"", "/", "/user", "/user/", "/users//eligibility", "/users/1/2/3", "/%zz", "/ME"} {
		if _, _, err := d.Find("GET", path); !errors.Is(err, document.ErrNoPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
	for path, allowed := range map[string][]string{"/me": {"GET", "POST"}, "/users/sso": {"POST"},
		"/insurances": {"GET"}} {
		_, _, err := d.Find("PUT", path)
		var method *document.MethodError
		if !errors.As(err, &method) || !slices.Equal(method.Allowed, allowed) {
			t.Errorf("PUT %s: %v, want %v", path, err, allowed)
		}
	}
}

// gorillaRouter returns kin-openapi's router over all paths of the document, in their plain form.
func gorillaRouter(t testing.TB) routers.Router {
	t.Helper()
	doc := &openapi3.T{Paths: openapi3.NewPaths()}
	for _, op := range embedded.Spec().Operations {
		others, err := op.AlsoPaths()
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range append(others, apispec.AlsoPath{Path: op.Path}) {
			path := apispec.PlainPath(other.Path)
			if doc.Paths.Value(path) == nil {
				doc.Paths.Set(path, &openapi3.PathItem{})
			}
			doc.Paths.Value(path).SetOperation(op.Method, op.Declared)
		}
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// FuzzFind compares the routes with kin-openapi's.
func FuzzFind(f *testing.F) {
	d, router := load(f), gorillaRouter(f)
	for _, path := range []string{"/me", "/users/%2F", "/users/../x", "/users/1/car/eligibility", "%", "/users/\xff",
		"/files/view/1.json", "/appointments/", "/users/a%2Fb/c d/eligibility", "/visits//current", "/rooms/{room_code}",
		"/insurance/claims/é", "*", "/users/1%2", "/users/%zz", "/accounts/-.json/"} {
		f.Add("POST", path)
		f.Add("GET", path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		op, params, err := d.Find(method, path)
		if (op == nil) == (err == nil) {
			t.Fatalf("%q %q: %v, %v", method, path, op, err)
		}
		plain := apispec.PlainPath(path)
		decoded, encoding := url.PathUnescape(plain)
		route, want, wrong := router.FindRoute(&http.Request{Method: method,
			URL: &url.URL{Path: decoded, RawPath: plain}})
		var other *document.MethodError
		switch {
		case encoding != nil || errors.Is(wrong, routers.ErrPathNotFound):
			if !errors.Is(err, document.ErrNoPath) {
				t.Errorf("%q %q: %v, %v; no path was expected", method, path, op, err)
			}
		case errors.Is(wrong, routers.ErrMethodNotAllowed):
			if !errors.As(err, &other) || !slices.Equal(other.Allowed, d.Methods(path)) || len(other.Allowed) == 0 {
				t.Errorf("%q %q: %v, %v; another method was expected", method, path, op, err)
			}
		case op == nil || op.ID != route.Operation.OperationID || len(params) != len(want):
			t.Errorf("%q %q: %v, %v, %v; want %s", method, path, op, params, err, route.Operation.OperationID)
		}
		for name, value := range want {
			if value, err := url.PathUnescape(value); err == nil && wrong == nil && params.Get(name) != value {
				t.Errorf("%q %q: %s is %q, want %q", method, path, name, params.Get(name), value)
			}
		}
	})
}
