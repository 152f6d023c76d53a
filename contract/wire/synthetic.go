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

// Synthetic is what may be sent to a target that others use too: in each of the fields, in whichever spelling and
// however deep, one of the values, or a text that the pattern matches.
type Synthetic struct {
	Fields  []string // names, without what is around them: subscriber_num is insurance.primary_subscriber_num too
	Values  []string // such as what the published sandbox patients have in these fields
	Pattern *regexp.Regexp
}

// ours matches what the suite makes up: contract-…, an e-mail address of a domain that belongs to nobody, or nothing.
var ours = regexp.MustCompile(`^((vsee-)?[Cc]ontract(-[a-z0-9-]+)?(@([a-z0-9-]+\.)*example\.(com|org|net))?)?$`)

// DefaultSynthetic returns the rule for a shared target: what the suite makes up may be sent, and the values given,
// which are those of the published sandbox patients.
func DefaultSynthetic(values ...string) Synthetic {
	return Synthetic{
		Fields: []string{
			"first_name", "last_name", "full_name", "username", "code", "email", "phone", "subscriber_num", "subscriber_number", "group_number",
			"guarantor_name", "guarantor_first_name", "guarantor_middle_name", "guarantor_last_name", "guarantor_address", "guarantor_address_2",
		},
		Values:  append([]string{"Patient"}, values...), // as the suite's own patients are called
		Pattern: ours,
	}
}

// check returns an error that is ErrNotSynthetic when a request holds what may not be sent, or cannot be looked into.
func (s Synthetic) check(r *http.Request, body []byte) error {
	if err := s.pairs(r.URL.RawQuery); err != nil || len(body) == 0 {
		return err
	}
	if r.Header.Get("Content-Encoding") != "" {
		return fmt.Errorf("%w: its body is encoded", ErrNotSynthetic)
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return fmt.Errorf("%w: its body is of no known kind", ErrNotSynthetic)
	case mediaType == "application/x-www-form-urlencoded":
		return s.pairs(string(body))
	case mediaType == "multipart/form-data":
		return s.parts(body, params["boundary"])
	case mediaType == "application/json":
		return s.json(body)
	}
	return fmt.Errorf("%w: its body is of no known kind", ErrNotSynthetic)
}

// named reports whether the name of a field, in any of its spellings, is one of those that are looked at.
func (s Synthetic) named(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "__", ".")
	name = name[strings.LastIndexByte(name, '.')+1:]
	for _, card := range []string{"primary_", "secondary_"} {
		name = strings.TrimPrefix(name, card)
	}
	return slices.Contains(s.Fields, name)
}

// value returns an error when a value may not stand in a field.
func (s Synthetic) value(name, value string) error {
	if slices.Contains(s.Values, value) || s.Pattern != nil && s.Pattern.MatchString(value) {
		return nil
	}
	return fmt.Errorf("%w: in a field %s", ErrNotSynthetic, name)
}

// field checks a field of a form, whose value may be JSON.
func (s Synthetic) field(name, value string) error {
	if s.named(name) {
		return s.value(s.word(name), value)
	}
	if text := strings.TrimSpace(value); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return s.json([]byte(value))
	}
	return nil
}

// word returns the name among Fields that a field has.
func (s Synthetic) word(name string) string {
	for _, field := range s.Fields {
		if strings.HasSuffix(strings.ToLower(name), field) {
			return field
		}
	}
	return ""
}

func (s Synthetic) pairs(text string) error {
	fields, err := url.ParseQuery(text)
	if err != nil {
		return fmt.Errorf("%w: a form that cannot be read", ErrNotSynthetic)
	}
	for name, values := range fields {
		for _, value := range values {
			if err := s.field(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Synthetic) parts(body []byte, boundary string) error {
	unreadable := fmt.Errorf("%w: a form that cannot be read", ErrNotSynthetic)
	text := strings.TrimSpace(string(body)) // before the first part and after the last a form may have what nobody reads
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
			return fmt.Errorf("%w: a file, which cannot be looked into", ErrNotSynthetic)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return unreadable
		}
		if err := s.field(part.FormName(), string(value)); err != nil {
			return err
		}
	}
}

// json looks at every member, those included that stand twice under one name.
func (s Synthetic) json(body []byte) error {
	v, err := jsonscan.Parse(body, jsonscan.MaxDepth, jsonscan.Loose)
	if err != nil {
		return fmt.Errorf("%w: JSON that cannot be read", ErrNotSynthetic)
	}
	return s.member(v, "")
}

// member checks a value. field is the member of Fields that it stands under, "" for none.
func (s Synthetic) member(v jsonscan.Value, field string) error {
	switch {
	case field == "":
	case v.Kind == jsonscan.String:
		return s.value(field, v.Text)
	case v.Kind == jsonscan.Number:
		return s.value(field, string(v.Raw))
	}
	for _, item := range v.Items {
		if err := s.member(item, field); err != nil {
			return err
		}
	}
	for _, m := range v.Members {
		under := field
		if s.named(m.Name) {
			under = s.word(m.Name)
		}
		if err := s.member(m.Value, under); err != nil {
			return err
		}
	}
	return nil
}
