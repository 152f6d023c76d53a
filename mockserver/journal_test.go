package mockserver_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// escaped returns a name with one letter of it replaced by its code in a format.
func escaped(name, format string, at int) string {
	at %= len(name)
	return name[:at] + fmt.Sprintf(format, name[at]) + name[at+1:]
}

// spellings returns bodies with a secret of digits in a field, in each form the API takes, and in malformed ones.
func spellings(name, secret string, at int) []body {
	var bodies []body
	for _, n := range []string{name, escaped(name, `\u%04x`, at), strings.ToUpper(name), "extra." + name,
		"extra__" + name} {
		for _, format := range []string{
			`{"username": "pat", %q: "%s"}`, `{%q: %s}`, `{%q: [1, "%s"]}`, `{%q: {"a": {"b": %s}}}`,
			`{%[1]q: "%[2]s", %[1]q: 1}`, `{%[1]q: 1, %[1]q: "%[2]s"}`,
			`{"extra": {"a": [{%q: "%s"}]}}`, `{"username": {%q: "%s"}}`, `{%q: "%s`, `{%q: %s, `,
			`{"username": "pat"} {%q: "%s"}`, `{%q: "\"\\%s\""}`,
		} {
			text := fmt.Sprintf(strings.ReplaceAll(strings.ReplaceAll(format, "%q", `"%s"`), "%[1]q", `"%[1]s"`), n, secret)
			bodies = append(bodies, jsonBody(text), body{"application/x-www-form-urlencoded", []byte(text)},
				body{"", []byte(text)})
		}
	}
	for _, n := range []string{name, escaped(name, "%%%02X", at), escaped(name, "%%%02x", at), "user[" + name + "]",
		"user%5B" + name + "%5D", strings.ToUpper(name)} {
		for _, text := range []string{n + "=" + secret, "username=pat&" + n + "=" + secret,
			n + "=1&" + n + "=" + secret + "&a=%", n + "=" + secret + "&a;b", `extra={"` + n + `":"` + secret + `"}`} {
			bodies = append(bodies, body{"application/x-www-form-urlencoded", []byte(text)},
				body{"APPLICATION/X-WWW-FORM-URLENCODED; charset=x", []byte(text)}, jsonBody(text),
				body{"text/plain", []byte(text)})
		}
	}
	for _, param := range []string{
		`name="%s"`, `name = "%s"`, `NAME=%s`, "filename=x; name=%s", "x=y;\r\n name=%s",
		`name*=UTF-8''` + escaped("%s", "%c", 0), `name="a"; name="%s"`,
	} {
		text := "--B\r\nContent-Disposition: form-data; " + fmt.Sprintf(param, name) + "\r\n\r\n" + secret + "\r\n--B--\r\n"
		encoded := "--B\r\ncontent-disposition: form-data; name*=UTF-8''" + escaped(name, "%%%02x",
			at) + "\r\n\r\n" + secret + "\r\n--B--\r\n"
		for _, contentType := range []string{
			"multipart/form-data; boundary=B", `multipart/form-data; boundary="B"`,
			"multipart/form-data; boundary=A; boundary=B", "multipart/form-data",
			"application/x-www-form-urlencoded; boundary=B", "application/x-www-form-urlencoded", "application/json",
			"multipart/form-data; boundary=B, x",
		} {
			bodies = append(bodies, body{contentType, []byte(text)}, body{contentType, []byte(encoded)},
				body{contentType, []byte(strings.ReplaceAll(text, "\r\n", "\n"))},
				body{contentType, []byte(strings.TrimSuffix(text, "--B--\r\n"))})
		}
	}
	return bodies
}

