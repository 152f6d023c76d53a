package document_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// An operation may grade only its own fields one by one.
func TestGradedFieldsAreFieldsOfTheRequest(t *testing.T) {
	t.Parallel()
	d, graded := load(t), 0
	for path, item := range spec(t).Paths.Map() {
		if item.Post == nil || item.Post.RequestBody == nil {
			continue
		}
		op, _, err := d.Find("POST", path)
		if err != nil {
			t.Fatal(err)
		}
		entries, _ := item.Post.RequestBody.Value.Extensions["x-field-evidence"].([]any)
		for _, e := range entries {
			entry, _ := e.(map[string]any)
			grade, _ := entry["x-evidence"].(string)
			if source, _ := entry["x-source"].(string); !slices.Contains(grades, grade) || source == "" {
				t.Errorf("%s has fields with the evidence %q from %q", op.ID, grade, source)
			}
			names, _ := entry["fields"].([]any)
			for _, field := range names {
				name := fmt.Sprint(field)
				within := func(place string) bool { return place == name || strings.HasPrefix(place, name+".") }
				if !op.Body.IsFile(name) && !op.Body.IsGroup(name) && !slices.ContainsFunc(op.Body.Places(), within) {
					t.Errorf("%s grades %s, which it does not take", op.ID, name)
				}
				graded++
			}
		}
	}
	if graded == 0 {
		t.Error("no field of a request is graded")
	}
}

func TestAReplyWithAnotherValidPartIsValid(t *testing.T) {
	t.Parallel()
	const (
		part  = `"user_id":"132407","token":"0123456789abcdef0123456789abcdef","expiry":1600000000,"created":1500000000`
		valid = `{` + part + `,"user_type":"200","refresh_token":{` + part + `}}`
	)
	op := load(t).Operation("signOn")
	isToken := op.ReplyPart("data", "token")
	media := spec(t).Paths.Value("/users/sso").Post.Responses.Value("200").Value.Content.Get("application/json")
	example, err := json.Marshal(media.Example)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{
		valid, `{}`, `null`, `[]`, `""`, valid + `}`, strings.Replace(valid, `"expiry":1`, `"expiry":"1`, 1),
		strings.Replace(valid, `"user_type":"200",`, ``, 1), strings.Replace(valid, `{`, `{"more":1,`, 1),
	} {
		var reply struct {
			Data map[string]json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(example, &reply); err != nil {
			t.Fatal(err)
		}
		reply.Data["token"] = json.RawMessage(token)
		body, _ := json.Marshal(reply) // empty for a text that is not JSON, which is not valid either
		whole := op.CheckReply(200, "application/json", body) == nil
		if got := isToken([]byte(token)); got != whole || got != (token == valid) {
			t.Errorf("%s is valid: %t; the reply with it: %t", token, got, whole)
		}
	}
	for _, place := range [][]string{{"data", "shoe_size"}, {"data", "id", "digits"}} {
		if op.ReplyPart(place...)([]byte(valid)) {
			t.Errorf("%q is no part, and has a valid value", place)
		}
	}
}
