package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// Synthetic is the rule for data sent to a target that other people use too. Each of the fields may only have one of
// the values, or a text that matches the pattern. The rule applies to every spelling of a name and at every depth.
type Synthetic struct {
	Fields  []string       // last part of the names: subscriber_num stands for insurance.primary_subscriber_num, too
	Values  []string       // such as the data of the published sandbox patients
	Pattern *regexp.Regexp // nil for none
}

// madeUp matches the suite's own data: contract-…, an e-mail address in a reserved domain, one of the numbers that
// the North American numbering plan reserves for fiction, or an empty text.
var madeUp = regexp.MustCompile(
	`^((vsee-)?[Cc]ontract(-[A-Za-z0-9+-]+)?( Patient|@([a-z0-9-]+\.)*example\.(com|org|net))?|` +
		`\+1[2-9][0-9]{2}55501[0-9]{2})?$`)

// DefaultSynthetic returns the rule for a shared target. It permits the suite's own data and the given values, the data
// of the published sandbox patients.
func DefaultSynthetic(values ...string) Synthetic {
	return Synthetic{
		Fields: []string{
			"first_name", "last_name", "full_name", "username", "code", "email", "phone", "subscriber_num", "subscriber_number",
			"group_number",
			"guarantor_name", "guarantor_first_name", "guarantor_middle_name", "guarantor_last_name", "guarantor_address",
			"guarantor_address_2",
		},
		Values:  append([]string{"Patient"}, values...), // the last name of the suite's own patients
		Pattern: madeUp,
	}
}

// check returns an error that wraps ErrNotSynthetic if a request breaks the rule, or if its body cannot be read. The
// error does not quote a value.
func (s Synthetic) check(r *http.Request, body []byte) error {
	if err := s.checkForm(r.URL.RawQuery); err != nil || len(body) == 0 {
		return err
	}
	if r.Header.Get("Content-Encoding") != "" {
		return fmt.Errorf("%w: its body has a content encoding", ErrNotSynthetic)
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return fmt.Errorf("%w: its body has an unknown content type", ErrNotSynthetic)
	case mediaType == "application/x-www-form-urlencoded":
		return s.checkForm(string(body))
	case mediaType == "multipart/form-data":
		return s.checkMultipart(body, params["boundary"])
	case mediaType == "application/json":
		return s.checkJSON(body)
	}
	return fmt.Errorf("%w: its body has an unknown content type", ErrNotSynthetic)
}

// isField reports whether a name, in any spelling, means one of Fields.
func (s Synthetic) isField(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "__", ".")
	name = name[strings.LastIndexByte(name, '.')+1:]
	for _, card := range []string{"primary_", "secondary_"} {
		name = strings.TrimPrefix(name, card)
	}
	return slices.Contains(s.Fields, name)
}

// checkValue returns an error if a field may not have a value.
func (s Synthetic) checkValue(name, value string) error {
	if slices.Contains(s.Values, value) || s.Pattern != nil && s.Pattern.MatchString(value) {
		return nil
	}
	return fmt.Errorf("%w: in the field %s", ErrNotSynthetic, name)
}

// checkField checks a field of a form. Its value may be JSON, which is checked, too.
func (s Synthetic) checkField(name, value string) error {
	if s.isField(name) {
		return s.checkValue(s.fieldName(name), value)
	}
	if text := strings.TrimSpace(value); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return s.checkJSON([]byte(value))
	}
	return nil
}

// fieldName returns the entry of Fields for a name. Errors quote it and not the name, which may hold a value.
func (s Synthetic) fieldName(name string) string {
	for _, field := range s.Fields {
		if strings.HasSuffix(strings.ToLower(name), field) {
			return field
		}
	}
	return ""
}

func (s Synthetic) checkForm(text string) error {
	fields, err := url.ParseQuery(text)
	if err != nil {
		return fmt.Errorf("%w: its form cannot be read", ErrNotSynthetic)
	}
	for name, values := range fields {
		for _, value := range values {
			if err := s.checkField(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Synthetic) checkMultipart(body []byte, boundary string) error {
	unreadable := fmt.Errorf("%w: its form cannot be read", ErrNotSynthetic)
	// A form may hide data before its first part and after its last one: refuse it.
	text := strings.TrimSpace(string(body))
	if boundary == "" || !strings.HasPrefix(text, "--"+boundary) || !strings.HasSuffix(text, "--"+boundary+"--") {
		return unreadable
	}
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable
		}
		if part.FileName() != "" {
			return fmt.Errorf("%w: it has a file, and files are not checked", ErrNotSynthetic)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return unreadable
		}
		if err := s.checkField(part.FormName(), string(value)); err != nil {
			return err
		}
	}
}

// checkJSON checks every member of a JSON text, also the earlier ones of duplicate names.
func (s Synthetic) checkJSON(body []byte) error {
	v, err := jsonscan.Parse(body, jsonscan.MaxDepth, jsonscan.Loose)
	if err != nil {
		return fmt.Errorf("%w: its JSON cannot be read", ErrNotSynthetic)
	}
	return s.member(v, "")
}

// member checks a value. field is the entry of Fields around it, "" for none.
func (s Synthetic) member(v jsonscan.Value, field string) error {
	switch {
	case field == "":
	case v.Kind == jsonscan.String:
		return s.checkValue(field, v.Text)
	case v.Kind == jsonscan.Number:
		return s.checkValue(field, string(v.Raw))
	}
	for _, item := range v.Items {
		if err := s.member(item, field); err != nil {
			return err
		}
	}
	for _, m := range v.Members {
		under := field
		if s.isField(m.Name) {
			under = s.fieldName(m.Name)
		}
		if err := s.member(m.Value, under); err != nil {
			return err
		}
	}
	return nil
}