// Neither the journal nor the log has a credential, in any spelling, whether the request is served or refused.
func TestTheJournalAndTheLogHaveNoCredentialHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	var log logbook
	mock := mocktest.Start(t, func(o *mockserver.Options) {
		o.BodyLimit = 4_000
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	random := rand.New(rand.NewPCG(1, 2))
	for _, tc := range []struct{ name, target string }{ //nolint:paralleltest // they share the random numbers
		{"password", "/users/login"}, {"email_token", "/users/login"}, {"refresh_token", "/users/refresh_token"},
		{"token", "/me"}, {"sso_token", "/me"}, {"password", "/nothing"},
	} {
		name, target := tc.name, tc.target
		t.Run(name+target, func(t *testing.T) {
			c := mock.NewClinic(t, clinic.Settings{AccountCode: strings.NewReplacer("/", "-", "_", "-").Replace(name + target)})
			const place = "777777"
			before := len(log.String())
			var secrets []string
			for _, sent := range spellings(name, place, random.IntN(9)) {
				secret := fmt.Sprint(1e14 + random.Int64N(1e15))
				secrets = append(secrets, secret)
				sent.data = []byte(strings.Replace(string(sent.data), place, secret, 1))
				post(t, c.BaseURL+target, sent, byKey(c), byToken(c.AdminToken))
			}
			shown, err := json.Marshal(listOf(t, c, "/journal"))
			if err != nil || target != "/nothing" && !strings.Contains(string(shown), c.AccountCode) {
				t.Fatalf("the journal is %s, %v", shown, err)
			}
			logged := log.String()[before:]
			for _, secret := range secrets {
				if at := strings.Index(string(shown), secret); at >= 0 {
					t.Errorf("the journal has a secret: …%s…", shown[max(0, at-200):at+20])
				}
				if strings.Contains(logged, secret) {
					t.Error("the log has a secret")
				}
			}
		})
	}
}

// The same for paths, queries and headers, with every status of a reply.
func TestTheJournalAndTheLogHaveNoCredentialOfAPathOrAHeader(t *testing.T) {
	t.Parallel()
	var log logbook
	mock := mocktest.Start(t, func(o *mockserver.Options) {
		o.BodyLimit = 4_000
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "paths"})
	setFaults(t, c, `[{"operation": "listInsurers", "status": 500}]`)
	session := signOn(t, c, edward)
	token := session.at(t, "data", "token", "token").(string)
	secrets := []string{token, session.at(t, "data", "token", "refresh_token", "token").(string), c.AdminToken, c.Key,
		c.Secret}
	root := strings.TrimSuffix(c.BaseURL, "/api_v3")
	for i, path := range []string{
		"/auth?sso_token=%s", "/auth?sso%%5Ftoken=%s", "/auth?%%73so_token=%s&next=/v?token=%[1]s",
		"/auth?sso_token=%s&next=%%2Fv%%3Fsso_token%%3D%[1]s", "/auth%%3Fsso_token=%s",
		"/v;token=%s", "/v?token=%s&token=%[1]s", "/v?a;token=%s", "/v?token[]=%s", "/api_v3/me?%%74oken=%s",
		"/api_v3/me?{%%22token%%22:%%22%s%%22}", "/api_v3/insurances?password=%s",
		"/api_v3/nothing;token=%s", "/api_v3/nothing%%3Ftoken=%s", "/api_v3/users/1?email_token=%s",
		"/api_v3/users?password=%s", "/api_v3/users/login?x=https://u:%s@h/",
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			address := root + fmt.Sprintf(path, token)
			other := fmt.Sprintf("0therSecret%d%s", i, method)
			secrets = append(secrets, other)
			for _, credential := range []string{token, c.AdminToken, other} {
				request, err := http.NewRequestWithContext(t.Context(), method, address,
					strings.NewReader(strings.Repeat(" ", 5_000*(i%2))))
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range map[string]string{
					"X-AccountCode": "paths", "X-ApiKey": c.Key, "X-ApiSecret": c.Secret, "X-ApiToken": credential,
					"Cookie":        "vsee_mock_portal=" + token,
					"Authorization": "Bearer " + other, "Proxy-Authorization": other, "Referer": address, "X-Auth-Token": other,
					"X-Original-Url": "/auth?sso%5Ftoken=" + other,
				} {
					request.Header.Set(name, value)
				}
				client := mocktest.Client()
				client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
				answer, err := client.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
			}
		}
	}
	rows := listOf(t, c, "/journal")
	statuses := map[any]bool{}
	for _, row := range rows {
		statuses[row["status"]] = true
	}
	for _, status := range []float64{200, 302, 400, 413, 500} {
		if !statuses[status] {
			t.Errorf("no exchange has the status %v", status)
		}
	}
	all, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if at := strings.Index(string(all), secret); at >= 0 {
			t.Errorf("the journal has a secret: …%s…", all[max(0, at-200):at+20])
		}
		if at := strings.Index(log.String(), secret); at >= 0 {
			t.Errorf("the log has a secret: …%s…", log.String()[max(0, at-200):at+20])
		}
	}
}

