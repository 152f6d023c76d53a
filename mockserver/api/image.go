package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// imageTypes are the types an image may have. SVG is not among them: it can hold scripts.
func imageTypes() []string { return []string{"image/png", "image/jpeg", "image/gif", "image/webp"} }

// addImage adds an image sent as a file. Its type follows from its bytes, whatever the part says. An empty text in
// its place removes the image.
func (f *fields) addImage(name string, file bool, data []byte) error {
	image := clinic.Image{Type: http.DetectContentType(data), Data: data}
	refuse := func(rule string) error { return &document.Violation{Field: name, Rule: rule} }
	_, twice := f.files[name]
	_, asText := f.values[name]
	switch {
	case twice || asText:
		return refuse("is sent more than once")
	case !file && len(data) > 0:
		return refuse("must be a file, not text")
	case len(data) > clinic.MaxImage:
		return refuse(fmt.Sprintf("must be at most %d bytes", clinic.MaxImage))
	case file && !slices.Contains(imageTypes(), image.Type):
		return refuse("must be a PNG, JPEG, GIF or WebP image")
	}
	f.files[name] = image
	f.count(name)
	return nil
}

// image returns the image sent at a place, nil for none.
func (f *fields) image(place string) *clinic.Image {
	if image, sent := f.files[place]; sent {
		return &image
	}
	return nil
}

// GetFile serves the image of a card.
func (handlers) GetFile(ctx context.Context, c call) (reply, error) {
	file, err := c.clinic.File(ctx, c.token, c.params["file_id"])
	header := http.Header{"X-Content-Type-Options": {"nosniff"}}
	return reply{header: header, media: file.Type, body: file.Data}, err
}
