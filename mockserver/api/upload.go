package api

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// plainType is the type of a file that a browser is not to show. No page and no script may run on the mock's origin.
const plainType = "application/octet-stream"

// shownTypes are the other types of files. SVG is not among them: it can hold scripts.
func shownTypes() []string {
	return []string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}
}

// maxFileName is the number of characters of a file's name (ours).
const maxFileName = 255

// addFile adds a file. Its type follows from its bytes, whatever the part says. An empty text in the place of an image
// removes the image.
func (f *fields) addFile(place string, parameters map[string]string, data []byte) error {
	sent, file := parameters["filename"]
	upload := clinic.Upload{Type: http.DetectContentType(data), Data: data}
	if !slices.Contains(shownTypes(), upload.Type) {
		upload.Type = plainType
	}
	upload.Name = fileName(sent, upload.Type)
	refuse := func(rule string) error { return &document.Violation{Field: place, Rule: rule} }
	_, twice := f.files[place]
	_, asText := f.values[place]
	types, rule := f.body.FileTypes(place)
	switch {
	case twice || asText:
		return refuse("is sent more than once")
	case !file && len(data) > 0:
		return refuse("must be a file, not text")
	case len(data) > clinic.MaxFile:
		return refuse(fmt.Sprintf("must be at most %d bytes", clinic.MaxFile))
	case file && types != nil && !slices.Contains(types, upload.Type):
		return refuse(rule)
	case !utf8.ValidString(sent):
		return refuse("must have a name in UTF-8")
	case utf8.RuneCountInString(upload.Name) > maxFileName:
		return refuse(fmt.Sprintf("must have a name of at most %d characters", maxFileName))
	}
	f.files[place] = upload
	f.count(place)
	return nil
}

// upload returns the file sent at a place, nil for none.
func (f *fields) upload(place string) *clinic.Upload {
	file, sent := f.files[place]
	if !sent {
		return nil
	}
	return new(file)
}

// fileName returns a file's name from the one sent: without the folders that some browsers send, and without control
// characters. Without a name, it is made from the media type (ours).
func fileName(sent, media string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, sent[strings.LastIndexAny(sent, `/\`)+1:])
	name = strings.TrimSpace(name)
	if strings.Trim(name, ".") != "" {
		return name
	}
	if _, kind, _ := strings.Cut(media, "/"); media != plainType {
		return "file." + kind
	}
	return "file"
}

// extension returns the part of a file's name behind the last dot, in lower case; "" for none.
func extension(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// disposition returns the Content-Disposition of a file (ours). A browser saves a file that it cannot show safely.
func disposition(file clinic.File) string {
	kind := "inline"
	if file.Type == plainType {
		kind = "attachment"
	}
	return mime.FormatMediaType(kind, map[string]string{"filename": file.Name})
}
