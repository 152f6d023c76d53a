package ui

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// newest asks for one item of a list.
var newest = controlapi.PageRequest{Limit: 1}

// firstRoom is the code of the room with which a clinic starts.
const firstRoom = "vclinicroom"

// makers are the operations that make a thing, with the parameter for its id in other operations.
var makers = map[string]string{"uploadFile": "file_id", "createIntake": "intake_id"}

// knownValues returns values of parameters that exist in the clinic: the newest ones.
func (c *call) knownValues(one controlapi.Clinic) (map[string]string, error) {
	values := map[string]string{"code": one.AccountCode, "id": "-", "card": "primary", "carrier_code": carrierOf(one),
		"room_code": firstRoom} // - is the owner of the token
	users, err := c.client.ListUsers(c.Context(), c.account, controlapi.PageRequest{Limit: maxChoices})
	if err != nil {
		return nil, err
	}
	for _, user := range slices.Backward(users.Data) {
		switch {
		case user.Type == 200:
			values["id"], values["member_id"] = user.ID, user.ID
		case user.Type == 400 && len(user.Rooms) > 0:
			values["provider_id"], values["room_code"] = user.ID, user.Rooms[0]
		}
	}
	made, err := c.client.ListJournal(c.Context(), c.account, controlapi.PageRequest{Limit: 500})
	if err != nil {
		return nil, err
	}
	for _, x := range slices.Backward(made.Data) {
		var reply struct {
			Data struct{ ID string }
		}
		name := makers[x.Operation]
		if name != "" && x.Status == http.StatusOK && json.Unmarshal([]byte(x.Reply.Body), &reply) == nil {
			values[name] = reply.Data.ID
		}
	}
	visits, err := c.client.ListVisits(c.Context(), c.account, newest)
	if err != nil {
		return nil, err
	}
	for _, visit := range visits.Data {
		values["visit_id"], values["intake_id"], values["room_code"] = visit.ID, visit.IntakeID, visit.RoomCode
	}
	claims, err := c.client.ListClaims(c.Context(), c.account, newest)
	for _, claim := range claims.Data {
		values["claim_id"] = claim.ID
	}
	return values, err
}

// command returns a request of an operation as a curl, and the parameters in it whose values the clinic lacks. The
// credentials are the admin's token, and the clinic's key and secret.
func command(o apispec.Operation, one controlapi.Clinic, values map[string]string, token, key, secret string) (
	text string, missing []string,
) {
	value := func(name string, example any) string {
		if known := values[name]; known != "" {
			return known
		}
		missing = append(missing, name)
		return fmt.Sprint(example)
	}
	path, query := o.Path, url.Values{}
	for _, p := range o.Declared.Parameters {
		switch {
		case p.Value.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", url.PathEscape(value(p.Value.Name, p.Value.Example)))
		case p.Value.Required, p.Value.In == "query" && p.Value.Example != nil && values[p.Value.Name] != "":
			query.Set(p.Value.Name, value(p.Value.Name, p.Value.Example))
		}
	}
	address := one.BaseURL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	lines := []string{"curl " + quote(address)}
	if o.Method != http.MethodGet {
		lines[0] = "curl --request " + o.Method + " " + quote(address)
	}
	sent := map[string]string{"ApiToken": token, "AccountCode": one.AccountCode, "ApiKey": key, "ApiSecret": secret}
	for _, name := range credentialsOf(o) {
		header := embedded.Spec().Document.Components.SecuritySchemes[name].Value.Name
		lines = append(lines, "--header "+quote(header+": "+sent[name]))
	}
	if o.TakesBody() {
		flags, unknown := formOf(o, values)
		lines, missing = append(lines, flags...), append(missing, unknown...)
	}
	return strings.Join(lines, " \\\n  "), missing
}

// credentialsOf returns the names of the headers that authenticate a request: of the first way that has headers alone.
func credentialsOf(o apispec.Operation) []string {
	schemes := embedded.Spec().Document.Components.SecuritySchemes
	ways := embedded.Spec().Document.Security
	if o.Declared.Security != nil {
		ways = *o.Declared.Security
	}
	for _, way := range ways {
		names := slices.Sorted(maps.Keys(way))
		elsewhere := func(name string) bool { return schemes[name].Value.In != openapi3.ParameterInHeader }
		if !slices.ContainsFunc(names, elsewhere) {
			return names
		}
	}
	return nil
}

// formOf returns the flags of curl for the example of a form, with the clinic's values in it, and the ids that the
// clinic lacks. A form with a file is multipart/form-data.
func formOf(o apispec.Operation, values map[string]string) (flags, missing []string) {
	content := o.Declared.RequestBody.Value.Content
	media, flag := content.Get("application/x-www-form-urlencoded"), "--data-urlencode "
	files := content.Get("multipart/form-data")
	example, _ := files.Example.(map[string]any)
	isFile := func(name string) bool {
		p := apispec.Properties(files.Schema.Value)[name]
		return p != nil && p.Value.Format == "binary"
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(example)), isFile) {
		flag = "--form "
	} else {
		example, _ = media.Example.(map[string]any)
	}
	for _, name := range slices.Sorted(maps.Keys(example)) {
		text := fmt.Sprint(example[name])
		if number, ok := example[name].(float64); ok {
			text = strconv.FormatFloat(number, 'f', -1, 64)
		}
		known := map[string]string{"id": "visit_id", "code": ""} // of a form: a visit's id, and a new user's code
		of, renamed := known[name]
		if !renamed {
			of = name
		}
		if text = cmp.Or(values[of], text); strings.HasSuffix(of, "_id") && values[of] == "" {
			missing = append(missing, of)
		}
		if isFile(name) {
			text += ";filename=example.txt"
		}
		flags = append(flags, flag+quote(name+"="+text))
	}
	return flags, missing
}

// revealCommand answers with the command of an operation, the credentials filled in.
func (c *call) revealCommand(one controlapi.Clinic) (answer, error) {
	o, ok := embedded.Spec().Operation(c.PostFormValue("id"))
	if !ok {
		return failure(http.StatusNotFound, "The API has no operation of this name."), nil
	}
	values, err := c.knownValues(one)
	text, _ := command(o, one, values, one.AdminToken, one.APIKey, one.APISecret)
	return answer{text: text}, err
}
