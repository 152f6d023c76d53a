package mutant

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var dateForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// field edits one field of a request: it returns the new value, and whether to keep the field. The name is that of the
// ledger of openapi.yaml, as in insurance.primary.carrier_code, whichever its spelling is. JSON has no spelling.
type field func(name, spelled string, value any) (any, bool)

// encoding is the media type of a body, and the boundary of a form with parts.
func (c call) encoding() (mediaType, boundary string) {
	mediaType, params, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	return mediaType, params["boundary"]
}

// edit applies f to each field of the body. A body that cannot be read stays as it is.
func (c call) edit(f field) call {
	media, boundary := c.encoding()
	var body []byte
	ok := false
	switch media {
	case "application/json":
		var value any
		if ok = decode(c.body, &value); ok {
			before := encode(value)
			if body = encode(inObject("", value, f)); bytes.Equal(before, body) {
				return c
			}
		}
	case "application/x-www-form-urlencoded":
		body, ok = inForm(c.body, f)
	case "multipart/form-data":
		body, ok = inParts(c.body, boundary, f)
	}
	if ok {
		c.body = body
	}
	return c
}

// fields are the names of the fields in the body.
func (c call) fields() (names []string) {
	c.edit(func(name, _ string, value any) (any, bool) {
		names = append(names, name)
		return value, true
	})
	return names
}

// isSpelled reports whether the body has a name with a spelling.
func (c call) isSpelled(spelling string) (is bool) {
	c.edit(func(_, spelled string, value any) (any, bool) {
		is = is || spelled == spelling
		return value, true
	})
	return is
}

// has reports whether the body has a field with a value, and returns it as a text.
func (c call) has(field string) (text string, has bool) {
	c.edit(func(name, _ string, value any) (any, bool) {
		if name == field && value != nil && value != "" {
			text, has = strings.Trim(string(encode(value)), `"`), true
		}
		return value, true
	})
	return text, has
}

func inObject(at string, value any, f field) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			path := strings.TrimPrefix(at+"."+name, ".")
			switch member.(type) {
			case map[string]any, []any:
				value[name] = inObject(path, member, f)
				continue
			}
			if changed, keep := f(canonical(path), "", member); keep {
				value[name] = changed
			} else {
				delete(value, name)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = inObject(at, item, f)
		}
	default:
		if changed, keep := f(canonical(at), "", value); keep {
			return changed
		}
		return nil
	}
	return value
}

// inField applies f to a field of a form; the text of the field may be a JSON object.
func inField(name, text string, f field) (string, bool) {
	var value any
	if strings.HasPrefix(strings.TrimSpace(text), "{") && decode([]byte(text), &value) {
		before := string(encode(value))
		if after := string(encode(inObject(canonical(name), value, f))); after != before {
			return after, true
		}
		return text, true
	}
	changed, keep := f(canonical(name), spelling(name), text)
	s, isText := changed.(string)
	if !isText {
		s = string(encode(changed))
	}
	return s, keep
}

func inForm(body []byte, f field) ([]byte, bool) {
	var pairs []string
	for pair := range strings.SplitSeq(string(body), "&") {
		name, text, _ := strings.Cut(pair, "=")
		plainName, err := url.QueryUnescape(name)
		plainText, err2 := url.QueryUnescape(text)
		if err != nil || err2 != nil {
			return nil, false
		}
		switch changed, keep := inField(plainName, plainText, f); {
		case keep && changed == plainText:
			pairs = append(pairs, pair)
		case keep:
			pairs = append(pairs, name+"="+url.QueryEscape(changed))
		}
	}
	return []byte(strings.Join(pairs, "&")), true
}

func inParts(body []byte, boundary string, f field) ([]byte, bool) {
	if boundary == "" {
		return nil, false
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if w.SetBoundary(boundary) != nil {
		return nil, false
	}
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	unchanged := true
	for {
		part, err := form.NextRawPart()
		if err != nil {
			_ = w.Close()
			if unchanged {
				return body, err == io.EOF //nolint:errorlint // as the package documents
			}
			return out.Bytes(), err == io.EOF //nolint:errorlint // as the package documents
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, false
		}
		changed, keep := inField(part.FormName(), string(text), f)
		unchanged = unchanged && keep && changed == string(text)
		if keep {
			to, _ := w.CreatePart(part.Header)
			_, _ = io.WriteString(to, changed) // into memory
		}
	}
}

var (
	indexed = regexp.MustCompile(`\.?\[?\b[0-9]+\b\]?`)
	aliases = map[string]string{
		"insurance.respparty": "insurance.patient.respparty", "insurance.carrier_code": "insurance.primary.carrier_code",
		"insurance.group_number":   "insurance.primary.group_number",
		"insurance.subscriber_num": "insurance.primary.subscriber_num",
		"subscriber_num":           "subscriber_number", "insurances.subscriber_num": "insurances.subscriber_number",
	}
)

// canonical returns the ledger's name of a field in any spelling.
func canonical(name string) string {
	name = strings.ReplaceAll(name, "__", ".")
	name = indexed.ReplaceAllString(name, "")
	name = strings.NewReplacer("][", ".", "[", ".", "]", "").Replace(name)
	name = strings.NewReplacer(".primary_", ".primary.", ".secondary_", ".secondary.").Replace(name)
	if other, is := aliases[name]; is {
		return other
	}
	return name
}

// spellings are those of nested names in forms. The last is that of the guide: insurance.primary_carrier_code.
var spellings = []string{"dots", "underscores", "brackets", "card_"}

// spelling is the spelling of a name in a form, "" for a name that is not nested.
func spelling(name string) string {
	switch {
	case strings.Contains(name, "__"):
		return "underscores"
	case strings.ContainsRune(name, '['):
		return "brackets"
	case strings.Contains(name, "primary_"), strings.Contains(name, "secondary_"):
		return "card_"
	case strings.Contains(name, "."):
		return "dots"
	}
	return ""
}

// add adds a field to the body, in its encoding. A body without one gets a form.
func (c call) add(name, text string) call {
	switch media, boundary := c.encoding(); media {
	case "application/json":
		c.body = edited(c.body, strings.Split(name, "."), func(in map[string]any, last string) { in[last] = text })
	case "multipart/form-data":
		end := []byte("--" + boundary + "--")
		part := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n"
		c.body = bytes.Replace(c.body, end, append([]byte(part), end...), 1)
	case "application/x-www-form-urlencoded":
		c.body = append(slices.Clone(c.body), "&"+url.QueryEscape(name)+"="+url.QueryEscape(text)...)
	}
	return c
}