// The journal has everything as it was sent, except for credentials.
func TestTheJournalShowsEverythingElseUnchanged(t *testing.T) {
	t.Parallel()
	c, _ := clinicWithLogin(t)
	post(t, c.BaseURL+"/users/login?a=%62", jsonBody("{ \"username\":\"p\\u0061t\",\n  \"pass\\u0077ord\" : 12345 }"),
		withAccountCode(c))
	last := listOf(t, c, "/journal")[0]
	if diff := cmp.Diff("{ \"username\":\"p\\u0061t\",\n  \"pass\\u0077ord\" : \"***\" }",
		last["request"].(map[string]any)["body"]); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("/api_v3/users/login?a=%62", last["path"]); diff != "" {
		t.Errorf("path (-want +got):\n%s", diff)
	}
}

// A delivery shows where it was sent and how it was answered, without the receiver's credentials.
func TestADeliveryShowsNoCredentialOfItsReceiver(t *testing.T) {
	t.Parallel()
	const secret = "r3ceiver"
	receiver := mocktest.NewReceiver(t, nil)
	u, err := url.Parse(receiver.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.RawQuery = "token=" + secret + "&sig=" + secret + "&x=1"
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "receiving",
		Webhook: clinic.Webhook{URL: u.String()}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	var receipt map[string]any
	c.Control(t, http.MethodPost, "/clock", map[string]string{"advance": "1h"}, &receipt)
	rows := listOf(t, c, "/deliveries")
	var event map[string]any
	c.Control(t, http.MethodGet, "/events/"+fmt.Sprint(rows[0]["event_id"]), nil, &event)
	for name, shown := range map[string]any{"receipt": receipt["deliveries"].([]any)[0], "list": rows[0],
		"event": event["deliveries"].([]any)[0]} {
		want := fmt.Sprintf("http://%s%s?token=***&sig=***&x=1", u.Host, u.Path)
		if diff := cmp.Diff(want, shown.(map[string]any)["url"]); diff != "" {
			t.Errorf("%s: URL (-want +got):\n%s", name, diff)
		}
		if all := fmt.Sprint(shown); strings.Contains(all, secret) {
			t.Errorf("%s: %s", name, all)
		}
	}
}

// An exchange begun before a reset is in no journal after it, and shifts no id. Nor does one begun before its clinic
// was replaced by another with the same account code.
func TestAnExchangeThatBeganBeforeAResetIsInNoJournalAfterIt(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*testing.T, *mocktest.Mock, *mocktest.Clinic) *mocktest.Clinic{
		"reset": func(t *testing.T, _ *mocktest.Mock, c *mocktest.Clinic) *mocktest.Clinic {
			t.Helper()
			c.Control(t, http.MethodPost, "/reset", nil, nil)
			return c
		},
		"replaced": func(t *testing.T, mock *mocktest.Mock, c *mocktest.Clinic) *mocktest.Clinic {
			t.Helper()
			c.Control(t, http.MethodDelete, "", nil, nil)
			return mock.NewClinic(t, clinic.Settings{AccountCode: c.AccountCode})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "again"})
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(mock.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = fmt.Fprintf(conn, "POST /api_v3/users/sso HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-AccountCode: "+
				"again\r\nX-ApiKey: %s\r\nX-ApiSecret: %s\r\n"+
				"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", c.Key, c.Secret)
			replies := bufio.NewReader(conn)
			if line, err := replies.ReadString('\n'); err != nil ||
				line != "HTTP/1.1 100 Continue\r\n" { // its body is being read
				t.Fatalf("the mock says %q, %v", line, err)
			}
			c = again(t, mock, c)
			_, _ = io.WriteString(conn, "{}")
			if rest, err := io.ReadAll(replies); err != nil || !strings.Contains(string(rest), `{"code":4`) {
				t.Fatalf("the mock answers %s, %v", rest, err)
			}
			if rows := listOf(t, c, "/journal"); len(rows) != 0 {
				t.Errorf("the journal has %v", rows)
			}
			get(t, c.BaseURL+"/me", byToken(c.AdminToken))
			if rows := listOf(t, c, "/journal"); len(rows) != 1 || rows[0]["id"] != "1" || rows[0]["operation"] != "getMe" {
				t.Errorf("after another request the journal has %v", rows)
			}
		})
	}
}
