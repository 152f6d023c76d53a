package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// defaultToken is the token of the admin of the mock's default clinic.
const defaultToken = "vclinic_api_token"

// operation is a request of the table. Each connection sends it for a user of its own.
type operation struct {
	Name    string
	Method  string
	Path    string // after the prefix, as openapi.yaml has it for the user `-`, the owner of the token
	Body    func(user int) body
	Partner bool // authenticated by the clinic's key, not by the user's token
}

// body is the body of a request.
type body struct {
	Type string
	Data []byte
}

// operations are the columns of the table.
var operations = []operation{
	{Name: "list", Method: http.MethodGet, Path: "/insurances/"},
	{Name: "form", Method: http.MethodPost, Path: "/users/sso", Partner: true, Body: func(n int) body {
		return form(patient(n))
	}},
	{Name: "multipart", Method: http.MethodPost, Path: "/users/sso", Partner: true, Body: func(n int) body {
		return multipartForm(patient(n))
	}},
	{Name: "eligibility", Method: http.MethodPost, Path: "/users/-/car7556/eligibility"},
	{Name: "user", Method: http.MethodGet, Path: "/users/-"},
	{Name: "update", Method: http.MethodPost, Path: "/me.json", Body: func(int) body { return form(card) }},
	{Name: "cards", Method: http.MethodGet, Path: "/users/-/insurances"},
	{Name: "import", Method: http.MethodPost, Path: "/users/-/insurances/import", Body: func(int) body {
		return body{"application/json", []byte(`{"insurances": [{"card_type": "primary", "insurer_code": "car7556", ` +
			`"subscriber_number": "234234", "group_number": "test 3", "responsible_party": "self"}]}`)}
	}},
}

// Operations returns the names of the operations, in order.
func Operations() []string {
	var names []string
	for _, o := range operations {
		names = append(names, o.Name)
	}
	return names
}

// fields are the fields of a form, in order.
type fields [][2]string

// patient returns the sign-on of the integration guide, for a user of its own.
func patient(n int) fields {
	email := fmt.Sprintf("edward+%03d.vclinic@example.com", n)
	return fields{
		{"first_name", "Edward"}, {"last_name", "VSee"}, {"type", "200"}, {"code", email}, {"email", email},
		{"dob", "1986-01-01"}, {"gender", "1"}, {"street_addr", "2868 Tully Street"}, {"state", "Detroit"},
		{"city", "MI"}, {"zip", "48226"},
	}
}

// card is the update of the integration guide, with the primary card.
var card = fields{
	{"insurance.primary_carrier_code", "car7556"}, {"insurance.respparty", "self"},
	{"insurance.primary_subscriber_num", "234234"}, {"insurance.primary_group_number", "test 3"},
}

func form(f fields) body {
	values := url.Values{}
	for _, field := range f {
		values.Set(field[0], field[1])
	}
	return body{"application/x-www-form-urlencoded", []byte(values.Encode())}
}

func multipartForm(f fields) body {
	var data bytes.Buffer
	w := multipart.NewWriter(&data)
	for _, field := range f {
		_ = w.WriteField(field[0], field[1]) // a bytes.Buffer takes everything
	}
	_ = w.Close()
	return body{w.FormDataContentType(), data.Bytes()}
}

// pattern is the operation's pattern for net/http's ServeMux.
func (o operation) pattern() string {
	path := server.Prefix + o.Path
	if strings.HasSuffix(path, "/") {
		path += "{$}"
	}
	return o.Method + " " + path
}

// request returns the operation's request for one user.
func (o operation) request(ctx context.Context, address string, user int, token string) (*http.Request, error) {
	var b body
	if o.Body != nil {
		b = o.Body(user)
	}
	r, err := http.NewRequestWithContext(ctx, o.Method, "http://"+address+server.Prefix+o.Path, bytes.NewReader(b.Data))
	if err != nil {
		return nil, err
	}
	if b.Type != "" {
		r.Header.Set("Content-Type", b.Type)
	}
	r.Header.Set("X-AccountCode", "vclinic")
	if o.Partner {
		r.Header.Set("X-ApiKey", "vclinic_api_key")
		r.Header.Set("X-ApiSecret", "vclinic_api_secret")
	} else {
		r.Header.Set("X-ApiToken", token)
	}
	return r, nil
}

// send sends the request once, and returns the reply's body.
func (o operation) send(ctx context.Context, address string, user int, token string) (body, error) {
	r, err := o.request(ctx, address, user, token)
	if err != nil {
		return body{}, err
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return body{}, fmt.Errorf("%s: %w", o.Name, err)
	}
	defer reply.Body.Close()
	data, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("the status is %d, and must be 200: %s", reply.StatusCode, data)
	}
	if err != nil {
		return body{}, fmt.Errorf("%s: %w", o.Name, err)
	}
	return body{reply.Header.Get("Content-Type"), data}, nil
}

// signOn makes a user with a card, and returns its token.
func signOn(ctx context.Context, address string, user int) (string, error) {
	reply, err := operationNamed("form").send(ctx, address, user, "")
	if err != nil {
		return "", err
	}
	var signedOn struct {
		Data struct{ Token struct{ Token string } }
	}
	if err := json.Unmarshal(reply.Data, &signedOn); err != nil {
		return "", err
	}
	token := signedOn.Data.Token.Token
	_, err = operationNamed("update").send(ctx, address, user, token)
	return token, err
}

func operationNamed(name string) operation {
	for _, o := range operations {
		if o.Name == name {
			return o
		}
	}
	panic("there is no operation " + name)
}
